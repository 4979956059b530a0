package probe

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A Feature is something that programs may be or have.
type Feature struct {
	Name string // as what objects need is called
	Outcome
}

// A trialCode is a program that has what is asked about.
type trialCode struct {
	name string
	code []insn
}

// ret0 ends a program with 0.
var ret0 = []insn{move(0), exit}

// onStack is where instructions find a number: 8 bytes below the frame pointer, which are set to 0.
var onStack = insn{Code: 0x7a, Dst: 10, Off: -8}

// instructions are what the first kernels did not know, a program for each.
//
// Source: Documentation/bpf/standardization/instruction-set.rst of the kernel.
var instructions = []trialCode{
	{"jumps if less: jlt, jle, jslt, jsle", []insn{move(0), jump(jumpLess, 1, 0), move(1), exit}},
	{"jumps by halves of registers: jmp32", []insn{move(0), jump(jumpEqual32, 1, 1), move(1), exit}},
	{"atomic operations beyond addition", []insn{onStack, move(1), {Code: 0xdb, Dst: 10, Src: 0, Off: -8, Imm: 0x01}, exit}},
	{"division with a sign: sdiv, smod", []insn{move(4), {Code: 0x37, Off: 1, Imm: 2}, exit}},
	{"moves with a sign: movsx", []insn{move(4), {Code: 0xbf, Off: 8}, exit}},
	{"loads with a sign: ldsx", []insn{onStack, {Code: 0x91, Src: 10, Off: -8}, exit}},
	{"swaps of bytes whatever the order: bswap", []insn{move(4), {Code: 0xd7, Imm: 16}, exit}},
	{"long jumps: gotol", longJump},
	{"may_goto", []insn{move(0), {Code: 0xe5, Off: 1}, move(1), exit}},
	{"addr_space_cast", nil},
	{"load_acquire, store_release", []insn{onStack, {Code: 0xdb, Src: 10, Off: -8, Imm: 0x100}, exit}},
	{"gotox", nil},
}

// longJump goes over an instruction that would be wrong, as kernels would find that take the jump for a short one.
var longJump = []insn{move(0), jump(jumpEqual32, 1, 1), jump(jumpFar, 0, 1), {Code: 0xbf, Src: 9}, exit}

// codes are what programs may have.
var codes = []trialCode{
	{"calls of functions", append([]insn{{Code: 0x85, Src: bytecode.CallFunc, Imm: 1}, exit}, ret0...)},
	{"addresses of functions", nil},
	{"global variables", nil},
	{"jumps by a table", nil},
	{"variables of each processor", nil},
	{"variables of the kernel", nil},
	{"loops", []insn{move(10), subtract(1), jump(jumpNotEqual, -2, 0), exit}},
	{"more than 4096 instructions", append(slices.Repeat([]insn{move(1)}, oldLimit), exit)},
}

func features(list []trialCode) (all []Feature) {
	for _, c := range list {
		all = append(all, Feature{Name: c.name})
	}
	return all
}

// runs finds out whether the kernel takes a program.
func (q *question) runs(c trialCode, log []byte) Outcome {
	switch c.name {
	case "addr_space_cast":
		return withMap(bpf.MapSpec{Type: 33, Flags: mmapable, MaxEntries: 1, Extra: arenaStart}, log, castCode)
	case "global variables":
		return withMap(mapSpec(2), log, func(m bpf.FD) []insn { return append(wide(1, bytecode.LoadValue, int32(m), 0), ret0...) })
	case "variables of each processor":
		return withMap(mapSpec(6), log, func(m bpf.FD) []insn { return append(wide(1, bytecode.LoadValue, int32(m), 0), ret0...) })
	case "gotox", "jumps by a table":
		return tableJump(log)
	case "addresses of functions":
		return callback(log)
	case "variables of the kernel":
		return q.kernelVariable(log)
	case "more than 4096 instructions":
		return loaded(code(c.code...), nil)
	}
	return loaded(code(c.code...), log)
}

// anywhere is the type of programs that may have all that is asked about, and need no kernel's types: BPF_PROG_TYPE_SCHED_CLS.
const anywhere = 3

// loaded loads a program. It is for packets: those of users without rights may have less.
func loaded(insns, log []byte) Outcome {
	return verified(&bpf.ProgSpec{Type: anywhere, License: "GPL", Insns: insns, LogLevel: 1}, log)
}

// verified loads a program, and keeps why it is refused.
func verified(spec *bpf.ProgSpec, log []byte) Outcome {
	o := taken(tried(spec, log))
	if !o.Able && log != nil {
		o.Said = lastLine(log)
	}
	return o
}

