package decl

import (
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// inC returns the declaration of a name in C, on one line.
func (p *goPrinter) inC(id btf.ID, name string) string {
	p.c.cDeclare(id, name, 0)
	p.c.flush()
	p.fail(p.c.err)
	text := oneLine(p.remark.String())
	p.remark.Reset()
	return text
}

// memberInC returns the declaration of a member in C.
func (p *goPrinter) memberInC(m btf.Member) string {
	text := p.inC(m.Type, m.Name)
	if m.Bits != 0 {
		text += ": " + strconv.FormatUint(uint64(m.Bits), 10)
	}
	return text
}

// membersInC returns the declarations of the members of a union in C.
func (p *goPrinter) membersInC(u btf.Type) []string {
	var list []string
	for i := range u.Len() {
		list = append(list, p.memberInC(u.Member(i)))
	}
	return list
}

// oneLine returns text as a comment may have it: names in BTF may be anything.
// gofmt makes other characters of two quotes.
func oneLine(text string) string {
	printable := func(r rune) rune {
		if r < ' ' || r > '~' || r == '`' || r == '\'' {
			return '?'
		}
		return r
	}
	return strings.Map(printable, strings.Join(strings.Fields(text), " "))
}
