package skeleton

import (
	"encoding/base64"
	"fmt"
	"io"
	"strings"
)

// imports returns what the skeleton's own code imports.
func (s *Skeleton) imports() []string {
	list := []string{"fmt", "github.com/cilium/ebpf", "github.com/cilium/ebpf/rlimit", "maps", "strings"}
	if len(s.progs)+len(s.ops()) > 0 {
		list = append(list, "github.com/cilium/ebpf/link")
	}
	if s.asksKernel() {
		list = append(list, "github.com/cilium/ebpf/btf")
	}
	if s.holdsText() {
		return append(list, "encoding/base64")
	}
	return append(list, "embed")
}

// holdsText reports whether the code holds the object that the skeleton reads, and no file does.
func (s *Skeleton) holdsText() bool {
	return s.options.File == "" || s.face != nil && !s.face.shared
}

// ops returns the structs of functions.
func (s *Skeleton) ops() (list []*mapField) {
	for _, m := range s.maps {
		if m.ops != nil {
			list = append(list, m)
		}
	}
	return list
}

// constructor returns the name of the function that makes a skeleton.
func (s *Skeleton) constructor() string {
	if s.options.Sub {
		return "New" + s.name
	}
	return "Open" + s.name
}

// life declares the skeleton itself, and the steps of its life.
func (s *Skeleton) life() string {
	var b strings.Builder
	fmt.Fprintf(&b, `
// %[1]s is the object %[2]s: Open%[1]s reads it, and everything may be changed; Load brings it
// into the kernel; Attach puts it to work; Close ends that.
type %[1]s struct {
	// Spec is what Load loads.
	Spec *ebpf.CollectionSpec

	Maps  %[1]sMaps
	Progs %[1]sProgs
	Links %[1]sLinks
`, s.name, oneLine(s.options.Name))
	for _, a := range s.areas {
		fmt.Fprintf(&b, "\n\t// %s has the variables of section %s.\n\t%s %s%s\n", a.field, oneLine(a.name), a.field, s.name, a.field)
	}
	b.WriteString("\n\tcoll *ebpf.Collection\n}\n")
	s.writeOpen(&b)
	s.writeLoad(&b)
	s.writeAttach(&b)
	return b.String()
}

// writeOpen declares the function that reads the object.
func (s *Skeleton) writeOpen(b *strings.Builder) {
	object := s.small + "Object"
	reader := "strings.NewReader(" + object + ")"
	decode := ""
	if s.face != nil {
		reader = "strings.NewReader(string(" + s.face.bytes() + "))"
	}
	if s.holdsText() {
		decode = fmt.Sprintf(`	object, err := base64.StdEncoding.DecodeString(%s)
	if err != nil {
		return nil, fmt.Errorf("open %s: %%w", err)
	}
`, object, oneLine(s.options.Name))
		reader = "strings.NewReader(string(object))"
	}
	fmt.Fprintf(b, `
// Open%[1]s reads the object, and does nothing to the kernel.
func Open%[1]s() (*%[1]s, error) {
%[2]s	spec, err := ebpf.LoadCollectionSpecFromReader(%[3]s)
	if err != nil {
		return nil, fmt.Errorf("open %[4]s: %%w", err)
	}
	s := &%[1]s{Spec: spec}
`, s.name, decode, reader, oneLine(s.options.Name))
	s.writeChanges(b)
	for _, m := range s.maps {
		if m.ops != nil {
			s.writeOps(b, m)
			continue
		}
		fmt.Fprintf(b, "\ts.Maps.%s.open(spec, %q, %d, %d)\n", m.field, m.key, m.keySize, m.valueSize)
		if m.inner != "" {
			fmt.Fprintf(b, "\ts.Maps.%s.inner = %s\n", m.field, m.inner)
		}
	}
	s.writeUSDT(b)
	for _, p := range s.progs {
		link := "nil"
		if p.link != "" {
			link = "&s.Links." + p.link
		}
		fmt.Fprintf(b, "\ts.Progs.%s.open(spec, %q, %t, %s)\n", p.field, p.Name, p.load, link)
		if p.auto {
			fmt.Fprintf(b, "\ts.Progs.%s.Autoattach = true\n", p.field)
		}
		for _, init := range p.init {
			fmt.Fprintf(b, "\ts.Progs.%s.%s\n", p.field, init)
		}
	}
	for _, a := range s.areas {
		fmt.Fprintf(b, "\ts.%s.%sArea.open(spec, %q)\n", a.field, s.small, a.section)
		for _, v := range a.vars {
			fmt.Fprintf(b, "\ts.%[1]s.%[2]s.open(&s.%[1]s.%[3]sArea, %[4]q, %[5]d)\n", a.field, v.field, s.small, v.name, v.offset)
		}
	}
	b.WriteString("\treturn s, nil\n}\n")
}

