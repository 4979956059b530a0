package main

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCompareRefused(t *testing.T) {
	const log = "libbpf: prog 'p': BPF program load failed: -EACCES\nlibbpf: prog 'p': -- BEGIN PROG LOAD LOG --\n" +
		"0: (85) call bpf_get_current_pid_tgid#14\nR1 is bad\nprocessed 1 insns\n-- END PROG LOAD LOG --\nlibbpf: prog 'p': failed to load: -EACCES\n"
	tests := []struct {
		name, theirs, ours string
		want               loadVerdict
		explained          bool
	}{
		{"the verifier's word", log, "Error: program p: the verifier refuses it: Permission denied\n\tR1 is bad\n", refusedSame, false},
		{"another one", log, "Error: program p: the verifier refuses it: Permission denied\n\tR2 is bad\n", refusedUnlike, false},
		{"advice", strings.ReplaceAll(log, "R1 is bad", "R1 is bad\n\nSuggestion:\n  Set it."), "Error: program p: the verifier refuses it\n\tR1 is bad\nhint: set it\n", refusedSame, false},
		{"other advice", strings.ReplaceAll(log, "R1 is bad", "R1 is bad\n\nSuggestion:\n  Set it."), "Error: program p: the verifier refuses it\n\tR1 is bad\nhint: leave it\n", refusedUnlike, false},
		{"a relocation", strings.ReplaceAll(log, "R1 is bad", "failed to resolve CO-RE relocation <byte_off> [7] struct s.a (0:0 @ offset 0)"),
			"Error: program p: instruction 1 needs what this kernel does not have\n\tbyte_off s.a\n", refusedSame, false},
		{"the kernel's error", "libbpf: prog 'p': BPF program load failed: -EPERM\nlibbpf: prog 'p': failed to load: -EPERM\n",
			"Error: failed to load object file: program p: the kernel refuses it: Operation not permitted: no cause\n", refusedSame, false},
		{"another program", "libbpf: prog 'p': BPF program load failed: -EPERM\n",
			"Error: program q: the kernel refuses it: Operation not permitted\n", refusedUnlike, false},
		{"another error", "libbpf: map 'm': failed to create: -EINVAL\n", "Error: map m: Operation not permitted\n", refusedUnlike, false},
		{"a map", "libbpf: map 'm': failed to create: -EINVAL\n", "Error: failed to load object file: map m: Invalid argument\n", refusedSame, false},
		{"a section", "libbpf: failed to guess program type from ELF section 'foo/bar'\n", "Error: program p: the section 'foo/bar' does not say what it is\n", refusedSame, false},
		{"several causes", "libbpf: failed to find BTF for extern 'x': -2\n", "Error: the object is for machines of the other byte order\n", refusedUnlike, true},
		{"a type that is not there", "libbpf: map 'm': map type isn't specified.\n", "Error: map m: its definition does not say its type\n", refusedSame, false},
		{"pinned otherwise", "libbpf: map 'm': invalid pinning value 2.\n", "Error: map m: pinning is 2, and can only be by its name\n", refusedSame, false},
		{"a setting", "libbpf: extern 'CONFIG_A' (strong): not resolved\n", "Error: extern CONFIG_A: the kernel is not configured with it\n", refusedSame, false},
		{"another setting", "libbpf: extern 'CONFIG_A' (strong): not resolved\n", "Error: extern CONFIG_B: the kernel is not configured with it\n", refusedUnlike, false},
		{"a large setting", "libbpf: extern (kcfg) 'CONFIG_A': value '250' doesn't fit in 1 bytes\n", "Error: extern CONFIG_A: it is 250, which does not fit in 8 bits\n", refusedSame, false},
		{"a member", "libbpf: struct_ops init_kern m: Cannot find member a in kernel BTF\n", "Error: map m: struct s: member a: the kernel has none of that name\n", refusedSame, false},
		{"no member", "libbpf: prog 'p': SEC(\"struct_ops\") program isn't referenced anywhere\n", "Error: program p: no struct in the section \".struct_ops\" has it\n", refusedSame, false},
		{"a function", "libbpf: extern (func ksym) 'f': not found in kernel or module BTFs\n", "Error: program p: kfunc f: Neither this kernel nor its modules here (7) have the function f.\n", refusedSame, false},
		{"a function that is called all the same", strings.ReplaceAll(log, "R1 is bad", "kfunc 'f' is referenced but wasn't resolved"),
			"Error: program p: the verifier refuses it\n\tinvalid func unknown#2002000000: the function f, which this kernel does not have\n", refusedSame, false},
		{"causes that nobody knows", "libbpf: foo\n", "Error: foo\n", refusedUnlike, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := &loadObject{theirs: &side{status: 255, text: tt.theirs}, ours: &side{status: 1, text: tt.ours}}
			o.compare(&loadKernel{})
			if o.verdict != tt.want || (o.verdict == refusedUnlike) != (len(o.why) > 0) || o.explained != tt.explained {
				t.Errorf("%q, %q, want %q", loadTitles[o.verdict], o.why, loadTitles[tt.want])
			}
		})
	}
}