// wide returns the instruction that sets a register to a number of 64 bits, or to what stands for it.
func wide(reg, what uint8, low, high int32) []insn {
	return []insn{{Code: 0x18, Dst: reg, Src: what, Imm: low}, {Imm: high}}
}

// arenaStart is where an arena would be for users: they never see this one.
const arenaStart = 1 << 44

// withMap loads a program that refers to a map.
func withMap(spec bpf.MapSpec, log []byte, f func(bpf.FD) []insn) Outcome {
	m, err := open(spec)
	if err != nil {
		return Outcome{Err: err}
	}
	defer m.Close()
	return loaded(code(f(m)...), log)
}

// kernelVariable loads a program that refers to a variable of the kernel. Some that have types are gone when it
// has started.
func (q *question) kernelVariable(log []byte) Outcome {
	o := Outcome{Err: fmt.Errorf("%w: the kernel's types have no variable", ErrUntold)}
	for _, id := range q.kernel.variables {
		if o = loaded(code(append(wide(1, bytecode.LoadVariable, int32(id), 0), ret0...)...), log); o.Able {
			break
		}
	}
	return o
}

// castCode is a program that casts an address of an arena.
func castCode(arena bpf.FD) []insn {
	const toUser = 1 << 16 // from address space 0 to 1
	cast := insn{Code: 0xbf, Dst: 1, Src: 1, Off: 1, Imm: toUser}
	return append(append(wide(1, bytecode.LoadMap, int32(arena), 0), cast), ret0...)
}

// tableJump jumps to where a register says, which is no address of an instruction. Kernels that know such jumps mind that.
func tableJump(log []byte) Outcome {
	o := loaded(code(move(0), insn{Code: 0x0d}, exit), log)
	o.Able = o.Said != "" && !strings.Contains(o.Said, "reserved fields") && !strings.Contains(o.Said, "unknown opcode") && !strings.Contains(o.Said, "invalid BPF_JA")
	return o
}

// callback loads a program that has the address of one of its functions.
func callback(log []byte) Outcome {
	d := newTypes()
	d.add(btf.FuncProto, 0, "", 1)
	d.add(btf.Func, uint32(btf.Global), "f", 2)
	d.add(btf.Func, uint32(btf.Static), "g", 2)
	types, err := bpf.LoadBTF(d.bytes(), 0, nil)
	if err != nil {
		return Outcome{Err: err}
	}
	defer types.Close()
	insns := append(append(wide(1, bytecode.LoadFunc, 3, 0), ret0...), ret0...)
	return verified(&bpf.ProgSpec{
		Type: anywhere, License: "GPL", Insns: code(insns...), LogLevel: 1,
		BTF: types, Funcs: []bpf.FuncInfo{{Slot: 0, Type: 3}, {Slot: 4, Type: 4}},
	}, log)
}

// programFlags returns the flags of programs that are asked about: parts of packets, and to sleep, by the sections
// that say so.
func programFlags() []Feature {
	list := []Feature{{Name: fragsName}}
	for name := range names.SectionNames {
		if s, _ := names.ParseSection(name); s.Sleepable {
			list = append(list, Feature{Name: sleepsPrefix + s.Name})
		}
	}
	return list
}

const (
	fragsName    = "xdp_has_frags"
	sleepsPrefix = "sleepable "
)

// programFlag finds out whether the kernel loads programs with a flag.
func (q *question) programFlag(name string, log []byte) Outcome {
	const xdp, hasFrags = 6, 1 << 5 // BPF_F_XDP_HAS_FRAGS
	if name == fragsName {
		return verified(&bpf.ProgSpec{Type: xdp, License: "GPL", Insns: code(ret0...), Flags: hasFrags, LogLevel: 1}, log)
	}
	section, _ := names.ParseSection(strings.TrimPrefix(name, sleepsPrefix))
	switch section.Type.String() {
	case "tracing", "lsm":
		return q.section(section.Name).Outcome
	case "struct_ops":
		return q.sleepingStruct()
	}
	a := names.AttachType(0)
	if section.Attaches && !section.Optional {
		a = section.Attach // which kernels may not look at
		if o := q.attachType(&Attach{Type: a, Prog: section.Type}); !o.Able {
			return o
		}
	}
	spec := bpf.ProgSpec{Type: uint32(section.Type), AttachType: uint32(a), License: "GPL", Insns: code(ret0...), Flags: sleepable, LogLevel: 1}
	return verified(&spec, log)
}

// sleepingStruct tells whether any of the functions of structs may sleep.
func (q *question) sleepingStruct() (o Outcome) {
	o.Err = ErrUntold
	for i := range q.slots {
		if s := &q.slots[i]; s.typ.String() == "struct_ops" && s.sleeps() {
			if o = s.Outcome; o.Able {
				return o
			}
		}
	}
	return o
}

