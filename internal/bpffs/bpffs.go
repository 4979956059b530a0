// Package bpffs finds the BPF file systems that are mounted, and what is pinned
// in them. It finds and mounts tracefs, too.
package bpffs

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

// Paths is where one object is pinned, in order of names. Nil means that it was
// not asked, or that no object of the kind is pinned at all.
type Paths []string

// Plain writes the lines of an object's description that tell where it is
// pinned.
func (p Paths) Plain(w *bufio.Writer) {
	for _, path := range p {
		fmt.Fprintf(w, "\n\tpinned %s", path)
	}
}

// Table tells where the objects of one kind are pinned, by ID.
type Table map[uint32]Paths

// Of returns the paths of the object with the given ID. They are empty but not
// nil if only other objects of its kind are pinned, and nil if none is: bpftool
// shows the key "pinned" of every object or of none.
func (t Table) Of(id uint32) Paths {
	if len(t) == 0 {
		return nil
	}
	if p, ok := t[id]; ok {
		return p
	}
	return Paths{}
}

// Find walks all mounted BPF file systems for programs, maps or links.
//
// What cannot be opened is left out, such as the kernel's own maps.debug.
func Find(kind bpf.Kind) Table {
	table := make(Table)
	for _, root := range Mounts() {
		filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return nil // go on with the rest
			}
			fd, k, err := bpf.OpenPinned(path)
			if err != nil {
				return nil
			}
			defer fd.Close()
			if k != kind {
				return nil
			}
			if n, err := bpf.ReadID(fd); err == nil {
				table[n] = append(table[n], path)
			}
			return nil
		})
	}
	for _, paths := range table {
		slices.Sort(paths)
	}
	return table
}

// Mounts returns the directories on which BPF file systems are mounted.
func Mounts() []string { return MountsOf("bpf") }

// MountsOf returns the directories on which file systems are mounted whose type begins
// with a word.
func MountsOf(typ string) []string {
	text, err := os.ReadFile("/proc/mounts")
	if err != nil {
		return nil
	}
	return mounts(string(text), typ)
}

// mounts reads a table of mounts, see fstab(5).
func mounts(table, typ string) []string {
	var dirs []string
	for line := range strings.Lines(table) {
		fields := strings.Split(line, " ") // other blanks stand as they are
		if len(fields) < 3 || !strings.HasPrefix(fields[2], typ) {
			continue
		}
		if dir := unescape.Replace(fields[1]); !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// unescape undoes what the kernel does to the paths in /proc/mounts.
//
// Source: mangle in fs/proc_namespace.c.
var unescape = strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`, `\043`, "#")
