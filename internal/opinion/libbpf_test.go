package opinion

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// said is what libbpf 1.8 says of some relocations, recorded from bpftool 7.8.
const said = `libbpf: loading object from core.bpfel.o
libbpf: sec 'raw_tp/sched_switch': found 15 CO-RE relocations
libbpf: CO-RE relocating [5] struct task_struct: found target candidate [192] struct task_struct in [vmlinux]
libbpf: prog 'types': relo #1: <type_size> [5] struct task_struct
libbpf: prog 'types': relo #1: matching candidate #0 <type_size> [192] struct task_struct
libbpf: prog 'types': relo #1: patched insn #1 (ALU/ALU64) imm 40 -> 9728
libbpf: prog 'types': relo #2: <local_type_id> [5] struct task_struct
libbpf: prog 'types': relo #2: patched insn #3 (LDIMM64) imm64 5 -> 5
libbpf: prog 'types': relo #5: <enumval_value> [11] enum state::BUSY = 2
libbpf: prog 'types': relo #5: non-matching candidate #0 <enumval_value> [3315] enum state::Start = 0
libbpf: prog 'types': relo #5: no matching targets found
libbpf: prog 'types': relo #5: substituting insn #12 w/ invalid insn
libbpf: prog 'types': relo #5: substituting insn #13 w/ invalid insn
libbpf: prog 'fields': relo #6: <byte_off> [5] struct task_struct.flag (0:2 @ offset 4.3)
libbpf: prog 'fields': relo #6: matching candidate #0 <byte_off> [192] struct task_struct.flag (0:83 @ offset 2416.1)
libbpf: prog 'fields': relo #6: patched insn #3 (LDX/ST/STX) off 4 -> 2416
libbpf: prog 'fields': relo #6: patched insn #3 (LDX/ST/STX) mem_sz 4 -> 8
libbpf: prog 'fields': added 16 insns from sub-prog 'pid_of'
libbpf: prog 'types': relo #9: <type_size> [5] struct of_what_follows
`

func TestReadRelocs(t *testing.T) {
	log, err := ReadRelocs(strings.NewReader(said))
	if err != nil {
		t.Fatal(err)
	}
	want := &RelocLog{Over: true, Relocs: []Reloc{
		{"types+1", "type_size [5] task_struct => [192] task_struct @ 0.0 => 40 -> 9728"},
		{"types+3", "local_type_id [5] => 5 -> 5"},
		{"types+12", "enumval_value [11] state::BUSY => poisoned"},
		{"fields+3", "byte_off [5] task_struct.flag => [192] task_struct.flag @ 2416.1 => 4 -> 2416, size 4 -> 8"},
	}}
	if diff := cmp.Diff(want, log); diff != "" {
		t.Errorf("ReadRelocs() (-want +got):\n%s", diff)
	}
}

// TestReadRefusal reads where libbpf refuses an object.
func TestReadRefusal(t *testing.T) {
	const head = "libbpf: prog 'p': relo #0: <byte_off> [2] struct twin.x (0:0 @ offset 0)\n"
	tests := []struct{ name, log, want string }{
		{"ambiguous", head + "libbpf: prog 'p': relo #0: field offset ambiguity: 96 != 0\nlibbpf: prog 'p': relo #0: failed to relocate: -EINVAL\n", "byte_off [2] twin.x => ambiguous"},
		{"too far", head + "libbpf: prog 'p': relo #0: insn #0 (LDX/ST/STX) value too big: 40000\nlibbpf: prog 'p': relo #0: failed to patch insn #0: -ERANGE\n", "byte_off [2] twin.x => refused"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			log, err := ReadRelocs(strings.NewReader(tt.log))
			if err != nil || !log.Ended || len(log.Relocs) != 1 || log.Relocs[0].Text != tt.want {
				t.Errorf("ReadRelocs() = %+v, %v", log, err)
			}
		})
	}
}

// TestCompareRelocs tells what is the same from what is not.
func TestCompareRelocs(t *testing.T) {
	log := &RelocLog{Over: true, Relocs: []Reloc{{"f+1", "a => 1 -> 2"}, {"f+2", "b => poisoned"}}}
	tests := []struct {
		name string
		ours map[string][]string
		same int
		want []string
	}{
		{"the same", map[string][]string{"f+1": {"a => 1 -> 2"}, "f+2": {"b => poisoned"}}, 2, nil},
		{"another value", map[string][]string{"f+1": {"a => 1 -> 3"}, "f+2": {"b => poisoned"}}, 1, []string{"f+1: a => 1 -> 2\n\tours: a => 1 -> 3"}},
		{"one is missing", map[string][]string{"f+1": {"a => 1 -> 2"}}, 1, []string{"f+2: b => poisoned\n\tours: nothing"}},
		{"one too many", map[string][]string{"f+1": {"a => 1 -> 2", "c"}, "f+2": {"b => poisoned"}}, 2, []string{"f+1: nothing\n\tours: c"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			same, differ := CompareRelocs(log, tt.ours)
			if same != tt.same || cmp.Diff(tt.want, differ) != "" {
				t.Errorf("CompareRelocs() = %d, %q", same, differ)
			}
		})
	}
}
