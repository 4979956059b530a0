package mapcmd

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// holds takes over a descriptor, and returns it as the bytes of a key or value.
func (e *element) holds(fd bpf.FD, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	e.held = append(e.held, fd)
	return binary.NativeEndian.AppendUint32(nil, uint32(fd)), nil
}

// openCgroup opens the cgroup whose directory is the next word.
func openCgroup(a *args.Args) (bpf.FD, error) {
	return openPath(a, "cgroup", unix.O_RDONLY|unix.O_DIRECTORY)
}

// openOwner opens the file that is the next word.
func openOwner(a *args.Args) (bpf.FD, error) {
	return openPath(a, "file", unix.O_RDONLY|unix.O_NONBLOCK)
}

func openPath(a *args.Args, what string, flags int) (bpf.FD, error) {
	path, err := a.Next(1)
	if err != nil {
		return 0, err
	}
	fd, err := unix.Open(path, flags|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, fmt.Errorf("%s '%s': %s", what, path, names.Reason(err))
	}
	return bpf.FD(fd), nil
}

// openTask opens the process whose number is the next word.
func openTask(a *args.Args) (bpf.FD, error) {
	pid, err := a.Uint32("PID")
	if err != nil {
		return 0, err
	}
	fd, err := unix.PidfdOpen(int(pid), 0)
	if err != nil {
		return 0, fmt.Errorf("process %d: %s", pid, names.Reason(err))
	}
	return bpf.FD(fd), nil
}

// openSocket takes over a socket of a process: the next words are "PID fd FD".
func openSocket(a *args.Args) (bpf.FD, error) {
	task, err := openTask(a)
	if err != nil {
		return 0, err
	}
	defer task.Close()
	if !a.Is("fd") {
		return 0, args.Errorf("expected 'fd', got: '%s'?", a.Peek())
	}
	n, err := a.Uint32("descriptor")
	if err != nil {
		return 0, err
	}
	fd, err := unix.PidfdGetfd(int(task), int(n), 0)
	if err != nil {
		return 0, fmt.Errorf("descriptor %d: %s", n, names.Reason(err))
	}
	return bpf.FD(fd), nil
}

// cgroupKey returns the key of the cgroup whose directory is the next word: its
// ID, and if keys have room for it, how programs are attached, by a number.
//
// Source: struct bpf_cgroup_storage_key, include/uapi/linux/bpf.h.
func (t *table) cgroupKey(a *args.Args) ([]byte, error) {
	fd, err := openCgroup(a)
	if err != nil {
		return nil, err
	}
	defer fd.Close()
	var stat unix.Stat_t
	if err := unix.Fstat(int(fd), &stat); err != nil {
		return nil, fmt.Errorf("cgroup: %s", names.Reason(err))
	}
	key := make([]byte, max(8, t.Info.KeySize))
	binary.NativeEndian.PutUint64(key, stat.Ino)
	if len(key) < 12 {
		return key, nil
	}
	if !a.Is("attach") {
		return nil, args.Errorf("expected 'attach', got: '%s'?", a.Peek())
	}
	word, err := a.Next(1)
	if err != nil {
		return nil, err
	}
	attach, ok := names.ParseAttachType(word)
	if !ok {
		return nil, args.Errorf("unknown attach type: %s", word)
	}
	binary.NativeEndian.PutUint32(key[8:], uint32(attach))
	return key, nil
}
