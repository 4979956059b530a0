package adapt

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/btf"
	"github.com/cilium/ebpf/features"
)

// What is in this file is what code that is generated for an object does when it loads it. It uses
// nothing but the standard library and cilium/ebpf.

// openAdapted reads the spec of an adapted object, without what is not loaded unless it is asked for.
func openAdapted(a *Adapted) (*ebpf.CollectionSpec, error) {
	spec, err := ebpf.LoadCollectionSpecFromReader(bytes.NewReader(a.Data))
	if err != nil {
		return nil, err
	}
	for name, handler := range a.Catches {
		appendFunctions(spec.Programs[name], spec.Programs[handler])
	}
	for _, name := range a.Functions {
		delete(spec.Programs, name)
	}
	for _, k := range a.Kinds {
		p := spec.Programs[k.Program]
		p.Type, p.AttachType, p.Flags, p.AttachTo = ebpf.ProgramType(k.Type), ebpf.AttachType(k.Attach), k.Flags, k.To
	}
	for _, n := range a.NUMA {
		m := spec.Maps[n.Map]
		if n.Inner {
			m = m.InnerMap
		}
		m.NumaNode, m.Flags = n.Node, m.Flags|numaFlag
	}
	return spec, nil
}

// appendFunctions appends those functions of another program to a program that it does not have.
func appendFunctions(to, from *ebpf.ProgramSpec) {
	has := make(map[string]bool)
	for i := range to.Instructions {
		has[to.Instructions[i].Symbol()] = true
	}
	wanted := false
	for _, in := range from.Instructions {
		if name := in.Symbol(); name != "" {
			wanted = !has[name]
		}
		if wanted {
			to.Instructions = append(to.Instructions, in)
		}
	}
}

const numaFlag = 1 << 2 // BPF_F_NUMA_NODE

// withoutOptional leaves out what was not asked for.
func withoutOptional(spec *ebpf.CollectionSpec, a *Adapted) {
	for _, name := range a.Optional {
		delete(spec.Programs, name)
		delete(spec.Maps, name)
	}
}

// loadAdapted loads a spec.
func loadAdapted(spec *ebpf.CollectionSpec, a *Adapted, opts ebpf.CollectionOptions) (*ebpf.Collection, error) {
	for _, name := range a.Rings {
		if m := spec.Maps[name]; m != nil {
			roundRing(m)
			roundRing(m.InnerMap)
		}
	}
	if err := settle(spec, a.Settings); err != nil {
		return nil, err
	}
	if opts.Cache == nil {
		opts.Cache = btf.NewCache()
	}
	for _, s := range a.Structs {
		for _, m := range s.Members {
			if p := spec.Programs[m.Program]; p != nil {
				p.AttachTo = s.Type + ":" + m.Name
			}
		}
	}
	handles, err := lookUp(spec, a.Typed, opts.Cache)
	defer func() {
		for _, h := range handles {
			h.Close()
		}
	}()
	if err != nil {
		return nil, err
	}
	for _, name := range a.Zeroes {
		if p := spec.Programs[name]; p != nil {
			if err := answerZero(p, spec.ByteOrder, opts.Cache); err != nil {
				return nil, fmt.Errorf("program %s: %w", name, err)
			}
		}
	}
	c, err := ebpf.NewCollectionWithOptions(spec, opts)
	if err != nil {
		return nil, err
	}
	bind(c)
	for _, s := range a.Structs {
		if s.Optional {
			continue
		}
		m, err := ebpf.NewMap(structSpec(s))
		if err != nil {
			c.Close()
			return nil, fmt.Errorf("map %s: %w", s.Name, err)
		}
		c.Maps[s.Name] = m
	}
	return c, nil
}

// bind makes programs hold the maps with constants, as those may be about them. Kernels that cannot do so are no
// worse for it.
func bind(c *ebpf.Collection) {
	for name, m := range c.Maps {
		if strings.HasPrefix(name, ".rodata") && name != settingsSection {
			for _, p := range c.Programs {
				_ = p.BindMap(m)
			}
		}
	}
}

