package link

import (
	"bufio"
	"cmp"
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/kallsyms"
	"github.com/gobpftool/gobpftool/internal/names"
)

// KprobeMulti is the target of a link of type kprobe_multi: many functions of
// the kernel.
type KprobeMulti struct {
	Return bool       `json:"retprobe"`
	Count  int        `json:"func_cnt"`
	Missed uint64     `json:"missed"`
	Funcs  []FuncAddr `json:"funcs"` // those with a name, in order of addresses
}

// FuncAddr is a function of the kernel with a probe.
type FuncAddr struct {
	Addr uint64 `json:"addr"` // of the probe
	FuncName
	Cookie uint64 `json:"cookie"`
}

// FuncName says which function is at an address.
type FuncName struct {
	Func   string  `json:"func"`
	Module *string `json:"module"` // nil for the kernel itself
}

// Plain writes the function's name and its module.
func (f *FuncName) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, " %s", f.Func)
	if f.Module != nil {
		fmt.Fprintf(w, " [%s]", *f.Module)
	}
}

// endbr is the length in bytes of the instruction that kernels for x86 with
// CONFIG_X86_KERNEL_IBT have at the start of functions, before the place where
// a probe goes. No other symbol can be as close: there is none at the place of
// the probe then.
const endbr = 4

// symbols are the functions of the kernel at some addresses.
type symbols map[uint64]kallsyms.Symbol

// readSymbols finds the functions that have probes of the links. Without the
// right to see addresses there are none.
func readSymbols(links ...*answers) symbols {
	addrs := make(map[uint64]bool)
	for _, l := range links {
		var probes []uint64
		switch {
		case l.info.KprobeMulti != nil:
			probes = l.info.KprobeMulti.Addrs
		case l.info.TracingMulti != nil:
			probes = l.info.TracingMulti.Addrs
		}
		for _, a := range probes {
			addrs[a], addrs[a-endbr] = true, true
		}
	}
	if len(addrs) == 0 {
		return nil
	}
	found, _ := kallsyms.Lookup(addrs) // names are no reason to fail
	return found
}

// at returns the function that has a probe at addr, or nil if that is not known.
func (s symbols) at(addr uint64) *FuncName {
	found, ok := s[addr]
	if !ok {
		found, ok = s[addr-endbr]
	}
	if !ok {
		return nil
	}
	name := &FuncName{Func: found.Name}
	if found.Module != "" {
		name.Module = &found.Module
	}
	return name
}

func kprobeMulti(k *bpf.KprobeMultiLink, symbols symbols) *KprobeMulti {
	t := &KprobeMulti{Return: k.Return, Count: len(k.Addrs), Missed: k.Missed, Funcs: []FuncAddr{}}
	for i, addr := range k.Addrs {
		if name := symbols.at(addr); name != nil {
			t.Funcs = append(t.Funcs, FuncAddr{addr, *name, k.Cookies[i]})
		}
	}
	slices.SortFunc(t.Funcs, func(a, b FuncAddr) int { return cmp.Compare(a.Addr, b.Addr) })
	return t
}

// Plain implements [Target].
func (k *KprobeMulti) Plain(w *bufio.Writer) {
	if k.Count == 0 {
		return
	}
	if k.Return {
		fmt.Fprint(w, "\n\tkretprobe.multi  ")
	} else {
		fmt.Fprint(w, "\n\tkprobe.multi  ")
	}
	fmt.Fprintf(w, "func_cnt %d  ", k.Count)
	if k.Missed != 0 {
		fmt.Fprintf(w, "missed %d  ", k.Missed)
	}
	if len(k.Funcs) > 0 {
		fmt.Fprintf(w, "\n\t%-16s %-16s %s", "addr", "cookie", "func [module]")
	}
	for _, f := range k.Funcs {
		fmt.Fprintf(w, "\n\t%016x %-16x", f.Addr, f.Cookie)
		f.FuncName.Plain(w)
		fmt.Fprint(w, "  ")
	}
}

// TracingMulti is the target of a link of type tracing_multi: many functions of
// the kernel, or of one module.
type TracingMulti struct {
	AttachType names.AttachType `json:"attach_type"`
	Count      int              `json:"func_cnt"`
	BTFObjID   uint32           `json:"btf_obj_id"` // of the BTF that has the functions
	Funcs      []FuncID         `json:"funcs"`
}

// FuncID is a function of the kernel that is named by its BTF ID.
type FuncID struct {
	ID        uint32 `json:"id"`
	Addr      uint64 `json:"addr"` // of the call in it; 0 if that may not be seen
	*FuncName        // nil if there is no symbol for it
	Cookie    uint64 `json:"cookie"`
}

func tracingMulti(m *bpf.TracingMultiLink, symbols symbols) *TracingMulti {
	t := &TracingMulti{
		AttachType: names.AttachType(m.AttachType),
		Count:      len(m.IDs),
		BTFObjID:   m.BTFObjID,
		Funcs:      []FuncID{},
	}
	for i, id := range m.IDs {
		t.Funcs = append(t.Funcs, FuncID{id, m.Addrs[i], symbols.at(m.Addrs[i]), m.Cookies[i]})
	}
	return t
}

// Plain implements [Target].
func (t *TracingMulti) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "\n\tattach_type %s  btf_obj_id %d  count %d  ", t.AttachType, t.BTFObjID, t.Count)
	if t.Count == 0 {
		return
	}
	fmt.Fprintf(w, "\n\t%-16s %-16s %-16s %s", "btf_id", "addr", "cookie", "func [module]")
	for _, f := range t.Funcs {
		fmt.Fprintf(w, "\n\t%-16d %016x %-16d", f.ID, f.Addr, f.Cookie)
		if f.FuncName != nil {
			f.FuncName.Plain(w)
		}
	}
}

// UprobeMulti is the target of a link of type uprobe_multi: many places of one
// file.
type UprobeMulti struct {
	Return bool    `json:"retprobe"`
	Path   string  `json:"path"`
	Count  int     `json:"func_cnt"`
	PID    uint32  `json:"pid"` // only in this process, or 0
	Funcs  []Place `json:"funcs"`
}

// Place is a place in a file, in bytes from its start.
type Place struct {
	Offset uint64 `json:"offset"`
	RefCtr uint64 `json:"ref_ctr_offset"` // of the semaphore, or 0
	Cookie uint64 `json:"cookie"`
}

func uprobeMulti(u *bpf.UprobeMultiLink) *UprobeMulti {
	t := &UprobeMulti{Return: u.Return, Path: u.Path, Count: len(u.Offsets), PID: u.PID, Funcs: []Place{}}
	for i, offset := range u.Offsets {
		t.Funcs = append(t.Funcs, Place{offset, u.RefCtrs[i], u.Cookies[i]})
	}
	return t
}

// Plain implements [Target].
func (u *UprobeMulti) Plain(w *bufio.Writer) {
	if u.Count == 0 {
		return
	}
	if u.Return {
		fmt.Fprint(w, "\n\turetprobe.multi  ")
	} else {
		fmt.Fprint(w, "\n\tuprobe.multi  ")
	}
	fmt.Fprintf(w, "path %s  func_cnt %d  ", u.Path, u.Count)
	if u.PID != 0 {
		fmt.Fprintf(w, "pid %d  ", u.PID)
	}
	fmt.Fprintf(w, "\n\t%-16s   %-16s   %-16s", "offset", "ref_ctr_offset", "cookies")
	for _, p := range u.Funcs {
		fmt.Fprintf(w, "\n\t0x%-16x 0x%-16x 0x%-16x", p.Offset, p.RefCtr, p.Cookie)
	}
}
