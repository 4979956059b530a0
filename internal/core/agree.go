package core

import "github.com/gobpftool/gobpftool/internal/btf"

// Agree reports whether a type of an object and one of a kernel are of the same sort, as the
// declaration of a function or variable of the kernel must be.
func Agree(local *btf.Spec, id btf.ID, target *btf.Spec, other btf.ID) (bool, error) {
	all := maxAllSteps
	m := &matcher{local, target, maxSteps, &all}
	a, b, err := m.resolve(id, other)
	if err != nil {
		return false, err
	}
	return m.agree(a.ID, b.ID, levels)
}

// Essential returns the part of a name that counts, without its flavour.
func Essential(name string) string { return essential(name) }