// structSpec tells what the map of a struct of functions is made of.
func structSpec(s Struct) *ebpf.MapSpec {
	const linkFlag = 1 << 13 // BPF_F_LINK
	m := &ebpf.MapSpec{
		Name: s.Name, Type: ebpf.StructOpsMap, KeySize: 4, ValueSize: s.Size, MaxEntries: 1,
		Value: &btf.Struct{Name: s.Type, Size: s.Size},
	}
	if s.Link {
		m.Flags = linkFlag
	}
	return m
}

// structValue returns the value of the map of a struct of functions, as the kernel has it: to set it
// registers the struct, or allows to attach it by a link.
func structValue(s Struct, programs map[string]*ebpf.Program, cache *btf.Cache) ([]byte, error) {
	inner, start, size, err := kernelStruct(s, cache)
	if err != nil {
		return nil, err
	}
	value := make([]byte, size)
	for _, m := range s.Members {
		n := slices.IndexFunc(inner.Members, func(k btf.Member) bool { return k.Name == m.Name })
		if n < 0 {
			if m.Program != "" || m.Value != nil {
				return nil, fmt.Errorf("struct %s: the kernel's has no member %s", s.Type, m.Name)
			}
			continue
		}
		theirs := inner.Members[n]
		have, err := btf.Sizeof(theirs.Type)
		if err != nil || have != int(m.Size) || theirs.BitfieldSize != 0 {
			return nil, fmt.Errorf("struct %s: member %s: %d bytes, the kernel's has %d", s.Type, m.Name, m.Size, have)
		}
		at := value[start+theirs.Offset.Bytes():][:have]
		if p := programs[m.Program]; p != nil {
			binary.NativeEndian.PutUint64(at, uint64(p.FD()))
		} else {
			copy(at, m.Value)
		}
	}
	return value, nil
}

// kernelStruct finds a struct of functions within the one around it: where it is there, and how long that is, in
// bytes.
func kernelStruct(s Struct, cache *btf.Cache) (inner *btf.Struct, start, size uint32, err error) {
	var outer *btf.Struct
	kernel, err := cache.Kernel()
	if err != nil {
		return nil, 0, 0, err
	}
	name := "bpf_struct_ops_" + s.Type
	if err = kernel.TypeByName(name, &outer); errors.Is(err, btf.ErrNotFound) {
		modules, _ := cache.Modules()
		for _, m := range modules {
			if spec, failed := cache.Module(m); failed == nil {
				if err = spec.TypeByName(name, &outer); err == nil {
					break
				}
			}
		}
	}
	if err != nil {
		return nil, 0, 0, err
	}
	for _, m := range outer.Members {
		if inner, ok := m.Type.(*btf.Struct); ok && inner.Name == s.Type {
			return inner, m.Offset.Bytes(), outer.Size, nil
		}
	}
	return nil, 0, 0, fmt.Errorf("%s has no struct %s", name, s.Type)
}

// roundRing gives a ring buffer a size that the kernel takes: a power of two pages.
func roundRing(m *ebpf.MapSpec) {
	const userRingBuf = 31
	if m == nil || m.Type != ebpf.RingBuf && m.Type != userRingBuf || m.MaxEntries == 0 {
		return
	}
	page := uint32(os.Getpagesize())
	pages := (uint64(m.MaxEntries) + uint64(page) - 1) / uint64(page)
	if size := uint64(page) << bits.Len64(pages-1); size <= 1<<31 {
		m.MaxEntries = uint32(size)
	}
}

