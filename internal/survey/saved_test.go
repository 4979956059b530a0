package survey

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/verdict"
)

// bareProbe is what "feature probe" writes, of a kernel that knows little.
const bareProbe = `{"system_config":{"unprivileged_bpf_disabled":2,"CONFIG_BPF":"y","CONFIG_HZ":null},
"syscall_config":{"have_bpf_syscall":true},
"program_types":{"have_kprobe_prog_type":true,"have_xdp_prog_type":false,"have_tracing_prog_type":true},
"map_types":{"have_hash_map_type":true,"have_ringbuf_map_type":false},
"helpers":{"kprobe_available_helpers":["bpf_ktime_get_ns"%s],"xdp_available_helpers":[],"tracing_available_helpers":[]},
"misc":{"have_bounded_loops":true}}`

func TestReadBare(t *testing.T) {
	s, err := Read([]byte(strings.Replace(bareProbe, "%s", "", 1)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range s.Rows {
		if r.Kind != Helper || r.Name == "bpf_ktime_get_ns" || r.Name == "bpf_trace_printk" {
			got = append(got, string(r.Kind)+" "+r.title()+" "+r.Answer.String())
		}
	}
	want := []string{
		"system call bpf yes", "program type kprobe yes", "program type xdp no", "program type tracing yes",
		"map type hash yes", "map type ringbuf no", "limit bounded_loops yes",
		"helper bpf_ktime_get_ns for kprobe yes", "helper bpf_ktime_get_ns for xdp unknown", // of tracing it could not be told
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"CONFIG_BPF": "y"}, s.Options); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	for text, want := range map[string]string{ // nothing is known of what was refused
		`"have_kprobe_prog_type":true`:  "no",
		`"have_kprobe_prog_type":false`: "unknown",
	} {
		s, err := Read([]byte(strings.NewReplacer("%s", "", `"have_kprobe_prog_type":true`, text, `"have_tracing_prog_type":true`, `"have_tracing_prog_type":false`).Replace(bareProbe)))
		if err != nil {
			t.Fatal(err)
		}
		for kind, name := range map[Kind]string{ProgType: "tracing", MapType: "ringbuf"} {
			if r, _ := s.Find(kind, name, ""); r.Answer.String() != want && name != "tracing" || name == "tracing" && r.Answer != verdict.Unknown {
				t.Errorf("%s: %s is %v", text, name, r.Answer)
			}
		}
	}
	full, err := Read([]byte(strings.Replace(bareProbe, "%s", `,"bpf_trace_printk"`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if r, ok := full.Find(Helper, "bpf_probe_write_user", "kprobe"); !ok || r.Answer.String() != "no" {
		t.Errorf("in full, bpf_probe_write_user: %v, %v", r, ok)
	}
}

func TestReadFails(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "not JSON of a probe: unexpected end",
		"[]":                           "not JSON of a probe: ",
		"{}":                           "neither survey-1 nor what 'feature probe' writes as JSON",
		`{"form":"survey-9"}`:          "form 'survey-9', want survey-1",
		`{"form":"survey-1","rows":7}`: "survey-1: ",
		`{"form":"survey-1","rows":[{"verdict":"maybe"}]}`: `survey-1: answer "maybe"`,
		`{"form":"survey-1","rows":[{"kind":"map type","name":"hash","verdict":"no"},{"kind":"map type","name":"hash","verdict":"yes"}]}`: "survey-1: there are two rows of map type hash",
		`{"syscall_config":{"have_bpf_syscall":3}}`: "what 'feature probe' writes: ",
	} {
		if _, err := Read([]byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if _, err := Open("testdata/nothing.json"); err == nil {
		t.Error("a file that is not there is read")
	}
	if _, err := Open("/dev/zero"); err == nil || err.Error() != "/dev/zero: it has more than 64 MiB" {
		t.Errorf("an endless file: %v", err)
	}
}

// FuzzRead reads what may be no survey at all.
func FuzzRead(f *testing.F) {
	f.Add([]byte(bareProbe))
	whole, err := json.Marshal(saved())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Read(data)
		if err != nil {
			return
		}
		s.About("xdp")
		s.Option("CONFIG_BPF")
		s.OptionNames()
	})
}
