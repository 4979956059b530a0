package bpf

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/unix"
)

// An Attached is a program that is attached to something.
type Attached struct {
	ProgID uint32
	Flags  uint32 // BPF_F_* with which it was attached, if the kernel tells; else 0
	LinkID uint32 // 0 without a link, and if the kernel does not tell
}

// queryAttr is the part of union bpf_attr for BPF_PROG_QUERY.
//
// Source: struct query, include/uapi/linux/bpf.h.
type queryAttr struct {
	target, attachType uint32
	query, flags       uint32 // of the question; of all programs
	progs              pointer
	count, _           uint32
	progFlags          pointer // since Linux 6.0
	links, linkFlags   pointer // since Linux 6.6
	revision           uint64
}

// maxAttached bounds the programs in one place. The kernel allows 64 in cgroups and
// on devices.
const maxAttached = 4096

// maxTries is how often the programs of one place may have become more while they
// were asked about.
const maxTries = 8

// Query returns the programs that are attached to target in the way of an attach
// type: in the order in which they run, and without those that a cgroup inherits.
// flags are BPF_F_* of the place as a whole. A target is the descriptor of a cgroup,
// a network namespace, a map of sockets or a receiver of infrared signals, or the
// index of a network device.
//
// The error is [unix.EINVAL] if the kernel does not know the attach type or does not
// tell.
//
// Source: bpf_prog_query in kernel/bpf/syscall.c.
func Query(target uint32, attachType uint32) (list []Attached, flags uint32, err error) {
	// Nearly all places are empty: one question tells, which every kernel
	// understands.
	n, flags, err := countAttached(target, attachType)
	for try := 0; err == nil && n > 0 && n <= maxAttached; try++ {
		list, err = listAttached(target, attachType, n)
		if try == maxTries || !errors.Is(err, unix.ENOSPC) {
			return list, flags, err
		}
		n, flags, err = countAttached(target, attachType) // there are more meanwhile
	}
	return nil, flags, err
}

// countAttached returns how many programs there are.
func countAttached(target, attachType uint32) (n int, flags uint32, err error) {
	attr := queryAttr{target: target, attachType: attachType}
	_, err = call(progQuery, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	return int(attr.count), attr.flags, err
}

// listAttached asks about n programs, and for as much as the kernel tells.
func listAttached(target, attachType uint32, n int) (list []Attached, err error) {
	for _, with := range []struct{ flags, links bool }{{true, true}, {true, false}, {false, false}} {
		progs, flags, links := make([]uint32, n), make([]uint32, n), make([]uint32, n)
		attr := queryAttr{target: target, attachType: attachType, progs: buffer(progs), count: uint32(n)}
		if with.flags {
			attr.progFlags = buffer(flags)
		}
		if with.links {
			attr.links = buffer(links)
		}
		_, err = call(progQuery, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
		if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.E2BIG) {
			continue // it is older
		}
		if err != nil {
			return nil, err
		}
		for i := range min(n, int(attr.count)) {
			list = append(list, Attached{progs[i], flags[i], links[i]})
		}
		return list, nil
	}
	return nil, err
}
