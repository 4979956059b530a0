package cskeleton

import (
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/decl"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

const pointerSize = 8 // bytes, in an object

// shadow returns the members of the struct that stands for a struct of functions: functions become
// programs, numbers are as they are, and the rest cannot be changed. misplaced is whether there are
// bitfields, which bpftool takes to be elsewhere than they are.
func shadow(spec *btf.Spec, m *elfobj.Map) (members string, misplaced bool, err error) {
	t, err := spec.Resolve(m.Type)
	if err != nil {
		return "", false, err
	}
	var b strings.Builder
	declarer := decl.NewDeclarer(spec)
	end := uint64(0)
	for i := range t.Len() {
		member := t.Member(i)
		at := place(t, member)
		misplaced = misplaced || member.Bits != 0
		if end < at {
			fmt.Fprintf(&b, "\t\t\tchar __padding_%d[%d];\n", i, at-end)
		}
		text, size, err := shadowMember(spec, declarer, member, i)
		if err != nil {
			return "", false, fmt.Errorf("map %s: field %q: %w", m.Name, member.Name, err)
		}
		b.WriteString("\t\t\t" + text + ";\n")
		end = at + size
	}
	if size := uint64(t.Size()); end < size {
		fmt.Fprintf(&b, "\t\t\tchar __padding_end[%d];\n", size-end)
	}
	return b.String(), misplaced, nil
}

// place returns where a member is, in bytes. As for bpftool, the size of a bitfield counts.
func place(t btf.Type, m btf.Member) uint64 {
	bits := m.Offset
	if t.Flag {
		bits |= m.Bits << 24
	}
	return uint64(bits / 8)
}

// shadowMember returns what stands for member number i, and its size in bytes.
func shadowMember(spec *btf.Spec, declarer decl.Declarer, m btf.Member, i int) (text string, size uint64, err error) {
	t, err := spec.Resolve(m.Type)
	if err != nil {
		return "", 0, err
	}
	if t.Kind == btf.Pointer {
		if to, err := spec.Resolve(t.Ref()); err == nil && to.Kind == btf.FuncProto {
			return "struct bpf_program *" + m.Name, pointerSize, nil
		}
	}
	if size, err = spec.SizeOf(t.ID); err != nil {
		return "", 0, err
	}
	switch t.Kind {
	case btf.Int, btf.Float, btf.Enum, btf.Enum64:
		text, err = declarer.Declare(t.ID, m.Name, 3, false)
		return text, size, err
	}
	return fmt.Sprintf("char __unsupported_%d[%d]", i, size), size, nil
}
