package attachments

import (
	"bufio"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// An Operation is a member of a set of operations of the kernel.
type Operation struct {
	Map
	Struct string `json:"struct"` // of the kernel, such as "tcp_congestion_ops"
	Member string `json:"member"`
	State  string `json:"state"` // of the set: "registered", "ready" for a link, or "unregistered"
}

// Plain implements [Place].
func (o *Operation) Plain(w *bufio.Writer) {
	o.plain(w)
	fmt.Fprintf(w, "  %s.%s  %s", o.Struct, o.Member, o.State)
}

// operations are the kernel's types that describe sets of operations, by the BTF object
// that has them: 0 for the kernel itself.
type operations map[uint32]*btf.Spec

// of returns the types of a map's value.
func (o *operations) of(objID uint32) (*btf.Spec, error) {
	if spec := (*o)[objID]; spec != nil {
		return spec, nil
	}
	spec, err := pick.ReadKernelBTF(objID)
	if *o == nil {
		*o = make(operations)
	}
	(*o)[objID] = spec
	return spec, err
}

// structOps adds the programs in a map of struct_ops.
func (f *finder) structOps(o *operations, c contents) {
	spec, err := o.of(c.info.VmlinuxID)
	var found []member
	at := Operation{Map: c.at}
	if err == nil {
		found, err = readOperations(spec, btf.ID(c.info.VmlinuxValueType), c.value, &at)
	}
	if err != nil {
		f.missed(fmt.Sprintf("map %d (struct_ops)", c.at.ID), explained(err.Error()), "struct_ops")
		return
	}
	var link uint32
	for _, s := range f.seen {
		if s.info.StructOps != nil && s.info.StructOps.MapID == c.at.ID {
			link = s.info.ID
		}
	}
	for _, m := range found {
		place := at
		place.Member = m.name
		f.add(StructOpsKind, m.progID, link, &place)
	}
}

// A member is a program in the place of a function pointer.
type member struct {
	name   string
	progID uint32
}

// states are enum bpf_struct_ops_state of the kernel.
var states = map[uint64]string{1: "registered", 3: "ready"}

// readOperations reads the value of a map: beside the kernel's struct, called "data", it
// has a state. In place of function pointers it has the IDs of programs.
//
// Source: struct bpf_struct_ops_value in kernel/bpf/bpf_struct_ops.c.
func readOperations(spec *btf.Spec, id btf.ID, value []byte, at *Operation) ([]member, error) {
	outer, err := spec.Resolve(id)
	if err != nil {
		return nil, err
	}
	data, offset, ok := find(spec, outer, "data")
	if !ok {
		return nil, fmt.Errorf("type %d: no member data", id)
	}
	at.Struct, at.State = data.Name, readState(spec, outer, value)
	var found []member
	for i := range data.Len() {
		m := data.Member(i)
		if !isFunction(spec, m.Type) {
			continue
		}
		if n := number(spec, value, offset+uint64(m.Offset)/8, 8); n != 0 {
			found = append(found, member{m.Name, uint32(n)})
		}
	}
	return found, nil
}

// readState returns the state of a set of operations. Newer kernels have it in a struct
// of its own.
func readState(spec *btf.Spec, outer btf.Type, value []byte) string {
	var base uint64
	if common, offset, ok := find(spec, outer, "common"); ok {
		outer, base = common, offset
	}
	if _, offset, ok := find(spec, outer, "state"); ok {
		if word, ok := states[number(spec, value, base+offset, 4)]; ok {
			return word
		}
	}
	return "unregistered"
}

// find returns the type of a member of a struct, and where it is, in bytes.
func find(spec *btf.Spec, s btf.Type, name string) (t btf.Type, offset uint64, ok bool) {
	if s.Kind != btf.Struct {
		return t, 0, false
	}
	for i := range s.Len() {
		if m := s.Member(i); m.Name == name {
			t, err := spec.Resolve(m.Type)
			return t, uint64(m.Offset) / 8, err == nil
		}
	}
	return t, 0, false
}

// isFunction reports whether a type is a pointer to a function.
func isFunction(spec *btf.Spec, id btf.ID) bool {
	t, err := spec.Resolve(id)
	if err != nil || t.Kind != btf.Pointer {
		return false
	}
	to, err := spec.Resolve(t.Ref())
	return err == nil && to.Kind == btf.FuncProto
}

// number reads an integer of some bytes, 4 or 8. It is 0 past the end of the value.
func number(spec *btf.Spec, value []byte, at uint64, size uint64) uint64 {
	if at+size < at || at+size > uint64(len(value)) {
		return 0
	}
	b := value[at:]
	if size == 4 {
		return uint64(spec.ByteOrder().Uint32(b))
	}
	return spec.ByteOrder().Uint64(b)
}
