package btfdiff

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// An entry is something with a name: at is the ID of a type, or the number of a
// part.
type entry struct {
	name string
	at   int
}

// none stands for what a side does not have.
const none = -1

// A match is what goes together on both sides.
type match struct{ old, new int }

func sortEntries(list []entry) {
	slices.SortFunc(list, func(a, b entry) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return cmp.Compare(a.at, b.at)
	})
}

// nameRun returns how many entries at the start of a list have one name.
func nameRun(list []entry) int {
	n := 1
	for n < len(list) && list[n].name == list[0].name {
		n++
	}
	return n
}

// join yields what has the same name in two sorted lists, and what only one of
// them has, in order of names. Where a name is there several times, those that
// are the same go together, then the others in their order.
func (l *limit) join(old, new []entry, same func(old, new int) bool) iter.Seq[match] {
	return func(yield func(match) bool) {
		for len(old) > 0 || len(new) > 0 {
			var a, b []entry
			if len(new) == 0 || len(old) > 0 && old[0].name <= new[0].name {
				n := nameRun(old)
				a, old = old[:n], old[n:]
			}
			if len(new) > 0 && (a == nil || a[0].name == new[0].name) {
				n := nameRun(new)
				b, new = new[:n], new[n:]
			}
			for _, m := range l.group(a, b, same) {
				if !yield(m) {
					return
				}
			}
		}
	}
}

// group matches entries of one name.
func (l *limit) group(old, new []entry, same func(old, new int) bool) []match {
	if len(old) == 1 && len(new) == 1 {
		return []match{{old[0].at, new[0].at}}
	}
	var list []match
	old, new = slices.Clone(old), slices.Clone(new)
	old = slices.DeleteFunc(old, func(a entry) bool {
		j := slices.IndexFunc(new, func(b entry) bool {
			return !l.step(btf.ID(a.at), btf.ID(b.at)) || same(a.at, b.at)
		})
		if j < 0 || l.err != nil {
			return false
		}
		list = append(list, match{a.at, new[j].at})
		new = slices.Delete(new, j, j+1)
		return true
	})
	for i := range max(len(old), len(new)) {
		m := match{none, none}
		if i < len(old) {
			m.old = old[i].at
		}
		if i < len(new) {
			m.new = new[i].at
		}
		list = append(list, m)
	}
	return list
}

// parts matches the parts of two types by their names: those that are gone, then
// those of the new side in their order.
func (l *limit) parts(old, new []string, same func(old, new int) bool) []match {
	list := make([]match, 0, len(new))
	if slices.Equal(old, new) {
		for i := range new {
			list = append(list, match{i, i})
		}
		return list
	}
	list = slices.AppendSeq(list, l.join(entries(old), entries(new), same))
	slices.SortFunc(list, func(a, b match) int {
		if a.new == none || b.new == none {
			return cmp.Or(cmp.Compare(min(a.new, 0), min(b.new, 0)), cmp.Compare(a.old, b.old))
		}
		return cmp.Compare(a.new, b.new)
	})
	return list
}

// named returns the names of parts.
func named[T any](list []T, name func(T) string) []string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = name(list[i])
	}
	return names
}

func entries(names []string) []entry {
	list := make([]entry, len(names))
	for i, n := range names {
		list[i] = entry{n, i}
	}
	sortEntries(list)
	return list
}
