package skeleton

import (
	"fmt"
	"strings"
)

// imports returns what the text needs.
func (f *face) imports() []string {
	list := []string{"bytes", "embed", "errors", "fmt", "github.com/cilium/ebpf", "io"}
	if f.types.structs {
		list = append(list, "structs")
	}
	return list
}

// text writes the declarations, but for the object itself.
func (f *face) text() string {
	var b strings.Builder
	for _, t := range f.types.list {
		b.WriteString(t.text)
	}
	f.writeNames(&b)
	f.writeFunctions(&b)
	f.writeSpecs(&b)
	f.writeObjects(&b)
	return b.String()
}

// writeNames declares constants for the names of all parts.
func (f *face) writeNames(b *strings.Builder) {
	var rows []row
	for _, part := range []struct {
		word  string
		names []named
	}{{"Map", f.maps}, {"Prog", f.progs}, {"Var", f.vars}} {
		for _, n := range part.names {
			rows = append(rows, row{f.Ident + part.word + n.ident, fmt.Sprintf("= %q", n.name)})
		}
	}
	if len(rows) > 0 {
		b.WriteString("\n// The names of maps, programs and variables in the object.\nconst (\n" + columns(rows, "\t") + ")\n")
	}
}

func (f *face) writeFunctions(b *strings.Builder) {
	fmt.Fprintf(b, `
// %[1]s reads the object as it was compiled, and does nothing to the kernel.
func %[1]s() (*ebpf.CollectionSpec, error) {
	spec, err := ebpf.LoadCollectionSpecFromReader(bytes.NewReader(%[3]s))
	if err != nil {
		return nil, fmt.Errorf("can't load %[2]s: %%w", err)
	}
	return spec, nil
}

// %[1]sObjects loads what a pointer to a struct asks for, such as a %[2]sObjects, %[2]sPrograms or
// %[2]sMaps: see ebpf.CollectionSpec.LoadAndAssign. opts may be nil.
func %[1]sObjects(obj any, opts *ebpf.CollectionOptions) error {
	spec, err := %[1]s()
	if err != nil {
		return err
	}
	return spec.LoadAndAssign(obj, opts)
}
`, f.load(), f.Ident, f.bytes())
}

// writeSpecs declares structs for what is not loaded yet.
func (f *face) writeSpecs(b *strings.Builder) {
	f.writeStruct(b, "ProgramSpecs", "are the programs before they are loaded, for ebpf.CollectionSpec.Assign.", "ProgramSpec", f.progs)
	f.writeStruct(b, "MapSpecs", "are the maps before they are loaded, for ebpf.CollectionSpec.Assign.", "MapSpec", f.maps)
	f.writeStruct(b, "VariableSpecs", "are the variables before they are loaded, for ebpf.CollectionSpec.Assign.", "VariableSpec", f.vars)
	fmt.Fprintf(b, "\n// %[1]sSpecs is all of the object before it is loaded, for ebpf.CollectionSpec.Assign.\ntype %[1]sSpecs struct {\n\t%[1]sProgramSpecs\n\t%[1]sMapSpecs\n\t%[1]sVariableSpecs\n}\n", f.Ident)
}

// writeObjects declares structs for what is loaded, and how that ends.
func (f *face) writeObjects(b *strings.Builder) {
	f.writeStruct(b, "Programs", "are the programs once they are loaded.", "Program", f.progs)
	f.writeStruct(b, "Maps", "are the maps once they are loaded.", "Map", f.maps)
	f.writeStruct(b, "Variables", "are the variables once they are loaded.", "Variable", f.vars)
	fmt.Fprintf(b, "\n// %[1]sObjects is all of the object once it is loaded, for %[2]sObjects.\ntype %[1]sObjects struct {\n\t%[1]sPrograms\n\t%[1]sMaps\n\t%[1]sVariables\n}\n", f.Ident, f.load())
	for _, part := range []struct {
		word  string
		names []named
	}{{"Programs", f.progs}, {"Maps", f.maps}} {
		var fields []string
		for _, n := range part.names {
			fields = append(fields, "o."+n.field())
		}
		f.writeClose(b, part.word, fields)
	}
	f.writeClose(b, "Objects", []string{"&o." + f.Ident + "Programs", "&o." + f.Ident + "Maps"})
	fmt.Fprintf(b, `
func %s(list ...io.Closer) error {
	var all []error
	for _, c := range list {
		all = append(all, c.Close())
	}
	return errors.Join(all...)
}
`, f.closer())
}

// writeStruct declares a struct with a field for each of a list, all of the same type.
func (f *face) writeStruct(b *strings.Builder, word, about, typ string, list []named) {
	fmt.Fprintf(b, "\n// %[1]s%[2]s %[3]s\ntype %[1]s%[2]s struct", f.Ident, word, about)
	if len(list) == 0 {
		b.WriteString("{}\n")
		return
	}
	var rows []row
	for _, n := range list {
		rows = append(rows, row{n.field(), fmt.Sprintf("*ebpf.%s `ebpf:%q`", typ, n.name)})
	}
	b.WriteString(" {\n" + columns(rows, "\t") + "}\n")
}

func (f *face) writeClose(b *strings.Builder, word string, fields []string) {
	receiver := "o *"
	if len(fields) == 0 {
		receiver = "*"
	}
	fmt.Fprintf(b, "\n// Close takes them out of the kernel, unless they are pinned or used by others.\nfunc (%s%s%s) Close() error {\n\treturn %s(", receiver, f.Ident, word, f.closer())
	if len(fields) > 0 {
		b.WriteString("\n\t\t" + strings.Join(fields, ",\n\t\t") + ",\n\t")
	}
	b.WriteString(")\n}\n")
}

// object declares the object as it was compiled.
func (f *face) object(file string) string {
	return fmt.Sprintf("\n//go:embed %q\nvar %s []byte\n", file, f.bytes())
}

// A row is a line, or more than one, of which the first column is as wide as that of its neighbours.
type row struct{ name, rest string }

// columns writes rows as gofmt does: a row of several lines is the last of its neighbours.
func columns(rows []row, indent string) string {
	var b strings.Builder
	for len(rows) > 0 {
		width, n := 0, 0
		for n < len(rows) {
			width = max(width, len([]rune(rows[n].name)))
			n++
			if strings.Contains(rows[n-1].rest, "\n") {
				break
			}
		}
		for _, r := range rows[:n] {
			fmt.Fprintf(&b, "%s%-*s %s\n", indent, width, r.name, r.rest)
		}
		rows = rows[n:]
	}
	return b.String()
}
