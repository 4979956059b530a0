package btfdiff

import (
	"bytes"
	"debug/elf"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	cilium "github.com/cilium/ebpf/btf"
	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/unpack"
)

// TestKernels compares real kernels, and compares what is found with what
// another library and a comparison of texts find.
func TestKernels(t *testing.T) {
	const lab = "../../.lab/kernels/"
	oldest, running, newest := lab+"bullseye-security/boot/vmlinuz-*", "/sys/kernel/btf/vmlinux", lab+"trixie-backports/usr/lib/modules/*/vmlinuz"
	t.Run("oldest and running", func(t *testing.T) { compareKernels(t, kernel(t, oldest), kernel(t, running)) })
	t.Run("running and newest", func(t *testing.T) { compareKernels(t, kernel(t, running), kernel(t, newest)) })
}

// kernel returns the file that a pattern stands for.
func kernel(t *testing.T, pattern string) string {
	found, _ := filepath.Glob(pattern)
	if len(found) > 0 {
		return found[0]
	}
	why := fmt.Sprintf("no %s: make lab gets kernels, and that which runs has types if it was built with CONFIG_DEBUG_INFO_BTF", pattern)
	if os.Getenv("GOBPFTOOL_REQUIRE") == "all" {
		t.Fatal(why)
	}
	t.Skip(why)
	return ""
}

func compareKernels(t *testing.T, oldPath, newPath string) {
	d, err := New(open(t, oldPath), open(t, newPath), Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	old, new := readPlainly(t, oldPath), readPlainly(t, newPath)
	for c := range Classes {
		got := make(tally)
		fields := make(map[string][]string)
		for f, err := range d.Findings(c) {
			if err != nil {
				t.Fatal(err)
			}
			got.add(f.Name, f.Change, 1)
			for _, p := range f.Fields {
				fields[f.Name] = append(fields[f.Name], fieldLines(p)...)
			}
			for _, v := range f.Values {
				fields[f.Name] = append(fields[f.Name], valueLine(v))
			}
		}
		want := compareTexts(old.texts[c], new.texts[c])
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%.5000s", c, diff)
		}
		n := 0
		for name := range got {
			n += checkParts(t, c, name, old, new, fields[name])
		}
		t.Logf("%s: %d names with changes, %d changes of parts", c, len(got), n)
	}
}

func open(t *testing.T, path string) *btf.Spec {
	s, err := btf.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A tally counts by names what happened to types.
type tally map[string]map[Change]int

func (t tally) add(name string, c Change, n int) {
	if n == 0 {
		return
	}
	if t[name] == nil {
		t[name] = make(map[Change]int)
	}
	t[name][c] += n
}

// compareTexts compares what types are made of as texts.
func compareTexts(old, new map[string][]string) tally {
	t := make(tally)
	for name := range old {
		if new[name] == nil {
			new[name] = []string{}
		}
	}
	for name, texts := range new {
		gone, more := difference(old[name], texts), difference(texts, old[name])
		both := min(len(gone), len(more))
		t.add(name, Changed, both)
		t.add(name, Removed, len(gone)-both)
		t.add(name, Added, len(more)-both)
	}
	return t
}

// difference returns what is in a more often than in b.
func difference(a, b []string) (list []string) {
	count := make(map[string]int)
	for _, s := range b {
		count[s]++
	}
	for _, s := range a {
		if count[s]--; count[s] < 0 {
			list = append(list, s)
		}
	}
	return list
}

// fieldLines writes what changed about a field, a line for each side of it.
func fieldLines(p Field) []string {
	switch p.Change {
	case Added:
		return []string{"+ " + p.Name}
	case Removed:
		return []string{"- " + p.Name}
	case Renamed:
		return []string{"- " + p.Was, "+ " + p.Name}
	}
	line := "~ " + p.Name
	if p.Offset != nil {
		line += fmt.Sprintf(" offset %d %d", *p.Offset.Old, *p.Offset.New)
	}
	if p.Bits != nil {
		line += fmt.Sprintf(" bits %d %d", *p.Bits.Old, *p.Bits.New)
	}
	if p.Type != nil {
		line += " type"
	}
	return []string{line}
}

func valueLine(v Value) string {
	switch v.Change {
	case Added:
		return "+ " + v.Name + " = " + v.Value.New.String()
	case Removed:
		return "- " + v.Name + " = " + v.Value.Old.String()
	}
	return "~ " + v.Name + " = " + v.Value.Old.String() + " " + v.Value.New.String()
}

// checkParts compares the changes that were found within one type, if it is the
// only one of its name, with those between two lists. It returns how many there
// are.
func checkParts(t *testing.T, c Class, name string, old, new *plainly, got []string) int {
	a, b := old.parts[c][name], new.parts[c][name]
	if len(a) != 1 || len(b) != 1 || hasTwins(a[0]) || hasTwins(b[0]) {
		return 0
	}
	want := compareLists(a[0], b[0])
	got = slices.DeleteFunc(got, func(line string) bool { return !isComparable(a[0], b[0], strings.Fields(line)[1]) })
	if len(want)+len(got) == 0 {
		return 0
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s %s (-want +got):\n%s", c, name, diff)
	}
	return len(want)
}

func hasTwins(parts map[string]part) bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(parts)), func(path string) bool { return strings.Contains(path, twin) })
}

