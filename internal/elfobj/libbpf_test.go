package elfobj

import (
	"encoding/binary"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// said are the lines in which libbpf tells what it has found, by kind.
//
// Those of one kind have an order that tells the order of things, unless they are
// sorted.
var said = []struct {
	name   string
	line   *regexp.Regexp
	sorted bool
	say    func(*Object) []string
}{
	{"functions", regexp.MustCompile(`^sec '.*': found program`), true, sayFuncs},
	{"license", regexp.MustCompile(`^license of|^kernel version of .* is 50a01`), false, sayPlain},
	{"maps", regexp.MustCompile(`^map '.*(: at sec_idx|\(global data\))|^struct_ops init`), false, sayMaps},
	{"definitions", regexp.MustCompile(`^map '.*': found .*=`), true, sayDefs},
	{"settings", regexp.MustCompile(`^extern \(kcfg\) #`), false, saySettings},
	{"symbols", regexp.MustCompile(`^extern \(ksym\) #`), false, saySymbols},
	{"relocations", regexp.MustCompile(`^prog '.*': found (map|data map|arena map|extern)`), true, sayRelocs},
	{"links", regexp.MustCompile(`^prog '.*': added`), false, sayAdded},
	{"distances", regexp.MustCompile(`^prog '.*': insn #.*points to subprog`), true, sayDistances},
}

// TestLibbpf compares what the reference says when it makes a light skeleton, for
// which it loads an object but for the kernel's part.
func TestLibbpf(t *testing.T) {
	fixture.Need(t, fixture.ReferenceTool)
	tool, _ := fixture.Reference()
	for _, name := range objects {
		if name == "legacy" || name == "statics" {
			continue // which it refuses
		}
		for _, order := range []string{".bpfel", ".bpfeb"} {
			t.Run(name+order, func(t *testing.T) {
				path := filepath.Join("testdata", name+order+".o")
				var b strings.Builder
				cmd := exec.Command(tool, "-d", "-L", "gen", "skeleton", path, "name", name)
				cmd.Stderr = &b
				if err := cmd.Run(); b.Len() == 0 {
					t.Fatalf("%v: %v", cmd, err)
				}
				compareSaid(t, b.String(), object(t, name+order))
			})
		}
	}
}

func compareSaid(t *testing.T, log string, o *Object) {
	t.Helper()
	// Numbers of symbols, and of the section of settings that no file has.
	noise := regexp.MustCompile(` \(sym \d+\)|symbol \d+, |at sec_idx \d+, offset 0, `)
	for _, kind := range said {
		var want []string
		for line := range strings.Lines(log) {
			if text, ok := strings.CutPrefix(strings.TrimSpace(line), "libbpf: "); ok && kind.line.MatchString(text) {
				want = append(want, noise.ReplaceAllString(text, ""))
			}
		}
		got := kind.say(o)
		if kind.sorted {
			slices.Sort(want)
			slices.Sort(got)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-libbpf +ours):\n%s", kind.name, diff)
		}
	}
}

func sayFuncs(o *Object) (list []string) {
	for _, f := range append(o.Programs, o.Funcs...) {
		list = append(list, fmt.Sprintf("sec '%s': found program '%s' at insn offset %d (%d bytes), code size %d insns (%d bytes)",
			f.Section, f.Name, f.Offset/8, f.Offset, len(f.Code)/8, len(f.Code)))
	}
	return list
}

func sayPlain(o *Object) (list []string) {
	if o.License != "" {
		list = append(list, fmt.Sprintf("license of %s is %s", o.Name, o.License))
	}
	if o.Version != 0 && o.Order == binary.LittleEndian { // of others libbpf reads it in the wrong order
		list = append(list, fmt.Sprintf("kernel version of %s is %x", o.Name, o.Version))
	}
	return list
}

func sayMaps(o *Object) (list []string) {
	for _, m := range o.Maps {
		switch m.Kind {
		case Defined:
			list = append(list, fmt.Sprintf("map '%s': at sec_idx %d, offset %d.", m.Name, m.section, m.Offset))
		case StructOps:
			t, _ := o.BTF.Type(m.Type)
			list = append(list, fmt.Sprintf("struct_ops init: struct %s(type_id=%d) %s found at offset %d", t.Name, m.Type, m.Name, m.Offset))
		default:
			list = append(list, fmt.Sprintf("map '%s' (global data): flags %x.", m.KernelName(o.Name), m.Def.Flags))
		}
	}
	return list
}

