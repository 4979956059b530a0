package pick

import (
	"encoding/hex"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
)

// Progs reads a program selector and opens the programs that it names, at least
// one. They are the caller's to close.
func Progs(a *args.Args) ([]bpf.FD, error) {
	switch {
	case a.Is("id"):
		return one(byID(a, bpf.ReadOnly, bpf.Prog, "get by id (%d)"))
	case a.Is("tag"):
		return progsByTag(a)
	case a.Is("name"):
		return progsByName(a)
	case a.Is("pinned"):
		return one(pinned(a, bpf.ReadOnly, bpf.Prog))
	}
	return nil, args.Errorf("expected 'id', 'tag', 'name' or 'pinned', got: '%s'?", a.Peek())
}

// Prog reads a program selector and opens the one program that it names. It is
// the caller's to close.
func Prog(a *args.Args) (bpf.FD, error) {
	fds, err := Progs(a)
	return only(bpf.Prog, fds, err)
}

func one(fd bpf.FD, err error) ([]bpf.FD, error) {
	if err != nil {
		return nil, err
	}
	return []bpf.FD{fd}, nil
}

// maxProgName is the longest name that a function can have in BTF: KSYM_NAME_LEN
// of older kernels, without the NUL byte.
const maxProgName = 127

func progsByName(a *args.Args) ([]bpf.FD, error) {
	name, err := a.Next(1)
	if err != nil {
		return nil, err
	}
	if len(name) > maxProgName {
		return nil, args.Errorf("can't parse name")
	}
	return matching(bpf.ReadOnly, bpf.Prog, "name", name, func(fd bpf.FD) (uint32, bool, error) {
		info, _, err := ProgInfo(fd)
		return info.ID, err == nil && ProgName(fd, &info) == name, err
	})
}

func progsByTag(a *args.Args) ([]bpf.FD, error) {
	text, err := a.Next(1)
	if err != nil {
		return nil, err
	}
	var tag [8]byte
	if _, err := hex.Decode(tag[:], []byte(text[:min(len(text), 16)])); err != nil || len(text) < 16 {
		return nil, args.Errorf("can't parse tag")
	}
	return matching(bpf.ReadOnly, bpf.Prog, "tag", text, func(fd bpf.FD) (uint32, bool, error) {
		info, _, err := ProgInfo(fd)
		return info.ID, info.Tag == tag, err
	})
}

// ProgInfo asks the kernel about the program behind fd.
//
// A program is orphaned if it was offloaded to a network device that is gone.
// The kernel then tells no more about it than procfs does.
func ProgInfo(fd bpf.FD) (info bpf.ProgInfo, orphaned bool, err error) {
	info, err = bpf.ReadProgInfo(fd)
	switch {
	case errors.Is(err, unix.ENODEV):
		return orphan(bpf.ReadFDInfo(fd)), true, nil
	case err != nil:
		return info, false, fmt.Errorf("can't get prog info: %w", err)
	}
	return info, false, nil
}

// orphan is what procfs tells about a program.
func orphan(fd bpf.FDInfo) (info bpf.ProgInfo) {
	id, _ := fd.Uint("prog_id")
	typ, _ := fd.Uint("prog_type")
	info.ID, info.Type = uint32(id), uint32(typ)
	if _, err := hex.Decode(info.Tag[:], []byte(fd.Text("prog_tag"))); err != nil {
		info.Tag = [8]byte{}
	}
	return info
}

// kernelNameLen is the longest name that the kernel keeps, in bytes:
// BPF_OBJ_NAME_LEN without the NUL byte.
const kernelNameLen = 15

// ProgName returns the full name of the program behind fd.
//
// Where the kernel may have cut the name that was given at load time, the name
// of the main function in the program's BTF is used instead.
func ProgName(fd bpf.FD, info *bpf.ProgInfo) string {
	name := info.Name()
	if len(name) < kernelNameLen || info.BTFID == 0 {
		return name
	}
	id, err := bpf.ReadMainFunc(fd, info)
	if err != nil || id == 0 {
		return name
	}
	spec, err := ReadBTF(info.BTFID)
	if err != nil {
		return name
	}
	f, err := spec.Type(btf.ID(id))
	if err != nil || f.Kind != btf.Func || f.Name == "" {
		return name
	}
	return f.Name[:min(len(f.Name), maxProgName)]
}