// wrote writes what loads.sh tells of an object that has a program with a map, by the numbers that they have.
func wrote(t *testing.T, prog, m, flags string) string {
	t.Helper()
	dir := t.TempDir()
	code := []byte{loadWide, fromMap<<4 | 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0}
	binary.NativeEndian.PutUint32(code[4:], map[string]uint32{"7": 7, "8": 8}[m])
	for path, text := range map[string]string{
		"status":        "0\n",
		"err":           "",
		"programs.json": `[{"id":1,"name":"other"},{"id":` + prog + `,"type":"xdp","name":"p","map_ids":[` + m + `],"btf_id":` + m + `,"pinned":["/sys/fs/bpf/programs/p"]}]`,
		"maps.json":     `[{"id":` + m + `,"type":"prog_array","name":"m","flags":` + flags + `,"pinned":["/sys/fs/bpf/maps/m"]},{"id":9,"type":"hash","name":"h","pinned":["/sys/fs/bpf/maps/h"]}]`,
		"progs":         "1 2 3 4 0 0\n" + prog + " 6 37 0 0 1\n",
		"programs/p":    string(code),
		"maps/m":        "key: 00 00 00 00  value: 0" + prog + " 00 00 00\n",
		"maps/h":        map[string]string{"5": "key: 01  value: 02\nkey: 03  value: 04\n", "6": "key: 03  value: 04\nkey: 01  value: 02\n"}[prog],
		"btf":           "[1] INT 'int'\n",
	} {
		write(t, filepath.Join(dir, path), text)
	}
	return dir
}

func TestReadSide(t *testing.T) {
	read := func(dir string) *side {
		s, err := readSide(dir)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	theirs := read(wrote(t, "5", "7", "0"))
	if list := unlike(theirs, read(wrote(t, "6", "8", "0"))); len(list) > 0 {
		t.Errorf("other numbers differ: %q", list)
	}
	list := unlike(theirs, read(wrote(t, "6", "8", "128")))
	if len(list) != 1 || !strings.HasPrefix(list[0], "maps: ") {
		t.Errorf("other flags differ in %q, want in maps", list)
	}
	for facet, want := range map[facet]string{
		ofPrograms: `p: {"name":"p","type":"xdp"}, BTF true, maps [m], kernel: 6 37 0 0 1`,
		ofMaps:     `h: {"name":"h","type":"hash"}, BTF false`,
		ofContents: "h: key: 01  value: 02\nkey: 03  value: 04\n",
		ofInsns:    "p 0: 18 11 00 00 map m",
	} {
		if got := theirs.facets[facet]; len(got) == 0 || got[0] != want {
			t.Errorf("%s: %q, want %q", facetNames[facet], got, want)
		}
	}
	for facet, want := range map[facet]string{
		ofMaps:     `m: {"flags":0,"name":"m","type":"prog_array"}, BTF false`,
		ofContents: "m: key: 00 00 00 00  value: p\n",
	} {
		if got := theirs.facets[facet]; len(got) != 2 || got[1] != want {
			t.Errorf("%s: %q, want %q", facetNames[facet], got, want)
		}
	}
}

func TestWithoutAddresses(t *testing.T) {
	loads := func(low, high, held string) *loadObject {
		insns := []string{"p 0: 18 02 00 00 " + low, "p 1: 00 00 00 00 " + high, "p 2: 95 00 00 00 00 00 00 00"}
		s := &side{facets: [facets][]string{ofInsns: insns, ofContents: {"m: " + held}}}
		return &loadObject{theirs: &side{facets: [facets][]string{ofInsns: {"p 0: 18 02 00 00 48 ac 7f 8e", "p 1: 00 00 00 00 80 88 ff ff", insns[2]},
			ofContents: {"m: 18446612686402990088"}}}, ours: s}
	}
	for _, tt := range []struct {
		name, low, high, held string
		want                  loadVerdict
	}{
		{"the same", "48 ac 7f 8e", "80 88 ff ff", "18446612686402990088", loadsSame},
		{"another place", "08 57 b0 2c", "81 88 ff ff", "18446612686402991111", loadsMoved},
		{"with five levels of pages", "08 57 b0 2c", "be 4d 1d ff", "18382391121111111111", loadsMoved},
		{"in an arena", "08 57 b0 2c", "12 7f 00 00", "18446612686402990088", loadsMoved},
		{"in an arena lower down", "08 57 b0 2c", "ff 7e 00 00", "18446612686402990088", loadsMoved},
		{"a number", "08 57 b0 2c", "81 88 00 00", "18446612686402990088", loadsDiffer},
		{"other contents", "08 57 b0 2c", "81 88 ff ff", "7", loadsDiffer},
	} {
		o := loads(tt.low, tt.high, tt.held)
		if o.compare(&loadKernel{}); o.verdict != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, loadTitles[o.verdict], loadTitles[tt.want])
		}
	}
}