func sayDefs(o *Object) (list []string) {
	for _, m := range o.Maps {
		if m.Kind != Defined {
			continue
		}
		list = append(list, sayDef(m.Name, &m.Def)...)
		if m.Def.Inner != nil {
			list = append(list, sayDef(m.Name+".inner", m.Def.Inner)...)
		}
	}
	return list
}

func sayDef(name string, d *Def) (list []string) {
	add := func(n uint64, format string, args ...any) {
		if n != 0 {
			list = append(list, fmt.Sprintf("map '%s': found %s.", name, fmt.Sprintf(format, args...)))
		}
	}
	add(1, "type = %d", d.Type)
	add(uint64(d.MaxEntries), "max_entries = %d", d.MaxEntries)
	add(uint64(d.Flags), "map_flags = 0x%x", d.Flags)
	add(uint64(d.NUMANode), "numa_node = %d", d.NUMANode)
	add(uint64(d.Pinning), "pinning = %d", d.Pinning)
	add(d.Extra, "map_extra = 0x%x", d.Extra)
	size := func(what string, id btf.ID, n uint32) {
		if id != 0 {
			add(1, "%s [%d], sz = %d", what, id, n)
		} else if d.Inner == nil && !d.Progs || what == "key" {
			add(uint64(n), "%s_size = %d", what, n)
		}
	}
	size("key", d.Key, d.KeySize)
	size("value", d.Value, d.ValueSize)
	return list
}

func saySettings(o *Object) (list []string) {
	for i, e := range o.Externs {
		if e.Kind == Setting {
			list = append(list, fmt.Sprintf("extern (kcfg) #%d: off %d, name %s", i, e.Offset, e.Name))
		}
	}
	return list
}

func saySymbols(o *Object) (list []string) {
	for i, e := range o.Externs {
		if e.Kind != Setting {
			list = append(list, fmt.Sprintf("extern (ksym) #%d: name %s", i, e.Name))
		}
	}
	return list
}

func sayRelocs(o *Object) (list []string) {
	for _, f := range append(o.Programs, o.Funcs...) {
		for _, r := range f.Relocs {
			text := ""
			switch n := slices.Index(o.Maps, r.Map); r.Kind {
			case ToMap:
				text = fmt.Sprintf("map %d (%s, sec %d, off %d) for insn #%d", n, r.Map.Name, r.Map.section, r.Map.Offset, r.Insn)
			case ToValue:
				text = fmt.Sprintf("data map %d (%s, sec %d, off 0) for insn %d", n, r.Map.KernelName(o.Name), r.Map.section, r.Insn)
				if r.Map.Def.Type == arenaType {
					text = strings.Replace(text, "data", "arena", 1)
				}
			case ToExtern, ToKfunc:
				text = fmt.Sprintf("extern #%d '%s' for insn #%d", slices.Index(o.Externs, r.Extern), r.Extern.Name, r.Insn)
			default:
				continue
			}
			list = append(list, fmt.Sprintf("prog '%s': found %s", f.Name, text))
		}
	}
	return list
}

func sayAdded(o *Object) (list []string) {
	for _, f := range o.Programs {
		if !f.Autoload() {
			continue
		}
		for _, p := range o.Link(f)[1:] {
			list = append(list, fmt.Sprintf("prog '%s': added %d insns from sub-prog '%s'", f.Name, len(p.Code)/8, p.Name))
		}
	}
	return list
}

func sayDistances(o *Object) (list []string) {
	for _, f := range o.Programs {
		if !f.Autoload() {
			continue
		}
		all := o.Link(f)
		for _, p := range all {
			for _, r := range p.Relocs {
				if r.Func == nil {
					continue
				}
				to := all[slices.IndexFunc(all, func(q Placed) bool { return q.Func == r.Func })]
				imm := insn{p.Code[8*r.Insn:], o.Order}.imm()
				if int(imm) != to.Start-p.Start-r.Insn-1 || imm == math.MaxInt32 {
					imm = math.MinInt32
				}
				list = append(list, fmt.Sprintf("prog '%s': insn #%d relocated, imm %d points to subprog '%s' (now at %d offset)",
					p.Name, r.Insn, imm, r.Func.Name, to.Start))
			}
		}
	}
	return list
}
