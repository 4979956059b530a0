package decl

import (
	"strconv"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// What bpftool's room for a signature is, and more types than fit into it.
const (
	maxSignature      = 1023 // bytes
	maxSignatureDepth = 1 << 10
)

// Signature returns the head of a function as bpftool writes it above the function's
// code, such as "int xdp_pass(struct xdp_md * ctx)". id is a Func, or a FuncProto,
// which has no name.
//
// The result is empty for what does not fit into 1023 bytes, or has no end.
func Signature(spec *btf.Spec, id btf.ID) string {
	s := signer{spec: spec}
	if !s.append(id, 0) || len(s.b) > maxSignature {
		return ""
	}
	return string(s.b)
}

// A signer writes types one after the other.
type signer struct {
	spec *btf.Spec
	b    []byte
}

// append appends a type, and a blank. It reports whether that can be done.
func (s *signer) append(id btf.ID, depth int) bool {
	if depth > maxSignatureDepth || len(s.b) > maxSignature {
		return false
	}
	t, err := s.spec.Type(id)
	if err != nil {
		return false
	}
	switch t.Kind {
	case btf.Void:
		s.word("void")
	case btf.Int, btf.Typedef, btf.Float:
		s.word(t.Name)
	case btf.Struct:
		s.word("struct " + t.Name)
	case btf.Union:
		s.word("union " + t.Name)
	case btf.Enum, btf.Enum64:
		s.word("enum " + t.Name)
	case btf.Forward:
		s.word(forward(t) + t.Name)
	case btf.Array:
		elem, _, n := t.Array()
		if !s.append(elem, depth+1) {
			return false
		}
		s.b = append(strconv.AppendUint(append(s.b, '['), uint64(n), 10), ']')
	case btf.Pointer:
		if !s.append(t.Ref(), depth+1) {
			return false
		}
		s.word("*")
	case btf.Const, btf.Volatile, btf.Restrict:
		s.word(qualifiers[t.Kind])
		return s.append(t.Ref(), depth+1)
	case btf.Func:
		proto, err := s.spec.Type(t.Ref())
		return err == nil && proto.Kind == btf.FuncProto && s.function(proto, t.Name, depth)
	case btf.FuncProto:
		return s.function(t, "", depth)
	default:
		return false
	}
	return true
}

var qualifiers = map[btf.Kind]string{btf.Const: "const", btf.Volatile: "volatile", btf.Restrict: "restrict"}

func (s *signer) word(w string) { s.b = append(append(s.b, w...), ' ') }

func forward(t btf.Type) string {
	if t.Flag {
		return "union "
	}
	return "struct "
}

// function appends a prototype, with the name of the function if it has one.
func (s *signer) function(proto btf.Type, name string, depth int) bool {
	if !s.append(proto.Ref(), depth+1) {
		return false
	}
	s.b = append(append(s.b, name...), '(')
	for i := range proto.Len() {
		if i > 0 {
			s.b = append(s.b, ", "...)
		}
		p := proto.Param(i)
		switch {
		case p.Type == 0:
			s.b = append(s.b, "..."...)
			continue
		case !s.append(p.Type, depth+1):
			return false
		}
		s.b = append(s.b, p.Name...)
		if n := len(s.b) - 1; p.Name == "" && s.b[n] == ' ' {
			s.b = s.b[:n]
		}
	}
	s.b = append(s.b, ')')
	return true
}
