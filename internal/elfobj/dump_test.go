package elfobj

import (
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// dump writes down what an object holds, one thing a line.
func dump(o *Object) string {
	var b strings.Builder
	line := func(format string, args ...any) {
		fmt.Fprintln(&b, strings.TrimRight(fmt.Sprintf(format, args...), " "))
	}
	line("license %q version %#x", o.License, o.Version)
	for _, f := range o.Programs {
		line("program %s", dumpFunc(o, f))
	}
	for _, f := range o.Funcs {
		line("func %s", dumpFunc(o, f))
	}
	for _, m := range o.Maps {
		line("map %s %s+%d%s: %s%s", m.Name, m.Section, m.Offset, flags(m.Static, m.Weak, m.Hidden), dumpDef(o, &m.Def), dumpSlots(m))
		if m.Kind != Legacy && m.Data != nil {
			line("  data %x", m.Data)
		}
	}
	for _, v := range o.Variables {
		line("variable %s %s+%d %d bytes %v%s: %s in %s", v.Name, v.Section, v.Offset, v.Size, v.Linkage, flags(false, v.Weak, v.Hidden), dumpType(o, v.Type), v.Map.Name)
	}
	for _, e := range o.Externs {
		line("extern %s kind %d%s: %s at %d %d bytes", e.Name, e.Kind, flags(false, e.Weak, false), dumpType(o, e.Type), e.Offset, e.Size)
	}
	return b.String()
}

func flags(static, weak, hidden bool) (s string) {
	for i, f := range []bool{static, weak, hidden} {
		if f {
			s += []string{" static", " weak", " hidden"}[i]
		}
	}
	return s
}

func dumpFunc(o *Object, f *Func) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s+%d %d insns%s", f.Name, f.Section, f.Offset, len(f.Code)/insnLen, flags(f.Static, f.Weak, f.Hidden))
	if id, ok := f.Type(); ok {
		fmt.Fprintf(&b, " typed %s", dumpType(o, id))
	}
	for _, r := range f.Relocs {
		switch r.Kind {
		case ToMap:
			fmt.Fprintf(&b, "\n  %d map %s", r.Insn, r.Map.Name)
		case ToValue:
			fmt.Fprintf(&b, "\n  %d value %s+%d", r.Insn, r.Map.Name, r.Offset)
		case ToCall:
			fmt.Fprintf(&b, "\n  %d call %s", r.Insn, r.Func.Name)
		case ToFunc:
			fmt.Fprintf(&b, "\n  %d func %s", r.Insn, r.Func.Name)
		case ToExtern:
			fmt.Fprintf(&b, "\n  %d extern %s+%d", r.Insn, r.Extern.Name, r.Offset)
		case ToTable:
			fmt.Fprintf(&b, "\n  %d table %v", r.Insn, r.Table)
		case ToKfunc:
			fmt.Fprintf(&b, "\n  %d kfunc %s", r.Insn, r.Extern.Name)
		}
	}
	if f.Catch != nil {
		fmt.Fprintf(&b, "\n  catch %s", f.Catch.Name)
	}
	for _, c := range f.CORE {
		fmt.Fprintf(&b, "\n  %d core %s %s kind %d", c.Insn, dumpType(o, c.Type), c.Access, c.Kind)
	}
	return b.String()
}

func dumpDef(o *Object, d *Def) string {
	s := fmt.Sprintf("type %d key %d value %d max %d flags %#x", d.Type, d.KeySize, d.ValueSize, d.MaxEntries, d.Flags)
	for _, n := range []struct {
		what string
		n    uint64
	}{{"numa", uint64(d.NUMANode)}, {"pinning", uint64(d.Pinning)}, {"extra", d.Extra}} {
		if n.n != 0 {
			s += fmt.Sprintf(" %s %#x", n.what, n.n)
		}
	}
	if d.Key != 0 || d.Value != 0 {
		s += fmt.Sprintf(" of %s and %s", dumpType(o, d.Key), dumpType(o, d.Value))
	}
	if d.Inner != nil {
		s += " inner (" + dumpDef(o, d.Inner) + ")"
	}
	if d.Progs {
		s += " of programs"
	}
	return s
}

func dumpSlots(m *Map) (text string) {
	for _, s := range m.Slots {
		name := ""
		if s.Map != nil {
			name = "map " + s.Map.Name
		} else {
			name = s.Func.Name
		}
		text += fmt.Sprintf(" [%d]=%s", s.Index, name)
	}
	return text
}

func dumpType(o *Object, id btf.ID) string { return dumpDeep(o, id, 8) }

// dumpDeep is dumpType for a chain of types that may never end.
func dumpDeep(o *Object, id btf.ID, depth int) string {
	if id == 0 {
		return "void"
	}
	t, err := o.BTF.Type(id)
	switch {
	case err != nil || depth == 0:
		return "?"
	case t.Kind == btf.Array:
		elem, _, n := t.Array()
		return fmt.Sprintf("%s[%d]", dumpDeep(o, elem, depth-1), n)
	case t.Name == "" && (t.Kind == btf.Const || t.Kind == btf.Volatile):
		return dumpDeep(o, t.Ref(), depth-1)
	case t.Kind == btf.FuncProto:
		return "function"
	}
	return t.Name
}