func TestLoadReport(t *testing.T) {
	failed := &side{status: 255, text: "libbpf: prog 'p': can't pin program that wasn't loaded\n"}
	unlucky := func(text string) *side { return &side{status: 1, text: text} }
	objects := []*loadObject{
		{file: &file{name: "d.o"}, theirs: unlucky("libbpf: map 'm': failed to create: -EINVAL\n"), ours: unlucky("Error: map m: Invalid argument\n")},
		{file: &file{name: "a.o"}, theirs: &side{}, ours: &side{}, traits: traits{core: true}},
		{file: &file{name: "b.o"}, theirs: &side{}, ours: &side{status: 1, text: "Error: foo\n"}},
		{file: &file{name: "c.o"}, theirs: failed, ours: &side{}},
	}
	for _, o := range objects {
		o.compare(&loadKernel{})
	}
	groups := []*loadGroup{{&group{name: "owner/name", made: "name_1"}, objects}}
	r := loadReport{reference: "bpftool v7.8.0", kernels: []*loadKernel{{release: "6.18", groups: groups}, {release: "6.1", guest: true}}}
	var b strings.Builder
	if err := r.write(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| Linux 6.18 | 4 | 2 | 1 | 50.0 % | 1 | 1 |\n",
		"| Linux 6.1, in a guest | 0 | 0 | 0 | none | 0 | 0 |\n",
		"\n## Linux 6.1, in a guest\n",
		"| owner/name | name_1 | 4 | 1 | 0 | 0 | 1 | 0 | 1 | 1 | 1 | 0 | 0 | 0 | 0 |\n",
		"Of the 2 objects that the reference loads 1 load here and are the same: 50.0 %.\n",
		"### Refused here alone\n\n- not explained: foo (owner/name: b.o)\n",
		"### Refused for the same cause\n\n- 1 of objects: map EINVAL\n",
		"### Refused by the reference alone\n\n- optional programs, ",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestSpread(t *testing.T) {
	list := []int{0, 1, 2, 3, 4, 5}
	if got := spread(list, 3); len(got) != 3 || got[0] != 0 || got[2] != 4 {
		t.Errorf("spread() = %v", got)
	}
	if got := spread(list, 60); len(got) != len(list) {
		t.Errorf("spread() = %v", got)
	}
}

func TestReadCommitted(t *testing.T) {
	t.Chdir("../..")
	g, err := readCommitted()
	if err != nil || len(g.files) == 0 {
		t.Fatalf("%d objects, %v", len(g.files), err)
	}
	for _, f := range g.files {
		if _, err := os.Stat(f.path); err != nil || strings.HasPrefix(f.path, ".") {
			t.Errorf("%s: %v", f.path, err)
		}
	}
}
