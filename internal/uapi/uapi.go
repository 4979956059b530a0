// Package uapi tells which names the headers of the kernel's user space
// interface define: <linux/*.h> and what these include.
//
// It is no compiler. Of the conditions in headers it knows those that are the
// same for all BPF programs; what depends on others counts as defined.
package uapi

import (
	"fmt"
	"strings"
)

// Headers are what a set of headers defines.
type Headers struct {
	// Guard is the macro that tells whether <asm/ptrace.h> has been included, or
	// "" if there is no such header or nothing includes it.
	Guard string

	tags, typedefs      map[string]*Definition
	enumerators, macros map[string]bool
}

// A Definition tells how a program gets a type that headers define.
type Definition struct {
	// Header is what to include, such as "linux/ip.h". It is "" if none has the
	// type for sure: if that depends on the machine, on conditions, on what else
	// is included, or needs the C library.
	Header string
	// Registers is whether <asm/ptrace.h> defines the type. It has no Header.
	Registers bool

	words string // of a typedef: the type if it is only words
	count int    // headers that define it
}

// registers is the header about what bpf_tracing.h reads: for some machines, as
// x86, under other names than the kernel's.
const registers = "asm/ptrace.h"

// newHeaders puts together what files define. Those that do not exist are nil.
func newHeaders(files map[string]*header) (*Headers, error) {
	h := &Headers{
		tags: map[string]*Definition{}, typedefs: map[string]*Definition{},
		enumerators: map[string]bool{}, macros: map[string]bool{},
	}
	c := checker{files: files, steps: maxSteps}
	add(h.typedefs, "wchar_t", "stddef.h", false, "int")
	for name, f := range files {
		if f == nil {
			continue
		}
		if name == registers {
			h.Guard = f.guard
		}
		alone := c.isIndependent(name)
		for tag, sure := range f.tags {
			add(h.tags, tag, name, sure && alone, "")
		}
		for typedef, t := range f.typedefs {
			add(h.typedefs, typedef, name, t.sure && alone, t.words)
		}
		for e := range f.enumerators {
			h.enumerators[e] = true
		}
		for m, hides := range f.macros {
			h.macros[m] = h.macros[m] || hides
		}
	}
	if c.steps == 0 {
		return nil, fmt.Errorf("more than %d names that headers need of each other", maxSteps)
	}
	return h, nil
}

// add adds what a header defines. What two headers define is for neither of them
// alone to include: programs may want the other one.
func add(to map[string]*Definition, name, header string, sure bool, words string) {
	d := to[name]
	if d == nil {
		d = &Definition{words: words}
		to[name] = d
	}
	if d.count++; d.count == 1 && sure && !strings.HasPrefix(header, "asm") {
		d.Header = header
	} else {
		d.Header = ""
	}
	if d.words != words {
		d.words = ""
	}
	d.Registers = d.Registers || header == registers
}

// Tag returns what defines a struct, union or enumeration, or nil.
func (h *Headers) Tag(name string) *Definition { return h.tags[name] }

// Typedef returns what defines a typedef, or nil.
func (h *Headers) Typedef(name string) *Definition { return h.typedefs[name] }

// Enumerator reports whether a header has a value of that name.
func (h *Headers) Enumerator(name string) bool { return h.enumerators[name] }

// Macro reports whether a header defines a macro of that name that takes no
// arguments.
func (h *Headers) Macro(name string) bool { return h.macros[name] }

// IsNumber reports whether all headers that define a typedef make it the type of
// numbers with the given name in C, such as "long unsigned int". To define it so
// once more is no error.
func (h *Headers) IsNumber(typedef, number string) bool {
	for range maxTypedefs {
		d := h.typedefs[typedef]
		if d == nil || d.words == "" {
			return false
		}
		if got, ok := canonical(d.words); ok {
			want, ok := canonical(number)
			return ok && got == want
		}
		typedef = d.words
	}
	return false
}

// maxTypedefs bounds how many typedefs may stand for each other in a row.
const maxTypedefs = 16

// canonical returns one spelling for all those of a type of numbers, and whether
// words are one.
func canonical(words string) (string, bool) {
	var longs int
	var base, sign string
	for word := range strings.FieldsSeq(words) {
		switch word {
		case "long":
			longs++
		case "int":
		case "signed", "__signed__":
			sign = "signed"
		case "unsigned":
			sign = word
		case "char", "short", "_Bool", "__int128":
			base = word
		default:
			return "", false
		}
	}
	if sign == "signed" && base != "char" {
		sign = ""
	}
	return sign + strings.Repeat(" long", longs) + " " + base, true
}