// settle gives settings their values.
func settle(spec *ebpf.CollectionSpec, list []Setting) error {
	var config map[string]string
	for _, s := range list {
		v := spec.Variables[s.Name]
		if v == nil {
			return fmt.Errorf("setting %s: it is not in the spec", s.Name)
		}
		var text string
		switch {
		case s.Name == "LINUX_KERNEL_VERSION":
			n, err := features.LinuxVersionCode()
			if err != nil {
				return err
			}
			text = strconv.Itoa(int(n))
		case s.Name == "LINUX_HAS_BPF_COOKIE":
			text = digit(features.HaveProgramHelper(ebpf.Kprobe, asm.FnGetAttachCookie) == nil)
		case s.Name == "LINUX_HAS_SYSCALL_WRAPPER":
			text = digit(wrapsSyscalls())
		case config == nil:
			var err error
			if config, err = readConfig(); err != nil {
				return fmt.Errorf("setting %s: %w", s.Name, err)
			}
			fallthrough
		default:
			text = config[s.Name]
		}
		if text == "" && s.Weak {
			continue
		}
		if err := putSetting(v.Value, s, text); err != nil {
			return fmt.Errorf("setting %s: %w", s.Name, err)
		}
	}
	return nil
}

func digit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// wrapsSyscalls reports whether functions of system calls take their arguments from registers of the caller.
func wrapsSyscalls() bool {
	f, err := os.Open("/proc/kallsyms")
	if err != nil {
		return false
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		for _, prefix := range []string{"x64", "arm64", "s390x", "riscv", "ia32", "powerpc"} {
			if strings.HasSuffix(s.Text(), " __"+prefix+"_sys_bpf") {
				return true
			}
		}
	}
	return false
}

// readConfig reads how the kernel was configured.
func readConfig() (map[string]string, error) {
	text, err := configText()
	if err != nil {
		return nil, err
	}
	found := make(map[string]string)
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && strings.HasPrefix(name, "CONFIG_") {
			found[name] = value
		}
	}
	return found, nil
}

func configText() (string, error) {
	var u syscall.Utsname
	if err := syscall.Uname(&u); err != nil {
		return "", err
	}
	var release []byte
	for _, c := range u.Release {
		if c == 0 {
			break
		}
		release = append(release, byte(c))
	}
	if b, err := os.ReadFile("/boot/config-" + string(release)); err == nil {
		return string(b), nil
	}
	f, err := os.Open("/proc/config.gz")
	if err != nil {
		return "", err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(z)
	return string(b), err
}

// putSetting puts what a configuration says into a variable.
func putSetting(to []byte, s Setting, text string) error {
	wrong := fmt.Errorf("it is %q, which the declared type cannot have", text)
	letter := strings.Index("nym", text)
	isLetter := letter >= 0 && len(text) == 1
	switch {
	case text == "":
		return errors.New("the kernel is not configured with it")
	case s.Kind == Text:
		if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
			return wrong
		}
		copy(to[:max(len(to), 1)-1], text[1:len(text)-1])
		return nil
	case isLetter && s.Kind == Number && len(to) == 1:
		to[0] = text[0]
		return nil
	case isLetter && (s.Kind == Tristate || s.Kind == Bool && letter < 2):
		putNumber(to, uint64(letter))
		return nil
	case s.Kind == Tristate || s.Kind == Bool && text != "0" && text != "1":
		return wrong
	}
	if s.Signed {
		n, err := strconv.ParseInt(text, 0, int(s.Bits))
		putNumber(to, uint64(n))
		return err
	}
	n, err := strconv.ParseUint(text, 0, int(s.Bits))
	putNumber(to, n)
	return err
}

// putNumber puts a number into some bytes, in the machine's order.
func putNumber(to []byte, n uint64) {
	var b [8]byte
	binary.NativeEndian.PutUint64(b[:], n)
	if binary.NativeEndian.Uint16([]byte{1, 0}) == 1 {
		copy(to, b[:])
	} else {
		copy(to, b[8-len(to):])
	}
}

