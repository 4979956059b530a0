package skeleton

import (
	"fmt"
	"strings"
)

// A field is a field of a struct, with the comment before it.
type field struct{ name, typ, comment string }

// structText declares a struct. Empty lines between its fields keep gofmt from putting them into columns.
func structText(name, comment string, fields []field) string {
	if len(fields) == 0 {
		return fmt.Sprintf("\n// %s %s\ntype %s struct{}\n", name, comment, name)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n// %s %s\ntype %s struct {", name, comment, name)
	for _, f := range fields {
		b.WriteByte('\n')
		if f.comment != "" {
			fmt.Fprintf(&b, "\t// %s %s\n", f.name, f.comment)
		}
		if f.name == "" {
			fmt.Fprintf(&b, "\t%s\n", f.typ)
			continue
		}
		fmt.Fprintf(&b, "\t%s %s\n", f.name, f.typ)
	}
	b.WriteString("}\n")
	return b.String()
}

// A linkField is the field of what keeps a program, or a struct of functions, attached.
type linkField struct{ field, of string }

// links returns the fields of all links.
func (s *Skeleton) links() (list []linkField) {
	for _, p := range s.progs {
		if p.link != "" {
			list = append(list, linkField{p.link, "program " + p.Name})
		}
	}
	for _, m := range s.maps {
		if m.ops != nil {
			list = append(list, linkField{m.link, m.Name})
		}
	}
	return list
}

// mapsText declares the fields of maps.
func (s *Skeleton) mapsText() string {
	var fields []field
	for _, m := range s.maps {
		fields = append(fields, field{m.field, m.typ, fmt.Sprintf("is %s, %s.", oneLine(m.key), m.doc())})
	}
	return structText(s.name+"Maps", "are the maps of the object.", fields)
}

// progsText declares the fields of programs and links.
func (s *Skeleton) progsText() string {
	var progs, links []field
	for _, p := range s.progs {
		progs = append(progs, field{p.field, p.typ, fmt.Sprintf("is %s, %s.", oneLine(p.Name), p.doc())})
	}
	for _, l := range s.links() {
		links = append(links, field{l.field, "link.Link", fmt.Sprintf("keeps %s attached.", oneLine(l.of))})
	}
	text := structText(s.name+"Progs", "are the programs of the object.", progs)
	if s.options.Sub {
		return text
	}
	return text + structText(s.name+"Links", "are what keeps programs attached, nil for those that are not.", links)
}

// areasText declares the sections of variables.
func (s *Skeleton) areasText() string {
	var b strings.Builder
	for _, a := range s.areas {
		fields := []field{{"", s.small + "Area", ""}}
		for _, v := range a.vars {
			fields = append(fields, field{v.field, s.name + a.typ + "[" + v.typ + "]", "is " + v.doc + "."})
		}
		b.WriteString(structText(s.name+a.field, "are the variables of section "+oneLine(a.name)+".", fields))
	}
	return b.String()
}

// doc says what a program is.
func (p *progField) doc() string {
	text := fmt.Sprintf("SEC(%q)", oneLine(p.Section))
	if !p.known {
		return text
	}
	text += ": " + strings.ReplaceAll(p.what.Type.String(), "_", " ")
	if p.what.Attaches {
		text += ", attach type " + p.what.Attach.String()
	}
	return text
}