// writeLoad declares the methods that bring the object into the kernel.
func (s *Skeleton) writeLoad(b *strings.Builder) {
	name := oneLine(s.options.Name)
	fmt.Fprintf(b, `
// Load loads all maps and those programs whose Autoload is set, or nothing at all.
func (s *%[1]s) Load() error {
	return s.LoadWithOptions(ebpf.CollectionOptions{})
}

// LoadWithOptions is Load, which may use maps that are there already, or tell what the verifier says.
func (s *%[1]s) LoadWithOptions(options ebpf.CollectionOptions) error {
	if s.coll != nil {
		return fmt.Errorf("load %[2]s: loaded already")
	}
	if err := rlimit.RemoveMemlock(); err != nil {
		return fmt.Errorf("load %[2]s: %%w", err)
	}
%[3]s	spec := *s.Spec
	spec.Maps, spec.Programs = maps.Clone(spec.Maps), maps.Clone(spec.Programs)
`, s.name, name, s.pinPath())
	if len(s.progs) > 0 {
		b.WriteString("\tfor _, p := range s.programs() {\n\t\tif !p.Autoload {\n\t\t\tdelete(spec.Programs, p.name)\n\t\t}\n\t}\n")
	}
	s.writeSteps(b)
	fmt.Fprintf(b, `	coll, err := ebpf.NewCollectionWithOptions(&spec, options)
	if err != nil {
		return fmt.Errorf("load %s: %%w", err)
	}
`, name)
	b.WriteString("\ts.coll = coll\n")
	fields := s.mapFields()
	if len(fields) > 0 {
		fmt.Fprintf(b, "\tfor _, m := range s.maps() {\n\t\tif err := m.loaded(coll.Maps[m.name]); err != nil {\n\t\t\ts.Close()\n\t\t\treturn fmt.Errorf(\"load %s: %%w\", err)\n\t\t}\n\t}\n", name)
	}
	for _, m := range s.ops() {
		fmt.Fprintf(b, "\tif err := s.Maps.%s.loaded(coll, options.Cache); err != nil {\n\t\ts.Close()\n\t\treturn fmt.Errorf(\"load %s: %%w\", err)\n\t}\n", m.field, name)
	}
	if len(s.progs) > 0 {
		b.WriteString("\tfor _, p := range s.programs() {\n\t\tp.Program = coll.Programs[p.name]\n\t}\n")
	}
	s.writeBinding(b)
	for _, a := range s.areas {
		fmt.Fprintf(b, "\ts.%s.%sArea.loaded(coll)\n", a.field, s.small)
	}
	b.WriteString("\treturn nil\n}\n")
	s.writeList(b, "maps", "AnyMap", fields)
	s.writeList(b, "programs", "Prog", s.progFields())
}

// pinPath sets where maps are pinned by their names, if any are.
func (s *Skeleton) pinPath() string {
	for _, m := range s.maps {
		if m.Def.Pinning != 0 {
			return "\tif options.Maps.PinPath == \"\" {\n\t\toptions.Maps.PinPath = \"/sys/fs/bpf\"\n\t}\n"
		}
	}
	return ""
}

func (s *Skeleton) mapFields() (list []string) {
	for _, m := range s.maps {
		if m.ops != nil {
			continue
		}
		list = append(list, s.anyMap(m))
	}
	return list
}

// anyMap is what a map has in common with all others.
func (s *Skeleton) anyMap(m *mapField) string {
	field := "&s.Maps." + m.field
	if m.typ != s.name+"AnyMap" {
		field += "." + s.name + "AnyMap"
	}
	return field
}

func (s *Skeleton) progFields() (list []string) {
	for _, p := range s.progs {
		field := "&s.Progs." + p.field
		if p.typ != s.name+"Prog" {
			field += "." + s.name + "Prog"
		}
		list = append(list, field)
	}
	return list
}

