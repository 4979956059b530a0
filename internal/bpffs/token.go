package bpffs

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

// tokenVar names the directory of a BPF file system that delegates rights to those who load
// programs. Loaders that use libbpf read it, too.
const tokenVar = "LIBBPF_BPF_TOKEN_PATH"

// defaultDir is where BPF file systems are mounted usually.
const defaultDir = "/sys/fs/bpf"

// TokenPath returns the directory that [FindToken] looks at, and whether the user named it. It is
// empty if there shall be no token.
func TokenPath() (dir string, named bool) {
	if dir, named = os.LookupEnv(tokenVar); named {
		return dir, true
	}
	return defaultDir, false
}

// FindToken makes a token of what the directory of [TokenPath] delegates, and reports whether there
// is one. That there is none is an error only if the user named the directory. The token belongs
// to the caller.
func FindToken() (token bpf.FD, ok bool, err error) {
	dir, named := TokenPath()
	if dir == "" {
		return 0, false, nil
	}
	token, err = tokenOf(dir)
	switch {
	case err == nil:
		return token, true, nil
	case named:
		return 0, false, fmt.Errorf("BPF token of %s: %w", dir, err)
	}
	return 0, false, nil
}

func tokenOf(dir string) (bpf.FD, error) {
	root, err := unix.Open(dir, unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, bpf.Errno(err.(unix.Errno))
	}
	defer unix.Close(root)
	return bpf.CreateToken(root)
}

// A Delegation is what a BPF file system lets those do who make a token of it.
type Delegation struct {
	Dir     string // where it is mounted
	Cmds    Allowed
	Maps    Allowed // types
	Progs   Allowed // types
	Attachs Allowed // types
}

// Allowed is a set of commands or types: the kernel's words, or "any", or a mask such as 0x300 for
// what has no word. It is nil if there is nothing in it.
type Allowed []string

// Has reports whether a command or type, by its word and number, is in the set.
func (a Allowed) Has(word string, number uint32) bool {
	return slices.ContainsFunc(a, func(w string) bool {
		mask, err := strconv.ParseUint(w, 0, 64)
		return w == "any" || w == word || err == nil && mask>>number&1 != 0
	})
}

// Delegations returns what the BPF file systems that this process sees delegate, without those that
// delegate nothing. Where several are mounted on one directory it is that on top.
func Delegations() []Delegation {
	text, err := os.ReadFile("/proc/mounts")
	if err != nil {
		return nil
	}
	return delegations(string(text))
}

// delegations reads a table of mounts.
func delegations(table string) (list []Delegation) {
	for line := range strings.Lines(table) {
		fields := strings.Split(line, " ")
		if len(fields) < 4 {
			continue
		}
		d := Delegation{Dir: unescape.Replace(fields[1])}
		list = slices.DeleteFunc(list, func(below Delegation) bool { return below.Dir == d.Dir })
		if fields[2] == "bpf" && d.read(fields[3]) {
			list = append(list, d)
		}
	}
	return list
}

// read reads the options of a mount, and reports whether one delegates something.
//
// Source: bpf_show_options in kernel/bpf/inode.c.
func (d *Delegation) read(options string) (found bool) {
	sets := map[string]*Allowed{"delegate_cmds": &d.Cmds, "delegate_maps": &d.Maps, "delegate_progs": &d.Progs, "delegate_attachs": &d.Attachs}
	for option := range strings.SplitSeq(options, ",") {
		name, value, _ := strings.Cut(option, "=")
		if set := sets[name]; set != nil {
			*set, found = strings.Split(value, ":"), true
		}
	}
	return found
}

// String returns the words with a colon between them, as they are options of mounts.
func (a Allowed) String() string { return strings.Join(a, ":") }
