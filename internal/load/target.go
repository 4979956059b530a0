package load

import (
	"errors"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// A Target is a function of a program that is loaded.
type Target struct {
	Program bpf.FD // it stays the caller's
	Func    uint32 // the ID of the function's type among those of the program
}

// aims reports whether a program is for the target of the options, whatever its section names.
func (l *loader) aims(p *Program) bool {
	switch p.What.Attach.String() {
	case "trace_raw_tp", "trace_iter", "lsm_mac", "lsm_cgroup": // which no program has
		return false
	}
	return l.options.Target != nil && p.What.Target
}

// asksName reports whether a program is for what its section names, and the types of the kernel have.
func (l *loader) asksName(p *Program) bool { return p.What.Target && !l.aims(p) }

// setTarget finds what a program is for that the kernel wants to know by its type.
func (l *loader) setTarget(p *Program, s *bpf.ProgSpec) error {
	if s.Type == structOpsType {
		return l.setStruct(p, s)
	}
	if l.aims(p) {
		s.AttachID, s.AttachObj = l.options.Target.Func, l.options.Target.Program
		return nil
	}
	if !p.What.Target {
		return nil
	}
	if p.What.Rest == "" {
		return fmt.Errorf("its section '%s' does not name what it is for: say SEC(\"%s/NAME\")", p.Section, p.What.Name)
	}
	f, ok := l.symbols.targets[p.Func]
	if !ok { // whatever the types have is there by now
		return fmt.Errorf("its section '%s' is for a function of another program, which must be loaded and said", p.Section)
	}
	s.AttachID, s.AttachObj = uint32(f.id), f.obj()
	return nil
}

// setStruct finds the struct of which a program is a function.
func (l *loader) setStruct(p *Program, s *bpf.ProgSpec) error {
	known := false
	for _, m := range l.object.Maps {
		if m.Kind != elfobj.StructOps || skipped(m) {
			continue
		}
		v, err := l.structValue(m)
		if err != nil {
			return err
		}
		for _, f := range v.funcs {
			if f.program != p.Func {
				continue
			}
			if known && (s.AttachID != uint32(v.inner.id) || s.AttachType != uint32(f.member)) {
				return errors.New("it is a function of two kinds of structs, or for two members")
			}
			s.AttachID, s.AttachObj, s.AttachType, known = uint32(v.inner.id), v.inner.obj(), uint32(f.member), true
		}
	}
	if !known {
		return errors.New("no struct in the section \".struct_ops\" has it")
	}
	return nil
}
