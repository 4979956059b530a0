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

// C writes a C header with the types of spec that o asks for, those of its base
// included. Without roots it ends with the prototypes of the kernel functions
// that programs may call.
//
// The error names the type that cannot be declared. Nothing is written if it
// refers to types or names that do not exist.
func C(w io.Writer, spec *btf.Spec, o Options) error {
	p := newPrinter(w, spec)
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
	p := newPrinter(io.Discard, spec)
	p.leaveOut(o.Beside)
	p.cBody(o)
	return p.beside
}

// cBody writes what stands between the first and the last lines of a header.
func (p *printer) cBody(o Options) {
	p.put(cStart)
	p.requestAll(o)
	if o.Roots == nil {
		p.cFunctions()
	}
}

// cFunctions writes the prototypes of functions that are tagged as callable.
func (p *printer) cFunctions() {
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