// targets returns what has a name and can be asked about: iterators and structs of functions.
func (k *kernelTypes) targets() (list []Feature) {
	for _, name := range k.iters {
		list = append(list, Feature{Name: "iter/" + name})
	}
	for _, t := range k.ops {
		list = append(list, Feature{Name: t.name})
	}
	slices.SortFunc(list, func(a, b Feature) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// target finds out whether programs can be for an iterator, or for a struct of functions.
func (q *question) target(name string, log []byte) Outcome {
	if iter, ok := strings.CutPrefix(name, "iter/"); ok {
		s := newSlot(26, "", "trace_iter", 0, q.kernel.named(iterPrefix+iter)...)
		s.try(log)
		return s.Outcome
	}
	for _, t := range q.kernel.ops {
		if t.name == name {
			return made(t.mapSpec())
		}
	}
	return Outcome{Err: ErrUntold}
}

// token finds out whether the kernel makes tokens: of what is no directory.
func token() Outcome {
	fd, err := bpf.CreateToken(-1)
	if err == nil { // which cannot be
		fd.Close()
	}
	return told(err, unix.EBADF)
}

// A MapFlag is a flag with which maps are made.
type MapFlag struct {
	Name string        // as [names.MapFlags] has it
	Map  names.MapType // that it was tried with
	Outcome
}

// flaggedMaps are the types of maps that take a flag which maps of hashes do not.
var flaggedMaps = map[string]string{
	"no_common_lru": "lru_hash", "rdonly": "array", "wronly": "array", "stack_build_id": "stack_trace", "rdonly_prog": "array",
	"wronly_prog": "array", "clone": "sk_storage", "mmapable": "array", "preserve_elems": "perf_event_array", "inner_map": "array",
	"link": "struct_ops", "vtype_btf_obj_fd": "struct_ops", "segv_on_fault": "arena", "no_user_conv": "arena", "rb_overwrite": "ringbuf",
}

// mapFlags returns the flags that are asked about.
func mapFlags() (list []MapFlag) {
	for _, f := range names.MapFlags(1<<32 - 1) {
		if f.Name == "" {
			continue
		}
		word := flaggedMaps[f.Name]
		if word == "" {
			word = "hash"
		}
		t, _ := names.ParseMapType(word)
		list = append(list, MapFlag{Name: f.Name, Map: t})
	}
	return list
}

// mapFlag finds out whether the kernel knows a flag.
func (q *question) mapFlag(f *MapFlag, bit uint32) Outcome {
	spec := mapSpec(f.Map)
	spec.Flags |= bit
	switch f.Name {
	case "path_fd": // is not for those who make maps, but open them
		return told(bpf.TryPathFD(), unix.EFAULT)
	case "token_fd":
		spec.Flags, spec.Token = 0, -1
		return told(made(spec).Err, unix.EBADF)
	case "link":
		return q.structLink()
	case "vtype_btf_obj_fd":
		o := q.structMap(0, -1)
		if o.Err == nil {
			return o
		}
		return told(o.Err, unix.EBADF)
	case "stack_build_id":
		spec.ValueSize = 32 // of struct bpf_stack_build_id
	}
	return made(spec)
}

// A Batch is something that is done with many elements of a map of a type at once.
type Batch struct {
	Map names.MapType
	Op  string // lookup, lookup_and_delete, update or delete
	Outcome
}

var batchOps = []struct {
	word string
	op   bpf.BatchOp
}{
	{"lookup", bpf.LookupBatch}, {"lookup_and_delete", bpf.LookupAndDeleteBatch},
	{"update", bpf.UpdateManyBatch}, {"delete", bpf.DeleteBatch},
}

// batches returns what is asked about: all operations of a type one after the other.
func batches() (list []Batch) {
	for i := range names.MapTypes() {
		for _, b := range batchOps {
			list = append(list, Batch{Map: names.MapType(i + 1), Op: b.word})
		}
	}
	return list
}

// batch finds out what can be done with maps of one type.
func (q *question) batch(list []Batch) {
	spec := mapSpec(list[0].Map)
	if list[0].Map.String() == "struct_ops" && len(q.kernel.ops) > 0 {
		spec = q.kernel.ops[0].mapSpec()
	}
	m, err := open(spec)
	for i := range list {
		if err != nil {
			list[i].Err = err
			continue
		}
		list[i].Outcome = taken(bpf.TryBatch(m, batchOps[i].op))
	}
	if err == nil {
		m.Close()
	}
}

// sleeps reports whether programs of the slot may sleep.
func (s *slot) sleeps() bool { return s.flags&sleepable != 0 }
