package decl

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// structText returns a struct, for [tabulate].
func (p *goPrinter) structText(l *goLayout) string {
	if len(l.slots) == 0 {
		return "struct{}"
	}
	text := []byte("struct {\f")
	separator := l.separator()
	for _, s := range l.slots {
		for _, remark := range p.remarks(l.t, s) {
			text = append(l.indent(text), "\t// "+remark+"\n"...)
		}
		if s.name == "" {
			continue
		}
		text = append(l.indent(text), "\t"+s.name+separator+s.text...)
		if note := p.note(l.t, s); note != "" {
			text = append(text, "\v// "+note...)
		}
		text = append(text, lineEnd(s.text))
	}
	text[len(text)-1] = '\f'
	return string(append(l.indent(text), '}'))
}

// indent begins a line at the level of the struct.
func (l *goLayout) indent(text []byte) []byte {
	for range l.tabs {
		text = append(text, '\t')
	}
	return text
}

// separator returns what stands between names and types: a single field is not
// aligned.
func (l *goLayout) separator() string {
	fields := 0
	for _, s := range l.slots {
		if s.name != "" {
			fields++
		}
	}
	if fields == 1 {
		return " "
	}
	return "\v"
}

// lineEnd returns what ends a field of some type: the next one is not aligned
// with a struct.
func lineEnd(text string) byte {
	if strings.Contains(text, "\f") {
		return '\f'
	}
	return '\n'
}

// remarks returns the comments before a field, or instead of one.
func (p *goPrinter) remarks(t btf.Type, s goSlot) []string {
	switch {
	case s.member < 0:
		return nil
	case s.bits == 1:
		return []string{fmt.Sprintf("bit %d: %s", s.from, p.memberInC(t.Member(s.member)))}
	case s.bits != 0:
		return []string{fmt.Sprintf("bits %d-%d: %s", s.from, s.from+s.bits-1, p.memberInC(t.Member(s.member)))}
	case s.name == "":
		return []string{fmt.Sprintf("at byte %d: %s", s.off, p.memberInC(t.Member(s.member)))}
	}
	if u, ok := p.bareUnion(t.Member(s.member)); ok {
		return append([]string{"One of:"}, p.membersInC(u)...)
	}
	return nil
}

// bareUnion returns the union that a member is, if that has no name in Go.
func (p *goPrinter) bareUnion(m btf.Member) (btf.Type, bool) {
	u, err := p.spec.Resolve(m.Type)
	return u, err == nil && u.Kind == btf.Union && u.Len() > 0 && p.names.same[u.ID] == 0
}

// note returns the comment beside a field: its declaration in C, if that has
// more than the field tells, or "".
func (p *goPrinter) note(t btf.Type, s goSlot) string {
	if s.member < 0 || lineEnd(s.text) == '\f' {
		return ""
	}
	m := t.Member(s.member)
	_, bare := p.bareUnion(m)
	if bare || !s.opaque && s.name == goName(m.Name) {
		return ""
	}
	return p.memberInC(m)
}

// tabulate aligns text that has vertical tabs before what is aligned, and form
// feeds for the ends of lines that are not aligned with the next.
//
// Source: package go/printer, whose output it equals.
func tabulate(text string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 1, ' ', tabwriter.DiscardEmptyColumns|tabwriter.TabIndent)
	w.Write([]byte(text))
	w.Flush()
	return b.String()
}
