package prog

import (
	"bufio"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/decl"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

// An unloaded program is one of an object, with the functions that it calls.
type unloaded struct {
	object *elfobj.Object
	*elfobj.Func
}

// ObjectHeading says which program of an object what follows is about.
type ObjectHeading struct {
	Name    string `json:"name"`
	Section string `json:"section"`
}

// Plain implements [render.Fact].
func (h *ObjectHeading) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "name %s  section %s\n", render.Printable(h.Name), render.Printable(h.Section))
}

// A strangersListing is one of an object, whose names and lines of source nobody has looked
// at. (A kernel has, before it knows them.)
type strangersListing struct{ *listing }

// Plain implements [render.Fact].
func (l strangersListing) Plain(w *bufio.Writer) { render.Carefully(w, l.listing.Plain) }

func (u unloaded) heading() *ObjectHeading { return &ObjectHeading{u.Name, u.Section} }

// dumpObject answers "prog dump xlated object OBJ [PROGRAM] ...".
func dumpObject(c *call.Call) error {
	path, err := c.Args.Next(1)
	if err != nil {
		return err
	}
	object, err := elfobj.Open(path)
	if err != nil {
		return fmt.Errorf("object '%s': %s", path, names.Reason(err))
	}
	programs, err := pickPrograms(c.Args, object, path)
	if err != nil {
		return err
	}
	o, err := readDumpOptions(c, xlated, len(programs))
	if err != nil {
		return err
	}
	for _, u := range programs {
		o.missing(c.Talk, fmt.Sprintf("program '%s'", render.Printable(u.Name)), object.BTF != nil, len(u.Lines))
	}
	switch {
	case o.file != "":
		return save(c.Out, o.file, programs[0].code())
	case len(programs) == 1:
		return programs[0].dump(c.Out, o)
	}
	return each(c.Out, programs, func(u unloaded) error {
		return c.Out.Section(u.heading(), "insns", func() error { return u.dump(c.Out, o) })
	})
}

// pickPrograms reads the name of a program, if the next word is one, and returns
// it, or all programs of the object.
func pickPrograms(a *args.Args, object *elfobj.Object, path string) ([]unloaded, error) {
	functions := slices.Concat(object.Programs, object.Funcs)
	called := func(f *elfobj.Func) bool { return f.Name == a.Peek() }
	if i := slices.IndexFunc(functions, called); i >= 0 && a.Len() > 0 {
		_, err := a.Next(1)
		return []unloaded{{object, functions[i]}}, err
	}
	if a.Len() > 0 && !isDumpOption(a.Peek()) {
		return nil, render.Hinted{
			Err:  fmt.Errorf("no program with name '%s' in '%s'", a.Peek(), path),
			Hint: "it has " + namesOf(functions),
		}
	}
	if len(object.Programs) == 0 {
		return nil, render.Hinted{
			Err:  fmt.Errorf("no program in '%s'", path),
			Hint: "functions that are no programs are dumped by their names: it has " + namesOf(object.Funcs),
		}
	}
	var list []unloaded
	for _, f := range object.Programs {
		list = append(list, unloaded{object, f})
	}
	return list, nil
}

// mostListed is how many names a hint has.
const mostListed = 20

// namesOf returns the names of functions as a sentence has them.
func namesOf(functions []*elfobj.Func) string {
	var words []string
	for i, f := range functions {
		if i == mostListed {
			words = append(words, fmt.Sprintf("and %d more", len(functions)-i))
			break
		}
		words = append(words, f.Name)
	}
	if words == nil {
		return "none"
	}
	return strings.Join(words, ", ")
}

// isDumpOption reports whether a word abbreviates one that may follow the selector.
func isDumpOption(word string) bool {
	return slices.ContainsFunc([]string{"file", "opcodes", "visual", "linum"}, func(keyword string) bool {
		return strings.HasPrefix(keyword, word)
	})
}

// code returns the bytes of the program with the functions that it calls behind it.
func (u unloaded) code() (code []byte) {
	for _, f := range u.object.Link(u.Func) {
		code = append(code, f.Code...)
	}
	return code
}

// dump prints the program, or draws it.
func (u unloaded) dump(p *render.Printer, o dumpOptions) error {
	l, err := u.listing(o.style)
	if err != nil {
		return err
	}
	if o.visual != "" {
		return draw(p, u.heading().subject(), l, o)
	}
	return p.One(strangersListing{l})
}

