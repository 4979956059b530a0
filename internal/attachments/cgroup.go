package attachments

import (
	"bufio"
	"errors"
	"fmt"
	iofs "io/fs"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A Cgroup is a cgroup of version 2.
type Cgroup struct {
	Path        string           `json:"cgroup"`
	ID          uint64           `json:"cgroup_id"`
	AttachType  names.AttachType `json:"attach_type"`
	AttachFlags Flags            `json:"attach_flags"`
	Position    int              `json:"position"` // in the order in which they run, from 0
}

// Plain implements [Place].
func (c *Cgroup) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "  %s  attach_type %s", c.Path, c.AttachType)
	if c.AttachFlags != 0 {
		fmt.Fprintf(w, "  attach_flags %s", c.AttachFlags)
	}
}

// Flags are how programs are attached to a cgroup: a list of words in JSON.
type Flags uint32

// flagWords are bits of BPF_F_* of include/uapi/linux/bpf.h.
var flagWords = []struct {
	bit  Flags
	word string
}{{1, "override"}, {2, "multi"}, {64, "preorder"}}

// String returns the words, separated by commas. Bits without a word follow as a number.
func (f Flags) String() string { return strings.Join(f.words(), ",") }

func (f Flags) words() []string {
	list := []string{}
	for _, w := range flagWords {
		if f&w.bit != 0 {
			list = append(list, w.word)
			f &^= w.bit
		}
	}
	if f != 0 {
		list = append(list, fmt.Sprintf("0x%x", uint32(f)))
	}
	return list
}

// MarshalText implements [encoding.TextMarshaler].
func (f Flags) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// cgroupTypes returns the attach types of cgroups.
func cgroupTypes() []names.AttachType {
	var list []names.AttachType
	for t := range names.AttachType(256) {
		if word := t.String(); strings.HasPrefix(word, "cgroup_") || word == "lsm_cgroup" {
			list = append(list, t)
		}
	}
	return list
}

// cgroupProgs are the types of programs that attach to cgroups.
var cgroupProgs = []string{
	"cgroup_skb", "cgroup_sock", "cgroup_device", "cgroup_sock_addr", "cgroup_sysctl", "cgroup_sockopt", "sock_ops", "lsm",
}

// cgroups looks through the cgroups of version 2 that are mounted here.
func (f *finder) cgroups() error {
	types := cgroupTypes()
	seen := make(map[uint64]bool)
	for _, root := range bpffs.MountsOf("cgroup2") {
		err := filepath.WalkDir(root, func(path string, d iofs.DirEntry, err error) error {
			switch {
			case err != nil && !gone(err):
				f.missed("cgroup "+path, err, cgroupProgs...)
				return nil
			case err != nil || !d.IsDir():
				return nil
			}
			var st unix.Stat_t
			if unix.Stat(path, &st) != nil {
				return nil
			}
			if seen[st.Ino] { // by way of another mount
				return nil
			}
			seen[st.Ino] = true
			types = f.cgroup(path, st.Ino, types)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// cgroup looks through one cgroup, and returns which attach types the kernel knows.
func (f *finder) cgroup(path string, id uint64, types []names.AttachType) []names.AttachType {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		if !gone(err) {
			f.missed("cgroup "+path, err, cgroupProgs...)
		}
		return types
	}
	defer unix.Close(fd)
	unknown := func(typ names.AttachType) bool {
		list, flags, err := bpf.Query(uint32(fd), uint32(typ))
		switch {
		case errors.Is(err, unix.EINVAL), errors.Is(err, unix.EOPNOTSUPP):
			return true // it has no such programs
		case err != nil && !gone(err):
			f.missed("programs of cgroups", err, cgroupProgs...)
			return true // as it will be with the next
		}
		for i, p := range list {
			at := &Cgroup{path, id, typ, Flags(flags | p.Flags), i}
			link := f.claim(p.ProgID, func(l *bpf.LinkInfo) bool {
				return l.Cgroup != nil && l.Cgroup.CgroupID == id && l.Cgroup.AttachType == uint32(typ)
			})
			f.add(CgroupKind, p.ProgID, link, at)
		}
		return false
	}
	return slices.DeleteFunc(types, unknown)
}