// writeList declares a method that returns what all maps, or all programs, have in common.
func (s *Skeleton) writeList(b *strings.Builder, method, typ string, fields []string) {
	if len(fields) == 0 {
		return
	}
	fmt.Fprintf(b, "\nfunc (s *%[1]s) %[2]s() []*%[1]s%[3]s {\n\treturn []*%[1]s%[3]s{\n", s.name, method, typ)
	for _, field := range fields {
		fmt.Fprintf(b, "\t\t%s,\n", field)
	}
	b.WriteString("\t}\n}\n")
}

// writeAttach declares the methods that put the programs to work, and end that.
func (s *Skeleton) writeAttach(b *strings.Builder) {
	fmt.Fprintf(b, `
// Collection has all that is loaded, for what is bound to it. It is nil before Load, and is closed by Close.
func (s *%[1]s) Collection() *ebpf.Collection {
	return s.coll
}
`, s.name)
	var autos []string
	for _, p := range s.progs {
		if p.auto {
			autos = append(autos, "&s.Progs."+p.field)
		}
	}
	for _, m := range s.ops() {
		autos = append(autos, "&s.Maps."+m.field)
	}
	fmt.Fprintf(b, "\n// Attach attaches what the sections of programs say where to attach, all of it or nothing.\nfunc (s *%s) Attach() error {\n", s.name)
	fmt.Fprintf(b, "\tif s.coll == nil {\n\t\treturn fmt.Errorf(\"attach %s: not loaded\")\n\t}\n", oneLine(s.options.Name))
	if len(autos) == 0 {
		b.WriteString("\treturn nil\n")
	} else {
		fmt.Fprintf(b, "\treturn %[1]sAttach([]%[1]sAttacher{\n", s.small)
		for _, a := range autos {
			fmt.Fprintf(b, "\t\t%s,\n", a)
		}
		b.WriteString("\t})\n")
	}
	fmt.Fprintf(b, "}\n\n// Detach takes everything off that is attached, and keeps it loaded.\nfunc (s *%s) Detach() {\n", s.name)
	for _, m := range s.ops() {
		fmt.Fprintf(b, "\ts.Maps.%s.Detach()\n", m.field)
	}
	if len(s.links()) > 0 {
		b.WriteString("\tfor _, l := range s.links() {\n\t\tif *l != nil {\n\t\t\t(*l).Close()\n\t\t\t*l = nil\n\t\t}\n\t}\n")
	}
	fmt.Fprintf(b, `}

// Close takes everything off and out of the kernel, unless it is pinned or used by others. It may be loaded again.
func (s *%s) Close() {
	s.Detach()
	if s.coll == nil {
		return
	}
	s.coll.Close()
	s.coll = nil
`, s.name)
	if len(s.mapFields()) > 0 {
		b.WriteString("\tfor _, m := range s.maps() {\n\t\tm.Map = nil\n\t}\n")
	}
	for _, m := range s.ops() {
		fmt.Fprintf(b, "\ts.Maps.%s.Map = nil\n", m.field)
	}
	if len(s.progs) > 0 {
		b.WriteString("\tfor _, p := range s.programs() {\n\t\tp.Program = nil\n\t}\n")
	}
	for _, a := range s.areas {
		fmt.Fprintf(b, "\ts.%s.%sArea.closed()\n", a.field, s.small)
	}
	b.WriteString("}\n")
	if len(s.links()) == 0 {
		return
	}
	fmt.Fprintf(b, "\nfunc (s *%s) links() []*link.Link {\n\treturn []*link.Link{\n", s.name)
	for _, l := range s.links() {
		fmt.Fprintf(b, "\t\t&s.Links.%s,\n", l.field)
	}
	b.WriteString("\t}\n}\n")
}

// writeObject writes the object itself, or where it is.
func (s *Skeleton) writeObject(w io.Writer) error {
	if s.face != nil {
		if _, err := io.WriteString(w, s.face.object(s.options.File)); err != nil || s.face.shared {
			return err
		}
	}
	if !s.holdsText() {
		_, err := fmt.Fprintf(w, "\n//go:embed %s\nvar %sObject string\n", s.options.File, s.small)
		return err
	}
	if _, err := fmt.Fprintf(w, "\nconst %sObject = `", s.small); err != nil {
		return err
	}
	const line = 57 // bytes that become a line of 76 characters
	text := make([]byte, 0, base64.StdEncoding.EncodedLen(len(s.adapted.Data))*78/76+2)
	for rest := s.adapted.Data; len(rest) > 0; {
		n := min(line, len(rest))
		text = base64.StdEncoding.AppendEncode(append(text, '\n'), rest[:n])
		rest = rest[n:]
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n`\n")
	return err
}
