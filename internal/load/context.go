package load

import (
	"encoding/binary"
	"slices"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// contextTag marks arguments of global functions that are the context of the program.
const contextTag = "arg:ctx"

// contexts are the types by which kernels before 6.8, which do not know the tag, know contexts, by
// the type of the program.
//
// Source: include/linux/bpf_types.h, and what the reference gives Linux 5.10.
var contexts = map[uint32]string{
	1: "__sk_buff", 2: "bpf_user_pt_regs_t", 3: "__sk_buff", 4: "__sk_buff", 6: "xdp_md", 7: "bpf_perf_event_data",
	8: "__sk_buff", 9: "bpf_sock", 10: "__sk_buff", 11: "__sk_buff", 12: "__sk_buff", 13: "bpf_sock_ops", 14: "__sk_buff",
	15: "bpf_cgroup_dev_ctx", 16: "sk_msg_md", 17: "bpf_raw_tracepoint_args", 18: "bpf_sock_addr", 19: "__sk_buff",
	21: "sk_reuseport_md", 22: "__sk_buff", 23: "bpf_sysctl", 24: "bpf_raw_tracepoint_args", 25: "bpf_sockopt",
	30: "bpf_sk_lookup", 32: "bpf_nf_ctx",
}

// regsNames are types of contexts that are written instead of the kernel's own, by the type of the
// program: what they are depends on the machine.
var regsNames = map[uint32][]string{2: {"pt_regs"}, 7: {"pt_regs", "user_pt_regs", "user_regs_struct"}}

// nameContexts gives functions that have the context of a program for an argument types of their own
// for each program, if the kernel does not know the tag.
func (l *loader) nameContexts(d *btf.Draft) {
	var tags []btf.Type
	for id := d.First(); id < d.Len(); id++ {
		if t, err := d.Type(id); err == nil && t.Kind == btf.DeclTag && t.Name == contextTag && d.Kind(t.Ref()) == btf.Func {
			tags = append(tags, t)
		}
	}
	if len(tags) == 0 || l.takesContextTags() {
		return
	}
	l.relocating.Wait()
	for _, p := range l.Programs {
		c := contextNamer{d, p, contexts[uint32(p.What.Type)], 0}
		for _, tag := range tags {
			if f := c.function(tag.Ref()); f != nil && c.name != "" {
				c.replace(f, tag)
			}
		}
	}
}

// A contextNamer gives the functions of one program types in which its context has its name.
type contextNamer struct {
	*btf.Draft
	program *Program
	name    string // of the type of the context
	pointer btf.ID // to that type, or 0 as long as it is not there
}

// function returns the function of the program that has a type, or nil.
func (c *contextNamer) function(id btf.ID) *elfobj.Func {
	i := slices.IndexFunc(c.program.Placed, func(f elfobj.Placed) bool {
		own, ok := f.Type()
		return ok && own == id && !f.Static && !f.Hidden && c.program.types[f.Func] == 0
	})
	if i < 0 {
		return nil
	}
	return c.program.Placed[i].Func
}

// replace gives a function a type of its own.
func (c *contextNamer) replace(f *elfobj.Func, tag btf.Type) {
	proto := c.Shape(c.Shape(tag.Ref()).Ref())
	arg := int(tag.Component())
	if proto.Kind != btf.FuncProto || arg < 0 || arg >= proto.Len() || !c.isNameless(proto.Param(arg).Type) {
		return
	}
	proto.ID = c.Copy(proto.ID)
	id := c.Copy(tag.Ref())
	c.SetRef(id, proto.ID)
	if c.pointer == 0 {
		c.pointer = c.Add(btf.Pointer, "", uint32(c.Add(btf.Struct, c.name, 0)))
	}
	c.SetParam(proto.ID, arg, c.pointer)
	c.SetRef(c.Copy(tag.ID), id)
	if c.program.types == nil {
		c.program.types = make(map[*elfobj.Func]btf.ID)
	}
	c.program.types[f] = id
}

// isNameless reports whether a type is a pointer that says nothing of what it points to, or not
// what the kernel wants to read there.
func (c *contextNamer) isNameless(id btf.ID) bool {
	pointer, err := c.Resolve(id)
	if err != nil || pointer.Kind != btf.Pointer {
		return false
	}
	first, err := c.Type(pointer.Ref())
	if err != nil || first.Name == c.name {
		return false
	}
	target, err := c.Resolve(first.ID)
	if err != nil {
		return false
	}
	raw := c.name == "bpf_raw_tracepoint_args" && target.Kind == btf.Int && target.Size() == 8
	return target.Kind == btf.Void || raw || slices.Contains(regsNames[uint32(c.program.What.Type)], target.Name)
}

// takesContextTags reports whether the kernel knows the tag. It tries to load a program with a
// function that has it, and tells nothing else about its argument.
func (l *loader) takesContextTags() bool {
	const kinds, global = 24, 1
	const names = "\x00int\x00f\x00" + contextTag + "\x00"
	types := []uint32{
		1, uint32(btf.Int) << kinds, 4, uint32(btf.Signed)<<24 | 32, // 1: int
		0, uint32(btf.Pointer) << kinds, 0, // 2: void *
		0, uint32(btf.FuncProto)<<kinds | 1, 1, 5, 2, // 3: int (void *f)
		5, uint32(btf.Func)<<kinds | global, 3, // 4: f
		7, uint32(btf.DeclTag) << kinds, 4, 0,
	}
	fd, err := bpf.LoadBTF(rawTypes(types, names), l.token, nil)
	if err != nil {
		return false
	}
	defer fd.Close()
	code := make([]byte, 4*bytecode.Size) // call the third; exit; load *(u64 *)(r1 + 0); exit
	code[0], code[8], code[16], code[24] = callCode, exitCode, 0x79, exitCode
	insn(code).setSource(bytecode.CallFunc)
	insn(code).setImm(0, 1)
	insn(code[16:]).setSource(1)
	prog, _, err := bpf.LoadProg(&bpf.ProgSpec{
		Type: kprobeType, Insns: code, License: "GPL", Version: versionCode(), Token: l.token,
		BTF: fd, Funcs: []bpf.FuncInfo{{Slot: 0, Type: 4}, {Slot: 2, Type: 4}},
	}, nil)
	if err != nil {
		return false
	}
	prog.Close()
	return true
}

// rawTypes returns records of types with a header, as a kernel reads them.
func rawTypes(types []uint32, names string) []byte {
	length := uint32(4 * len(types))
	b := binary.NativeEndian.AppendUint16(nil, 0xeb9f)
	b = append(b, 1, 0)
	for _, n := range append([]uint32{24, 0, length, length, uint32(len(names))}, types...) {
		b = binary.NativeEndian.AppendUint32(b, n)
	}
	return append(b, names...)
}
