package core_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestWays spells accesses that follow pointers, as BPF_CORE_READ does by a helper, as one.
// Where paths of a program join, it is not known what a pointer is.
func TestWays(t *testing.T) {
	want := map[string][]string{
		"reads":   {"job.exe", "job.exe->inode", "job.exe->inode->number"},
		"follows": {"job.exe", "job.exe->inode", "job.exe->inode->number"},
		"joins":   {"job.first", "job.exe", "job.core", "file.mode"},
	}
	for _, order := range []string{".bpfel", ".bpfeb"} {
		o, to := object(t, "ways"+order), target(t, "new"+order)
		for name, want := range want {
			t.Run(name+order, func(t *testing.T) {
				var got []string
				for _, r := range core.Evaluate(o, program(t, o, name), to) {
					got = append(got, r.Path)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("paths (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// of makes a kernel of a description.
func of(t *testing.T, dump string, base *btf.Spec, raw []byte) (*btf.Spec, []byte) {
	t.Helper()
	b := fixture.BTF(t, dump, raw)
	spec, err := btf.Parse(b, base)
	if err != nil {
		t.Fatal(err)
	}
	return spec, b
}

// TestHelp looks for what may stand for a field that a kernel has not.
func TestHelp(t *testing.T) {
	const number = "[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED\n"
	for _, tt := range []struct {
		name, object, program string
		dump                  string // of the kernel
		want                  string
	}{
		{"other underscores, before one level down", "causes", "close_field", number +
			"[2] STRUCT 'vtime' size=4 vlen=1\n\t'state' type_id=1 bits_offset=0\n" +
			"[3] STRUCT 'task' size=8 vlen=2\n\t'vtime' type_id=2 bits_offset=0\n\t'__state' type_id=1 bits_offset=32",
			"It has __state, which may be the same under another name."},
		{"in a member without a name", "causes", "close_field", number +
			"[2] UNION '(anon)' size=4 vlen=1\n\t'state_' type_id=1 bits_offset=0\n" +
			"[3] STRUCT 'task' size=4 vlen=1\n\t'(anon)' type_id=2 bits_offset=0",
			"It has state_, which may be the same under another name."},
		{"behind a pointer", "causes", "one_down", number +
			"[2] STRUCT 'part' size=4 vlen=1\n\t'down' type_id=1 bits_offset=0\n[3] PTR '(anon)' type_id=2\n" +
			"[4] STRUCT 'task' size=8 vlen=1\n\t'part' type_id=3 bits_offset=0",
			"It has part->down, which may be the same, one level down."},
		{"a variant with one field, too", "ways", "lonely", number +
			"[2] STRUCT 'lonely' size=4 vlen=1\n\t'since' type_id=1 bits_offset=0",
			"The object has another variant of the type, which fits this kernel: lonely___new.since."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			kernel, _ := of(t, tt.dump, nil, nil)
			o := object(t, tt.object+".bpfel")
			for _, r := range core.Evaluate(o, program(t, o, tt.program), core.NewTarget(kernel, nil)) {
				if r.Reason != nil && r.Reason.Help != tt.want {
					t.Errorf("%s: %q, want %q", r.Path, r.Reason.Help, tt.want)
				}
			}
		})
	}
}

// TestKernelFirst has a kernel and a module with types of one name: the kernel's counts.
func TestKernelFirst(t *testing.T) {
	const number = "[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED\n"
	kernel, raw := of(t, number+"[2] STRUCT 'absent_type' size=8 vlen=1\n\t'x' type_id=1 bits_offset=32", nil, nil)
	module, _ := of(t, "[3] STRUCT 'absent_type' size=4 vlen=1\n\t'x' type_id=1 bits_offset=0", kernel, raw)
	o := object(t, "causes.bpfel")
	r := core.Evaluate(o, program(t, o, "absent_type"), core.NewTarget(kernel, []core.Module{{Name: "driver", Spec: module}}))[0]
	if r.Outcome != core.Moved || r.New != 4 || r.Module != "" {
		t.Errorf("%v: %d of %q", r.Outcome, r.New, r.Module)
	}
}

// TestFieldTypes reads fields where the kernel has something of another type: enumerations of
// other names, and numbers of another size, with a sign and without.
func TestFieldTypes(t *testing.T) {
	o := object(t, "kinds.bpfel")
	for _, tt := range []struct {
		program, field, typ string
		want                core.Outcome
	}{
		{"offsets", "color", "ENUM 'color' encoding=UNSIGNED size=4 vlen=1\n\t'RED' val=0", core.Moved},
		{"offsets", "color", "ENUM '(anon)' encoding=UNSIGNED size=4 vlen=1\n\t'RED' val=0", core.Moved},
		{"offsets", "color", "ENUM 'other' encoding=UNSIGNED size=4 vlen=1\n\t'RED' val=0", core.Poisoned},
		{"memory", "size", "INT 'unsigned long' size=8 bits_offset=0 nr_bits=64 encoding=(none)", core.Resized},
		{"memory", "size", "INT 'long' size=8 bits_offset=0 nr_bits=64 encoding=SIGNED", core.Poisoned},
	} {
		kernel, _ := of(t, fmt.Sprintf("[1] %s\n[2] STRUCT 'body' size=8 vlen=1\n\t'%s' type_id=1 bits_offset=0", tt.typ, tt.field), nil, nil)
		found := false
		for _, r := range core.Evaluate(o, program(t, o, tt.program), core.NewTarget(kernel, nil)) {
			if r.Path == "body."+tt.field {
				if found = true; r.Outcome != tt.want {
					t.Errorf("%s, %s: %v, want %v", tt.field, tt.typ, r.Outcome, tt.want)
				}
			}
		}
		if !found {
			t.Errorf("%s: the field is not asked for", tt.field)
		}
	}
}
