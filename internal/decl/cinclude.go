package decl

import (
	"maps"
	"slices"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// In some headers the last member of a struct is an array without a length where
// BTF has one of length 0, and compilers warn when such a struct is a member.
const (
	cQuiet = `#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wgnu-variable-sized-type-not-at-end"

`
	cLoud = `#pragma clang diagnostic pop

`
)

// cSocket keeps <linux/if.h> from including what only the C library has, of which
// it needs struct sockaddr: the kernel's will do.
const cSocket = `#ifndef _SYS_SOCKET_H
#define _SYS_SOCKET_H
#endif

`

// cBefore writes what declarations with headers beside them start with: what they
// include, the names of what they point to, and that macros do not count for now.
func (p *cPrinter) cBefore(b *beside) {
	p.cLines(b.included, "#include <", ">\n")
	p.cLines(b.names, "", ";\n")
	p.cLines(b.macros, "#pragma push_macro(\"", "\")\n")
	p.cLines(b.macros, "#undef ", "\n")
	p.put(cQuiet)
}

// cAfter writes what such declarations end with: that macros count again, and
// which headers they take the place of.
func (p *cPrinter) cAfter(b *beside) {
	p.put(cLoud)
	p.cLines(b.macros, "#pragma pop_macro(\"", "\")\n")
	if b.sockets {
		p.put(cSocket)
	}
	if b.registers {
		p.put("#ifndef ", b.Guard, "\n#define ", b.Guard, "\n#endif\n\n")
	}
}

// cLines writes a line for each name, and an empty one behind them.
func (p *cPrinter) cLines(names map[string]bool, before, after string) {
	for _, name := range slices.Sorted(maps.Keys(names)) {
		p.put(before, name, after)
	}
	if len(names) > 0 {
		p.put("\n")
	}
}

// cGuard begins the definition of a struct that may have been included before,
// and reports whether it did: one of <asm/ptrace.h>, which bpf_tracing.h wants to
// be the kernel's.
func (p *cPrinter) cGuard(t btf.Type) bool {
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