// lookUp gives instructions that refer to variables or functions of the kernel the IDs of their types. The
// handles are those of modules, to be kept until the programs are loaded.
func lookUp(spec *ebpf.CollectionSpec, list []Typed, cache *btf.Cache) (handles []*btf.Handle, err error) {
	for _, t := range list {
		id, module, err := findTyped(spec, t, cache)
		if err != nil {
			return handles, err
		}
		load := asm.Instruction{Src: pseudoBTFID, Constant: int64(id)}
		call := asm.Instruction{Src: asm.PseudoKfuncCall, Constant: int64(id)}
		switch {
		case id == 0 && !t.Weak:
			return handles, fmt.Errorf("the kernel's types have no %s as it is declared", t.Name)
		case id == 0:
			load.Src = 0
			call = asm.BuiltinFunc(nothing).Call()
		case module != nil:
			handles = append(handles, module)
			load.Constant |= int64(module.FD()) << 32
		}
		for _, p := range spec.Programs {
			for i := range p.Instructions {
				in := &p.Instructions[i]
				if in.Reference() == t.Reference {
					replace(in, load.Src, load.Constant)
				} else if in.IsKfuncCall() && in.Reference() == t.Func && (id == 0 || t.Func != t.Name && module == nil) {
					replace(in, call.Src, call.Constant)
				}
			}
		}
	}
	return handles, nil
}

const (
	pseudoBTFID = asm.R3
	nothing     = 0xdedc0de // no function of the kernel
)

// replace makes an instruction load, or use, another number. What it was to be relocated by is gone.
func replace(in *asm.Instruction, source asm.Register, constant int64) {
	to := asm.Instruction{OpCode: in.OpCode, Dst: in.Dst, Src: source, Offset: in.Offset, Constant: constant}
	if s := in.Symbol(); s != "" {
		to = to.WithSymbol(s)
	}
	if s := in.Source(); s != nil {
		to = to.WithSource(s)
	}
	if f := btf.FuncMetadata(in); f != nil {
		to = btf.WithFuncMetadata(to, f)
	}
	*in = to
}

// findTyped finds the ID of a variable or function among the types of the kernel, or of a module. It is 0 if there
// is none.
func findTyped(spec *ebpf.CollectionSpec, t Typed, cache *btf.Cache) (btf.TypeID, *btf.Handle, error) {
	kernel, err := cache.Kernel()
	if err != nil {
		return 0, nil, err
	}
	if id := idOf(kernel, spec, t); id != 0 {
		return id, nil, nil
	}
	it := new(btf.HandleIterator)
	defer func() { it.Handle.Close() }()
	for it.Next() {
		info, err := it.Handle.Info()
		if err != nil || !info.IsModule() {
			continue
		}
		module, err := cache.Module(info.Name)
		if err != nil {
			return 0, nil, err
		}
		if id := idOf(module, spec, t); id != 0 {
			return id, it.Take(), nil
		}
	}
	return 0, nil, it.Err()
}

// idOf returns the ID of a variable, or of a function if it is as the object declares it, or 0.
func idOf(types *btf.Spec, spec *ebpf.CollectionSpec, t Typed) btf.TypeID {
	var found btf.Type
	if t.Func == "" {
		var v *btf.Var
		if types.TypeByName(t.Name, &v) != nil {
			return 0
		}
		found = v
	} else {
		var f, declared *btf.Func
		if types.TypeByName(t.Name, &f) != nil || spec.Types.TypeByName(t.Func, &declared) != nil || btf.CheckTypeCompatibility(declared.Type, f.Type) != nil {
			return 0
		}
		found = f
	}
	id, err := types.TypeID(found)
	if err != nil {
		return 0
	}
	return id
}

// answerZero answers questions about types that the kernel does not have.
func answerZero(p *ebpf.ProgramSpec, order binary.ByteOrder, cache *btf.Cache) error {
	kernel, err := cache.Kernel()
	if err != nil {
		return err
	}
	targets := []*btf.Spec{kernel}
	modules, _ := cache.Modules() // of which there may be none
	for _, name := range modules {
		module, err := cache.Module(name)
		if err != nil {
			return err
		}
		targets = append(targets, module)
	}
	for i := range p.Instructions {
		in := &p.Instructions[i]
		relo := btf.CORERelocationMetadata(in)
		if relo == nil {
			continue
		}
		fixups, err := btf.CORERelocate([]*btf.CORERelocation{relo}, targets, order, func(btf.Type) (btf.TypeID, error) { return 1, nil })
		if err != nil {
			continue // which loading will say again
		}
		if what := fixups[0].String(); what == "type_size=poison" || what == "target_type_id=poison" {
			replace(in, in.Src, 0)
		}
	}
	return nil
}