// compareLists compares parts by their paths. Those within what only one side
// has do not count.
func compareLists(old, new map[string]part) []string {
	var lines []string
	for path, p := range old {
		q, ok := new[path]
		switch {
		case !isComparable(old, new, path):
		case !ok && p.value != "":
			lines = append(lines, "- "+path+" = "+p.value)
		case !ok:
			lines = append(lines, "- "+path)
		case p.value != "" && p.raw != q.raw:
			lines = append(lines, "~ "+path+" = "+p.value+" "+q.value)
		case p.value == "":
			line := "~ " + path
			if p.off != q.off {
				line += fmt.Sprintf(" offset %d %d", p.off, q.off)
			}
			if p.bits != q.bits {
				line += fmt.Sprintf(" bits %d %d", p.bits, q.bits)
			}
			if p.typ != q.typ {
				line += " type"
			}
			if line != "~ "+path {
				lines = append(lines, line)
			}
		}
	}
	for path, q := range new {
		if _, ok := old[path]; !ok && isComparable(old, new, path) {
			if q.value != "" {
				path += " = " + q.value
			}
			lines = append(lines, "+ "+path)
		}
	}
	return lines
}

// isComparable reports whether what has a part is the same kind of thing on both
// sides.
func isComparable(old, new map[string]part, path string) bool {
	in := old[path].in
	if _, ok := old[path]; !ok {
		in = new[path].in
	}
	if in == "" {
		return true
	}
	return old[in].inner == new[in].inner && old[in].inner != "" && isComparable(old, new, in)
}

// A part is a field, or a value of an enumeration.
type part struct {
	off, bits  uint64
	typ, value string
	raw        uint64 // of a value, as far as it is known
	in         string // the path of the field that it is within
	inner      string // how fields are within it
}

// plainly is the content of a kernel as texts, by class and name.
type plainly struct {
	texts [Classes]map[string][]string
	parts [Classes]map[string][]map[string]part
}

