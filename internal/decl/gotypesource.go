package decl

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// enumSource returns the declaration of an enumeration, which is a number of a
// type in Go.
func (g *GoTypes) enumSource(t btf.Type, name, number string) string {
	values := g.names.values[t.ID]
	var b strings.Builder
	put(&b, "\n// ", name, " is ", g.whatOf(t), ".\ntype ", name, " ", number, "\n", valueTable(t, values, name))
	put(&b, "\n// String returns the name of the value in C, or its number.\nfunc (v ", name, ") String() string {\n")
	seen := make(map[string]bool)
	for i, value := range values {
		if !g.spend(t.ID, (len(name)+len(value))/8) {
			break
		}
		e := t.Enumerator(i)
		if n := string(appendValue(nil, t, e.Value)); !seen[n] && e.Name != "" {
			if len(seen) == 0 {
				b.WriteString("\tswitch v {\n")
			}
			seen[n] = true
			put(&b, "\tcase ", value, ":\n\t\treturn ", strconv.Quote(e.Name), "\n")
		}
	}
	if len(seen) > 0 {
		b.WriteString("\t}\n")
	}
	if t.Flag {
		b.WriteString("\treturn strconv.FormatInt(int64(v), 10)\n}\n")
	} else {
		b.WriteString("\treturn strconv.FormatUint(uint64(v), 10)\n}\n")
	}
	return b.String()
}

// put appends text.
func put(b *strings.Builder, parts ...string) {
	for _, s := range parts {
		b.WriteString(s)
	}
}

// compositeSource sets the declaration of a struct or union.
func (g *GoTypes) compositeSource(d *goDecl, l *goComposite) {
	var b strings.Builder
	put(&b, "\n// ", d.text, " is ", g.whatOf(l.t), ".\n")
	putLost(&b, l)
	put(&b, "type ", d.text, " ")
	if l.t.Kind == btf.Union {
		put(&b, goBlock(d.size, d.align).text, "\n")
	} else {
		b.WriteString(l.structText())
	}
	d.assert("Sizeof("+d.text+"{})", d.size)
	for _, f := range l.fields {
		if f.part >= 0 {
			d.assert("Offsetof("+d.text+"{}."+l.fieldName(f)+")", f.off)
		}
	}
	for i := range l.parts {
		g.putMethods(&b, d.text, l, &l.parts[i])
	}
	d.source = b.String()
}

func (d *goDecl) assert(what string, want uint64) {
	d.asserts = append(d.asserts, goAssert{what, want})
}

// putLost writes what of a struct Go does not have.
func putLost(b *strings.Builder, l *goComposite) {
	first := true
	for _, p := range l.parts {
		if p.role != goLost || p.in == "" {
			continue
		}
		if first {
			b.WriteString("//\n// Go has neither fields nor methods for:\n//\n")
			first = false
		}
		put(b, "//\tat byte ", strconv.FormatUint(p.off/8, 10), ": ", p.in, "\n")
	}
}

// structText returns a struct. Comments are beside fields whose types say less
// than C does.
func (l *goComposite) structText() string {
	if len(l.fields) == 0 {
		return "struct{}\n"
	}
	text := []byte("struct {\n\t_\vstructs.HostLayout\n")
	for _, f := range l.fields {
		text = append(text, "\t"+l.fieldName(f)+"\v"+f.text...)
		if f.part >= 0 {
			if p := l.parts[f.part]; p.opaque || strings.Contains(p.in, "*") {
				text = append(text, "\v// "+p.in...)
			}
		}
		text = append(text, '\n')
	}
	return tabulate(string(text)) + "}\n"
}

// fieldName returns the name of a field.
func (l *goComposite) fieldName(f goFieldAt) string {
	if f.part < 0 {
		return "_"
	}
	p := l.parts[f.part]
	return cmp.Or(p.bytes, p.name)
}

// putAsserts writes that Go finds the same numbers. What is wrong does not compile.
func putAsserts(b *strings.Builder, list []goAssert) {
	if len(list) == 0 {
		return
	}
	b.WriteString("\n// Sizes and offsets are those of C, in bytes, or this does not compile.\nvar (\n")
	for _, a := range list {
		put(b, "\t_ = [1]struct{}{}[unsafe.", a.what)
		if a.want != 0 {
			put(b, "-", strconv.FormatUint(a.want, 10))
		}
		b.WriteString("]\n")
	}
	b.WriteString(")\n")
}
