package load

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// prefixes are what the kernel puts in front of the names of targets, by the words for attach types.
// Its kind of type is a typedef for tracepoints, and else a function.
var prefixes = map[string]string{
	"trace_raw_tp": "btf_trace_", "lsm_mac": "bpf_lsm_", "lsm_cgroup": "bpf_lsm_", "trace_iter": "bpf_iter_",
}

// setTarget finds what a program is for that the kernel wants to know by its type.
func (l *loader) setTarget(p *Program, s *bpf.ProgSpec) error {
	if s.Type == structOpsType {
		return l.setStruct(p, s)
	}
	if !p.What.Target {
		return nil
	}
	if p.What.Rest == "" {
		return fmt.Errorf("its section '%s' does not name what it is for: say SEC(\"%s/NAME\")", p.Section, p.What.Name)
	}
	module, name, ok := strings.Cut(p.What.Rest, ":")
	if !ok {
		module, name = "", p.What.Rest
	}
	attach := p.What.Attach.String()
	kind, what := btf.Func, "function"
	if attach == "trace_raw_tp" {
		kind, what = btf.Typedef, "tracepoint"
	}
	f, ok, err := l.kernel.find(prefixes[attach]+name, kind, module)
	if err != nil {
		return err
	}
	if !ok {
		return &TargetError{what, name, module}
	}
	s.AttachID, s.AttachObj = uint32(f.id), f.obj()
	return nil
}

// A TargetError is of a program for something that the kernel does not have.
type TargetError struct{ what, name, module string }

func (e *TargetError) Error() string {
	if e.module != "" {
		return fmt.Sprintf("the module %s has no %s %s that programs can attach to", e.module, e.what, e.name)
	}
	return fmt.Sprintf("neither the kernel nor a module has a %s %s that programs can attach to", e.what, e.name)
}

// Unwrap returns the error that the reference exits with.
func (e *TargetError) Unwrap() error { return unix.ESRCH }

// setStruct finds the struct of which a program is a function.
func (l *loader) setStruct(p *Program, s *bpf.ProgSpec) error {
	found := false
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
			if found && (s.AttachID != uint32(v.inner.id) || s.AttachType != uint32(f.member)) {
				return errors.New("it is a function of two kinds of structs, or for two members")
			}
			s.AttachID, s.AttachObj, s.AttachType, found = uint32(v.inner.id), v.inner.obj(), uint32(f.member), true
		}
	}
	if !found {
		return errors.New("no struct in the section \".struct_ops\" has it")
	}
	return nil
}
