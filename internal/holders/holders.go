// Package holders finds out which processes hold BPF objects open.
//
// It reads /proc, where every descriptor of a BPF object says which object it
// stands for. The C tool loads an iterator into the kernel for this, which
// needs BTF and the kernel's data symbols.
package holders

import (
	"bufio"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

// A Process is a holder of an object.
type Process struct {
	PID  int    `json:"pid"`
	Comm string `json:"comm"` // at most 15 bytes
}

// List is the processes that hold one object, in order of their numbers.
type List []Process

// Plain writes the line of an object's description that names its holders.
func (l List) Plain(w *bufio.Writer) {
	for i, p := range l {
		sep := ", "
		if i == 0 {
			sep = "\n\tpids "
		}
		fmt.Fprintf(w, "%s%s(%d)", sep, p.Comm, p.PID)
	}
}

// Table has the holders of all objects of one kind, by ID.
type Table map[uint32]List

// idKeys are the lines of fdinfo that tell an object's ID.
//
// Source: bpf_*_show_fdinfo in kernel/bpf/syscall.c and kernel/bpf/btf.c.
var idKeys = map[bpf.Kind]string{
	bpf.Prog: "prog_id",
	bpf.Map:  "map_id",
	bpf.Link: "link_id",
	bpf.BTF:  "btf_id",
}

// Find lists the holders of all objects of a kind.
//
// Processes that may not be looked into, or end meanwhile, are left out;
// without procfs the table is empty.
func Find(kind bpf.Kind) Table { return find("/proc", kind) }

func find(proc string, kind bpf.Kind) Table {
	table := make(Table)
	object := func(fds, infos dir, fd string) (uint32, bool) { return object(fds, infos, fd, kind) }
	each(proc, object, func(p Process, ids []uint32) {
		for _, id := range ids {
			table[id] = append(table[id], p)
		}
	})
	for _, l := range table {
		slices.SortFunc(l, func(a, b Process) int { return a.PID - b.PID })
	}
	return table
}

// A look returns a number for a descriptor, in order of which it is kept, and whether
// it is looked for. The directories are those of descriptors and their accounts.
type look func(fds, infos dir, fd string) (n uint32, ok bool)

// each calls f for every process that has descriptors that are looked for, with their
// numbers.
func each(proc string, look look, f func(Process, []uint32)) {
	root, err := openDir(unix.AT_FDCWD, proc)
	if err != nil {
		return
	}
	defer root.close()
	for _, pid := range root.numbers() {
		found := held(root, pid, look)
		if len(found) == 0 {
			continue
		}
		n, _ := strconv.Atoi(pid)
		f(Process{n, strings.TrimSuffix(root.read(pid+"/comm"), "\n")}, found)
	}
}

// held lists what a process holds of what is looked for, each once.
//
// The descriptors of a process are those of its first thread, or of the others
// once that has ended. Those that a thread keeps to itself, by unshare(2), are
// not looked for.
func held(root dir, pid string, look look) []uint32 {
	ids, open := heldBy(root, pid, look)
	if open {
		return ids
	}
	tasks, err := openDir(int(root), pid+"/task")
	if err != nil {
		return nil
	}
	defer tasks.close()
	for _, tid := range tasks.numbers() {
		if tid == pid {
			continue
		}
		if ids, open = heldBy(tasks, tid, look); open {
			return ids
		}
	}
	return nil
}

// heldBy lists what a thread holds of what is looked for, each once. root is the
// directory that the thread has one in. open tells whether the thread has any
// descriptors.
func heldBy(root dir, pid string, look look) (ids []uint32, open bool) {
	fds, err := openDir(int(root), pid+"/fd")
	if err != nil {
		return nil, false
	}
	defer fds.close()
	infos, err := openDir(int(root), pid+"/fdinfo")
	if err != nil {
		return nil, false
	}
	defer infos.close()
	names := fds.numbers()
	ids = inParallel(names, func(names []string) []uint32 {
		var ids []uint32
		for _, fd := range names {
			if id, ok := look(fds, infos, fd); ok {
				ids = append(ids, id)
			}
		}
		return ids
	})
	slices.Sort(ids)
	return slices.Compact(ids), len(names) > 0
}

// object returns the ID of the object of a kind that a descriptor stands for, if
// it does.
func object(fds, infos dir, fd string, kind bpf.Kind) (id uint32, ok bool) {
	if bpf.KindOf(fds.link(fd)) != kind {
		return 0, false
	}
	n, ok := bpf.FDInfo(infos.read(fd)).Uint(idKeys[kind])
	return uint32(n), ok
}

// share is how many descriptors are worth a goroutine of their own. Reading
// one's account takes the kernel some microseconds.
const share = 256

// inParallel calls f with parts of names, on as many processors as that is
// worth, and returns the results together.
func inParallel(names []string, f func([]string) []uint32) []uint32 {
	parts := min(runtime.GOMAXPROCS(0), 1+len(names)/share)
	found := make([][]uint32, parts)
	var wg sync.WaitGroup
	for i := range parts {
		part := names[len(names)*i/parts : len(names)*(i+1)/parts]
		wg.Go(func() { found[i] = f(part) })
	}
	wg.Wait()
	return slices.Concat(found...)
}
