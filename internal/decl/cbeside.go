package decl

import (
	"maps"
	"slices"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// cBefore writes what declarations with headers beside them start with: what they
// include, and that macros do not count for now.
func (p *printer) cBefore(b *beside) {
	for _, header := range slices.Sorted(maps.Keys(b.included)) {
		p.put("#include <", header, ">\n")
	}
	p.put("\n")
	for _, name := range slices.Sorted(maps.Keys(b.names)) {
		p.put(name, ";\n")
	}
	p.put("\n")
	for _, name := range slices.Sorted(maps.Keys(b.macros)) {
		p.put(`#pragma push_macro("`, name, "\")\n#undef ", name, "\n")
	}
	p.put("\n")
}

// cSocket keeps <linux/if.h> from including what only the C library has, of which
// it needs struct sockaddr: the kernel's will do.
const cSocket = `#ifndef _SYS_SOCKET_H
#define _SYS_SOCKET_H
#endif

`

// cAfter writes what such declarations end with: that macros count again, and
// which headers they take the place of.
func (p *printer) cAfter(b *beside) {
	for _, name := range slices.Sorted(maps.Keys(b.macros)) {
		p.put(`#pragma pop_macro("`, name, "\")\n")
	}
	p.put("\n")
	if b.sockets {
		p.put(cSocket)
	}
	if b.registers {
		p.put("#ifndef ", b.Guard, "\n#define ", b.Guard, "\n#endif\n\n")
	}
}

// cGuard begins the definition of a struct that may have been included before,
// and reports whether it did: one of <asm/ptrace.h>, which bpf_tracing.h wants to
// be the kernel's.
func (p *printer) cGuard(t btf.Type) bool {
	if p.beside == nil {
		return false
	}
	p.beside.sockets = p.beside.sockets || t.Name == "sockaddr"
	d := p.beside.Tag(t.Name)
	if d == nil || !d.Registers {
		return false
	}
	p.beside.registers = true
	p.put("#ifndef ", p.beside.Guard, "\n")
	return true
}
