package cskeleton

import (
	"fmt"
	"go/token"

	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// pinByName is the largest value of a map's pinning.
const pinByName = 1

// refused tells why libbpf does not open an object, whatever the kernel: nobody could use its skeleton.
//
// Source: the objects of testdata and of public projects for which bpftool 7.8 makes none.
func (s *Skeleton) refused() error {
	for _, t := range s.sections {
		if t.Size() == 0 && t.Name != settings && t.Name != symbols {
			return fmt.Errorf("section %s: there are types of its variables, but the file does not have it", t.Name)
		}
	}
	for _, f := range s.object.Funcs {
		if f.Section != ".text" && f.Static {
			return fmt.Errorf("program %s: it is static, in section '%s'", f.Name, f.Section)
		}
	}
	for _, m := range s.object.Maps {
		switch {
		case m.Kind == elfobj.Legacy:
			return fmt.Errorf("map %s: it is defined in the section %q, as before libbpf 1.0: define it with BTF in the section \".maps\"", m.Name, m.Section)
		case m.Kind == elfobj.Defined && (m.Static || m.Hidden):
			return fmt.Errorf("map %s: it is static, or hidden from other objects", m.Name)
		case m.Def.Type == 0:
			return fmt.Errorf("map %s: its definition does not say its type", m.Name)
		case m.Def.Pinning > pinByName:
			return fmt.Errorf("map %s: pinning is %d, and can only be by its name (%d) or none (0)", m.Name, m.Def.Pinning, pinByName)
		case m.Def.Inner != nil && m.Def.Inner.Pinning != 0:
			return fmt.Errorf("map %s: maps that are its values cannot be pinned by their names", m.Name)
		}
	}
	for _, e := range s.object.Externs {
		if e.Kind == elfobj.Undeclared {
			return fmt.Errorf("extern %s: no type says what it is: another object has to be linked with this one", e.Name)
		}
	}
	return nil
}

// check tells why the skeleton is no C: each name must be one, and different from others beside it.
func (s *Skeleton) check() error {
	fields := make(map[string]bool)
	for _, m := range s.maps {
		if err := isField(fields, "map", m.ident); err != nil {
			return err
		}
		if m.area == nil {
			continue
		}
		within := make(map[string]bool)
		for _, v := range m.area.vars {
			if err := isField(within, "variable", v.ident); err != nil {
				return err
			}
		}
	}
	fields = make(map[string]bool)
	for _, name := range s.progs {
		if err := isField(fields, "program", name); err != nil {
			return err
		}
	}
	return nil
}

// isField reports whether a name can be beside those that there are, to which it is added.
func isField(there map[string]bool, what, name string) error {
	if there[name] {
		return fmt.Errorf("%s %s: there are two of that name", what, name)
	}
	there[name] = true
	return isName(what, name)
}

func isName(what, name string) error {
	if !IsName(name) {
		return fmt.Errorf("%s %s: that is no name in C", what, name)
	}
	return nil
}

// IsName reports whether something can be the name of anything in C.
func IsName(name string) bool {
	for _, r := range name {
		if r >= 0x80 {
			return false
		}
	}
	return (token.IsIdentifier(name) || token.IsKeyword(name)) && !words[name]
}

// words are the keywords of C.
var words = map[string]bool{
	"auto": true, "break": true, "case": true, "char": true, "const": true, "continue": true, "default": true, "do": true,
	"double": true, "else": true, "enum": true, "extern": true, "float": true, "for": true, "goto": true, "if": true,
	"inline": true, "int": true, "long": true, "register": true, "restrict": true, "return": true, "short": true,
	"signed": true, "sizeof": true, "static": true, "struct": true, "switch": true, "typedef": true, "union": true,
	"unsigned": true, "void": true, "volatile": true, "while": true, "_Bool": true,
}
