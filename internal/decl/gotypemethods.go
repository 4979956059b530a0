package decl

import (
	"slices"
	"strings"
)

// goMethods are the names of methods that go vet expects to have certain
// parameters and results.
var goMethods = []string{
	"Format", "GobDecode", "GobEncode", "MarshalJSON", "MarshalXML", "ReadByte", "ReadFrom", "ReadRune", "Scan", "Seek",
	"UnmarshalJSON", "UnmarshalXML", "UnreadByte", "UnreadRune", "WriteByte", "WriteTo",
}

// claimNames gives names to fields and methods, to members before what is ours.
func (l *goComposite) claimNames() {
	for i := range l.parts {
		p := &l.parts[i]
		if p.role == goPlain || p.role == goLost {
			continue
		}
		wish := GoName(p.wish)
		if p.role != goField && slices.Contains(goMethods, wish) {
			wish += "Value"
		}
		p.name = l.used.claim(wish)
	}
	for i := range l.parts {
		p := &l.parts[i]
		switch p.role {
		case goPlain:
			p.name = l.used.claim(p.wish)
		case goBytes:
			p.bytes = l.used.claim(p.name + "Bytes")
			fallthrough
		case goMethod:
			p.setter = l.used.claim("Set" + p.name)
		}
		if p.chars && p.role != goLost {
			p.textOf = l.used.claim(p.name + "String")
		}
	}
}

// putMethods writes the methods of a member. Those of arrays of char return their
// text, too.
func (g *GoTypes) putMethods(b *strings.Builder, typ string, l *goComposite, p *goPart) {
	if !g.spend(l.t.ID, (len(typ)+len(p.goType.text)+len(p.in)+len(p.name))/8) {
		return
	}
	if p.role == goMethod || p.role == goBytes {
		put(b, "\n// ", p.name, " returns ", p.in, ".\nfunc (s *", typ, ") ", p.name, "() ", p.goType.text, " {\n")
		put(b, "\treturn ", g.calls.read(p), "\n}\n")
		put(b, "\n// ", p.setter, " sets ", p.in, ".\nfunc (s *", typ, ") ", p.setter, "(v ", p.goType.text, ") {\n")
		put(b, g.calls.write(p), "}\n")
	}
	if p.textOf == "" {
		return
	}
	put(b, "\n// ", p.textOf, " returns the text of ", p.in, ".\nfunc (s *", typ, ") ", p.textOf, "() string {\n")
	if p.role == goField {
		put(b, "\treturn ", g.calls.use(goText), "(s.", p.name, "[:])\n}\n")
	} else {
		put(b, "\tv := s.", p.name, "()\n\treturn ", g.calls.use(goText), "(v[:])\n}\n")
	}
}
