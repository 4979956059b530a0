package needs

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/names"
)

func TestToLoad(t *testing.T) {
	for _, tt := range []struct {
		name      string
		got, want []Capability
	}{
		{"socket_filter", ToLoad(1, false), nil},
		{"socket_filter where users may not", ToLoad(1, true), []Capability{BPF}},
		{"kprobe", ToLoad(2, false), []Capability{Perfmon, BPF}},
		{"xdp", ToLoad(6, true), []Capability{NetAdmin, BPF}},
		{"ext", ToLoad(28, true), []Capability{NetAdmin, Perfmon, BPF}},
		{"sk_lookup", ToLoad(30, true), []Capability{BPF}},
		{"a type that is not known", ToLoad(999, false), []Capability{BPF}},
		{"to attach sk_lookup", ToAttach(30), []Capability{NetAdmin}},
		{"to attach xdp", ToAttach(6), nil},
		{"hash", ToCreate(1, 0, false), nil},
		{"hash where users may not", ToCreate(1, 0, true), []Capability{BPF}},
		{"hash with a seed", ToCreate(1, zeroSeed, false), []Capability{SysAdmin}},
		{"lpm_trie", ToCreate(11, 0, false), []Capability{BPF}},
		{"sockmap", ToCreate(15, 0, false), []Capability{NetAdmin}},
		{"sockmap where users may not", ToCreate(15, 0, true), []Capability{NetAdmin, BPF}},
		{"together", Together([]names.ProgType{6, 2}, []names.MapType{1, 15}, true), []Capability{NetAdmin, Perfmon, BPF}},
		{"nothing", Together(nil, nil, true), nil},
	} {
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestHelperNeeds(t *testing.T) {
	for name, want := range map[string]Capability{"bpf_probe_read_kernel": Perfmon, "bpf_probe_write_user": SysAdmin, "bpf_map_lookup_elem": 0} {
		if got, ok := HelperNeeds(name); got != want || ok != (want != 0) {
			t.Errorf("HelperNeeds(%q) = %v, %v", name, got, ok)
		}
	}
}