// listing returns the instructions of the program, with the functions that it calls
// behind it.
func (u unloaded) listing(s style) (*listing, error) {
	n := &references{of: make(map[int]*elfobj.Reloc), variables: variablesOf(u.object)}
	l := &listing{names: n, linked: true, style: s}
	for _, f := range u.object.Link(u.Func) {
		insns, err := bytecode.Decode(f.Code, u.object.Order)
		if err != nil {
			return nil, fmt.Errorf("section %s: function %s: %w", f.Section, f.Name, err)
		}
		l.code = append(l.code, f.Code...)
		l.insns = append(l.insns, insns...)
		l.funcs = append(l.funcs, function{uint32(f.Start), u.signature(f.Func)})
		for _, s := range f.Lines {
			l.lines = append(l.lines, line{uint32(f.Start + s.Insn), true, s.File, s.Text, s.Line, s.Col})
		}
		for _, r := range f.Relocs {
			r.Table = shifted(r.Table, f.Start)
			n.of[f.Start+r.Insn] = &r
		}
		for _, r := range f.CORE {
			l.needs = append(l.needs, u.need(f.Start, r))
		}
	}
	return l, nil
}

// shifted returns numbers with n added to each.
func shifted(list []int, n int) []int {
	list = slices.Clone(list)
	for i := range list {
		list[i] += n
	}
	return list
}

// signature returns the head of a function, or its name without types.
func (u unloaded) signature(f *elfobj.Func) string {
	if id, ok := f.Type(); ok {
		if s := decl.Signature(u.object.BTF, id); s != "" {
			return s
		}
	}
	return f.Name
}

// need describes what an instruction of a function that starts at a slot needs to know
// of the kernel.
func (u unloaded) need(start int, r elfobj.CORERelo) need {
	return need{start + r.Insn, names.Relocation(r.Kind).String(), decl.Spell(u.object.BTF, r.Type), r.Access}
}

// references spell what the instructions of an object refer to. They implement
// [bytecode.Namer].
type references struct {
	of        map[int]*elfobj.Reloc // by slot
	variables map[place]string
}

// A place is where a variable lies in the value of a map.
type place struct {
	m   *elfobj.Map
	off int64
}

func variablesOf(object *elfobj.Object) map[place]string {
	list := make(map[place]string)
	for _, v := range object.Variables {
		list[place{v.Map, int64(v.Offset)}] = v.Name
	}
	return list
}

// AppendCall implements [bytecode.Namer].
func (n *references) AppendCall(b []byte, list []bytecode.Insn, at int) []byte {
	in, r := list[at], n.of[at]
	switch {
	case r != nil && r.Kind == elfobj.ToKfunc:
		return append(b, r.Extern.Name...)
	case r != nil && r.Func != nil:
		b = append(bytecode.AppendSigned(append(b, "pc"...), int64(in.Imm)), '#')
		return append(b, r.Func.Name...)
	case in.Src == bytecode.CallFunc:
		return bytecode.AppendSigned(append(b, "pc"...), int64(in.Imm))
	}
	name, ok := helper(in)
	if !ok {
		name = "unknown"
	}
	return strconv.AppendInt(append(append(b, name...), '#'), int64(in.Imm), 10)
}

// AppendLoad implements [bytecode.Namer].
func (n *references) AppendLoad(b []byte, list []bytecode.Insn, at int) []byte {
	r := n.of[at]
	if r == nil {
		return strconv.AppendUint(append(b, "0x"...), bytecode.Long(list, at), 16)
	}
	switch r.Kind {
	case elfobj.ToMap:
		return fmt.Appendf(b, "map[name:%s]", r.Map.Name)
	case elfobj.ToValue:
		b = fmt.Appendf(b, "map[name:%s][0]%+d", r.Map.Name, r.Offset)
		if name, ok := n.variables[place{r.Map, r.Offset}]; ok {
			b = fmt.Appendf(b, " <%s>", name)
		}
		return b
	case elfobj.ToFunc:
		return fmt.Appendf(b, "subprog[%+d] <%s>", list[at].Imm, r.Func.Name)
	case elfobj.ToTable:
		return append(b, "table"+strings.ReplaceAll(fmt.Sprint(r.Table), " ", ",")...)
	case elfobj.ToExtern:
		return appendExtern(b, r)
	}
	return strconv.AppendUint(append(b, "0x"...), bytecode.Long(list, at), 16)
}

// appendExtern appends what an object wants of the kernel.
func appendExtern(b []byte, r *elfobj.Reloc) []byte {
	kind := "ksym"
	switch r.Extern.Kind {
	case elfobj.Setting:
		kind = "kconfig"
	case elfobj.Undeclared:
		kind = "extern"
	}
	b = fmt.Appendf(b, "%s[name:%s]", kind, r.Extern.Name)
	if r.Offset != 0 {
		b = bytecode.AppendSigned(b, r.Offset)
	}
	return b
}