// readPlainly reads the types of a kernel by another library.
func readPlainly(t *testing.T, path string) *plainly {
	f, err := unpack.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	raw, err := os.ReadFile(path)
	if f.IsELF() {
		var object *elf.File
		if object, err = elf.NewFile(f); err == nil {
			raw, err = object.Section(".BTF").Data()
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	spec, err := cilium.LoadSpecFromReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	p := new(plainly)
	for c := range Classes {
		p.texts[c], p.parts[c] = make(map[string][]string), make(map[string][]map[string]part)
	}
	var types []cilium.Type
	for typ, err := range spec.All() {
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, typ)
	}
	for _, typ := range types {
		p.read(typ)
	}
	p.forwards(types)
	p.loose(types)
	return p
}

// read adds a type.
func (p *plainly) read(typ cilium.Type) {
	parts := make(map[string]part)
	c, text := Structs, ""
	switch t := typ.(type) {
	case *cilium.Struct:
		members(parts, "", "", 0, t.Members)
		text = fmt.Sprintf("struct %d", t.Size)
	case *cilium.Union:
		members(parts, "", "", 0, t.Members)
		text = fmt.Sprintf("union %d", t.Size)
	case *cilium.Enum:
		c = Enums
		values(parts, "", t)
		text = fmt.Sprint(t.Size)
	case *cilium.Typedef:
		c = Typedefs
		text = spell(t.Type)
		in := part{}
		inPlace(parts, "", "typedef", 0, t.Type, &in.inner)
		parts["typedef"] = in
		text += in.inner
	case *cilium.Int:
		c = Numbers
		text = fmt.Sprint(t.Size, t.Encoding&cilium.Signed)
	case *cilium.Float:
		c = Numbers
		text = fmt.Sprint(t.Size)
	case *cilium.Func:
		c = Functions
		text = fmt.Sprint(t.Linkage, spell(t.Type))
	case *cilium.Var:
		c = Variables
		text = fmt.Sprint(t.Linkage, spell(t.Type))
	case *cilium.Datasec:
		c = Sections
		text = fmt.Sprint(t.Size)
		for _, v := range t.Vars {
			parts[v.Type.TypeName()] = part{off: 8 * uint64(v.Offset)}
		}
	default:
		return
	}
	if name := typ.TypeName(); name != "" {
		p.texts[c][name] = append(p.texts[c][name], text+write(parts))
		p.parts[c][name] = append(p.parts[c][name], parts)
	}
}

// forwards adds what is declared and not defined.
func (p *plainly) forwards(types []cilium.Type) {
	found := make(map[string][]string)
	for _, typ := range types {
		if f, ok := typ.(*cilium.Fwd); ok && p.texts[Structs][f.Name] == nil {
			found[f.Name] = append(found[f.Name], fmt.Sprint("forward", f.Kind))
		}
	}
	for name, texts := range found {
		p.texts[Structs][name] = texts
	}
}

// loose adds the values of enumerations that have no name and that nothing has.
func (p *plainly) loose(types []cilium.Type) {
	used := make(map[cilium.Type]bool)
	for _, typ := range types {
		switch t := typ.(type) {
		case *cilium.Struct:
			for _, m := range t.Members {
				used[m.Type] = true
			}
		case *cilium.Union:
			for _, m := range t.Members {
				used[m.Type] = true
			}
		case *cilium.Array:
			used[t.Type] = true
		case *cilium.Pointer:
			used[t.Target] = true
		case *cilium.Typedef:
			used[t.Type] = true
		case *cilium.Const:
			used[t.Type] = true
		case *cilium.Volatile:
			used[t.Type] = true
		}
	}
	found := make(map[string][]string)
	for _, typ := range types {
		if e, ok := typ.(*cilium.Enum); ok && e.Name == "" && !used[typ] {
			for _, v := range e.Values {
				found[v.Name] = append(found[v.Name], fmt.Sprint(raw(e, v)))
			}
		}
	}
	var lines []string
	for name, values := range found {
		slices.Sort(values)
		lines = append(lines, name+fmt.Sprint(values))
	}
	slices.Sort(lines)
	p.texts[Enums]["(anon)"] = []string{strings.Join(lines, "\n")}
}

// twin follows the names of fields that several have.
const twin = "'"

// members adds the fields of a struct within another one.
func members(parts map[string]part, path, in string, base uint64, list []cilium.Member) {
	for _, m := range list {
		off := base + uint64(m.Offset)
		if m.Name == "" {
			switch t := cilium.UnderlyingType(m.Type).(type) {
			case *cilium.Struct:
				members(parts, path, in, off, t.Members)
				continue
			case *cilium.Union:
				members(parts, path, in, off, t.Members)
				continue
			}
		}
		name := path + m.Name
		if m.Name == "" {
			name += "(anon)"
		}
		for _, twice := parts[name]; twice; _, twice = parts[name] {
			name += twin
		}
		p := part{off: off, bits: uint64(m.BitfieldSize), typ: spell(m.Type), in: in}
		inPlace(parts, name, name, off, m.Type, &p.inner)
		parts[name] = p
	}
}

// inPlace adds what a field, or a typedef, is made of, if that has no name, and sets
// how to what kind of thing this is.
func inPlace(parts map[string]part, path, in string, off uint64, typ cilium.Type, how *string) {
	via := ""
	for {
		typ = unqualified(typ)
		if a, ok := typ.(*cilium.Array); ok {
			typ = a.Type
			via += "[]"
		} else if p, ok := typ.(*cilium.Pointer); ok {
			typ, off = p.Target, 0
			via += "->"
		} else if t, ok := typ.(*cilium.TypeTag); ok {
			typ = t.Type
		} else {
			break
		}
	}
	if typ.TypeName() != "" {
		return
	}
	if !strings.HasSuffix(via, "->") && path+via != "" {
		via += "."
	}
	switch t := typ.(type) {
	case *cilium.Struct:
		*how += via + "struct"
		if path == "" && via == "" {
			*how += fmt.Sprint(t.Size)
		}
		members(parts, path+via, in, off, t.Members)
	case *cilium.Union:
		*how += via + "union"
		if path == "" && via == "" {
			*how += fmt.Sprint(t.Size)
		}
		members(parts, path+via, in, off, t.Members)
	case *cilium.Enum:
		*how += via + "enum"
		values(parts, in, t)
	}
}

func values(parts map[string]part, in string, e *cilium.Enum) {
	for _, v := range e.Values {
		value := fmt.Sprint(v.Value)
		switch {
		case e.Signed:
			value = fmt.Sprint(int64(v.Value))
		case e.Size < 8:
			value = fmt.Sprint(uint32(v.Value))
		}
		parts[v.Name] = part{value: value, raw: raw(e, v), in: in}
	}
}

// raw returns what is known of a value: before Linux 6.1, its sign is not.
func raw(e *cilium.Enum, v cilium.EnumValue) uint64 {
	if e.Size < 8 {
		return uint64(uint32(v.Value))
	}
	return v.Value
}

// write writes parts as a text, in which values are as far as they are known.
func write(parts map[string]part) string {
	var lines []string
	for path, p := range parts {
		lines = append(lines, fmt.Sprintf("\n%s %d %d %s %d", path, p.off, p.bits, p.typ, p.raw))
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// unqualified takes off qualifiers.
func unqualified(typ cilium.Type) cilium.Type {
	switch t := typ.(type) {
	case *cilium.Const:
		return unqualified(t.Type)
	case *cilium.Volatile:
		return unqualified(t.Type)
	case *cilium.Restrict:
		return unqualified(t.Type)
	}
	return typ
}

// spell writes a type down to the next name.
func spell(typ cilium.Type) string {
	switch t := typ.(type) {
	case *cilium.Pointer:
		return "*" + spell(t.Target)
	case *cilium.Const:
		return qualify("const ", t.Type)
	case *cilium.Volatile:
		return qualify("volatile ", t.Type)
	case *cilium.Restrict:
		return qualify("restrict ", t.Type)
	case *cilium.TypeTag:
		return t.Value + " " + spell(t.Type)
	case *cilium.Array:
		return fmt.Sprintf("[%d]%s", t.Nelems, spell(t.Type))
	case *cilium.Struct, *cilium.Union:
		return fmt.Sprintf("%T %s", t, t.TypeName())
	case *cilium.Fwd:
		return map[cilium.FwdKind]string{cilium.FwdStruct: "*btf.Struct ", cilium.FwdUnion: "*btf.Union "}[t.Kind] + t.Name
	case *cilium.Enum:
		return "enum " + t.Name
	case *cilium.FuncProto:
		text := "("
		for _, p := range t.Params {
			text += p.Name + " " + spell(p.Type) + ","
		}
		return text + ")" + spell(t.Return)
	}
	return fmt.Sprintf("%T %s", typ, typ.TypeName())
}

// qualify writes a qualifier, but not for what needs none. GCC writes them in
// one order.
func qualify(word string, typ cilium.Type) string {
	switch unqualified(typ).(type) {
	case *cilium.Array, *cilium.FuncProto:
		return spell(unqualified(typ))
	}
	return word + spell(typ)
}
