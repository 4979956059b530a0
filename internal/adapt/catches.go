package adapt

import (
	"debug/elf"
	"strings"
)

// textSection has the functions that cilium/ebpf does not show, and shownSection is its name where it is to do so.
const (
	textSection  = ".text"
	shownSection = ".text.shown"
)

// catches is for objects whose programs have a function that handles what they throw: nothing but a tag refers to it,
// and so cilium/ebpf leaves it out. It does not know what a function is whose section is not called .text.
func (a *adapter) catches() error {
	for _, p := range a.o.Programs {
		if p.Catch != nil {
			if a.Catches == nil {
				a.Catches = make(map[string]string)
			}
			a.Catches[p.Name] = p.Catch.Name
		}
	}
	at, ok := a.at[textSection]
	if a.Catches == nil || !ok {
		return nil
	}
	for _, s := range a.functionsOf(at) {
		if s.Bind != elf.STB_LOCAL { // others are there already
			a.Functions = append(a.Functions, s.Name)
		}
	}
	a.change(textSection, "it is called %s, so that functions are there that handle what programs throw", shownSection)
	return nil
}

// showText gives the section of functions another name. It is the last change: for libbpf and internal/elfobj, functions
// are programs then.
func (a *adapter) showText() {
	if records, ok := a.at[".BTF.ext"]; ok {
		a.renameRecords(a.edit(records), textSection, shownSection)
	}
	a.renameSection(textSection, shownSection)
}

// renameRecords gives a section another name in what .BTF.ext, which has been read before, says of it.
func (a *adapter) renameRecords(b []byte, before, name string) {
	order := a.o.Order
	header := order.Uint32(b[4:])
	for _, field := range []int{8, 16, 24} { // functions, lines, relocations
		if field+8 > int(header) {
			continue
		}
		table := b[header:][order.Uint32(b[field:]):][:order.Uint32(b[field+4:])]
		if len(table) < 4 {
			continue
		}
		size := uint64(order.Uint32(table))
		for table = table[4:]; len(table) >= 8; {
			if text, _, _ := strings.Cut(a.o.BTF.Strings()[order.Uint32(table):], "\x00"); text == before {
				order.PutUint32(table, a.types.Text(name))
			}
			table = table[8+size*uint64(order.Uint32(table[4:])):]
		}
	}
}
