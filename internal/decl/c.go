package decl

import (
	"io"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// The frame of a C header. Its name is that of a kernel's types, whatever it has.
const (
	cFirst = `#ifndef __VMLINUX_H__
#define __VMLINUX_H__

`
	cStart = `#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
#endif

#ifndef __ksym
#define __ksym __attribute__((section(".ksyms")))
#endif

#ifndef __weak
#define __weak __attribute__((weak))
#endif

#ifndef __bpf_fastcall
#if __has_attribute(bpf_fastcall)
#define __bpf_fastcall __attribute__((bpf_fastcall))
#else
#define __bpf_fastcall
#endif
#endif

`
	cEnd = `#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

#endif /* __VMLINUX_H__ */
`
)

// A cPrinter writes types in C.
type cPrinter struct {
	printer
	queue  []btf.ID // to be written at top level
	names  names
	beside *beside    // what is left out, or nil
	chain  []btf.Type // of the declarators being written, one after the other
	brief  bool       // one declaration is written by itself, see [Spell]
	bare   bool       // qualifiers and tags are left out, see [Declarer]
}

func newC(w io.Writer, spec *btf.Spec) *cPrinter {
	p := &cPrinter{printer: newPrinter(w, spec), names: newNames(int(spec.Len()))}
	p.states[0] = ordered | emitted // void needs no declaration
	return p
}

// C writes a C header with the types of spec that o asks for, those of its base
// included. Without roots it ends with the prototypes of the kernel functions
// that programs may call.
//
// The error names the type that cannot be declared.
func C(w io.Writer, spec *btf.Spec, o Options) error {
	p := newC(w, spec)
	p.markReferenced()
	p.put(cFirst)
	if o.Beside == nil {
		p.cBody(o)
	} else {
		s := survey(spec, o)
		p.cBefore(s)
		p.leaveOut(o.Beside)
		p.cBody(o)
		p.cAfter(s)
	}
	p.put(cEnd)
	p.flush()
	return p.err
}

// survey writes declarations to nowhere, and returns what they need of headers.
func survey(spec *btf.Spec, o Options) *beside {
	p := newC(io.Discard, spec)
	p.markReferenced()
	p.leaveOut(o.Beside)
	p.cBody(o)
	return p.beside
}

// cBody writes what stands between the first and the last lines of a header.
func (p *cPrinter) cBody(o Options) {
	p.put(cStart)
	p.requestAll(p, o)
	if o.Roots == nil {
		p.cFunctions()
	}
}

// request writes a type and what it needs, unless that has been done.
func (p *cPrinter) request(id btf.ID) {
	p.order(id, false)
	for _, id := range p.queue {
		p.emit(id, 0)
	}
	p.queue = p.queue[:0]
}

// requestSorted writes all types. The one that sorts before all others has to wait
// until another needs it or nothing else is left: bpftool never asks for it.
func (p *cPrinter) requestSorted() {
	var waiting btf.ID
	for rank, id := range p.sorted(p.idle) {
		if waiting == 0 && rank < others { // void sorts before others
			waiting = id
			continue
		}
		p.request(id)
	}
	p.request(waiting)
}

// requestRoot writes a type that was asked for, and what it needs.
func (p *cPrinter) requestRoot(id btf.ID, o Options) {
	p.request(id)
	p.include(p.get(id), nil)
	if o.Functions && p.spec.Kind(id) == btf.Func {
		p.requestFunction(id)
	}
}

// requestFunction writes the declaration of a function and what it needs.
func (p *cPrinter) requestFunction(id btf.ID) {
	t := p.get(id)
	p.request(t.Ref())
	p.emit(t.Ref(), id)
	p.cDeclare(t.Ref(), t.Name, 0)
	p.end()
}

// cFunctions writes the prototypes of functions that are tagged as callable.
func (p *cPrinter) cFunctions() {
	p.put("\n/* BPF kfuncs */\n#ifndef BPF_NO_KFUNC_PROTOTYPES\n")
	callable, fast := p.functions()
	for _, f := range callable {
		t := p.get(f)
		p.put("extern ")
		if fast[f] {
			p.put("__bpf_fastcall ")
		}
		p.cDeclare(t.Ref(), t.Name, 0)
		p.put(" __weak __ksym;\n")
	}
	p.put("#endif\n\n")
}
