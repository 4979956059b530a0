package feature

import (
	"bufio"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/audit"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// tells returns what a file of a form tells, by pairs of names and values.
func tells(form string, pairs ...string) *saved {
	s := &saved{Side: Side{File: form + ".json", Form: form}, values: make(map[Key]string)}
	for i := 0; i < len(pairs); i += 2 {
		kind, name, _ := strings.Cut(pairs[i], "/")
		name, of, _ := strings.Cut(name, "/")
		s.add(kind, name, of, pairs[i+1])
	}
	return s
}

func TestCompare(t *testing.T) {
	configured := func(s *saved) *saved {
		s.options = true
		return s
	}
	for _, tt := range []struct {
		name string
		a, b *saved
		want []string // changes
		same int
	}{
		{"the same", tells("x", "map type/hash", "yes"), tells("x", "map type/hash", "yes"), nil, 1},
		{"another answer", tells("x", "map type/hash", "yes"), tells("x", "map type/hash", "denied"), []string{"map type/hash/ yes denied"}, 0},
		{"for another type", tells("x", "helper/f/xdp", "yes"), tells("x", "helper/f/xdp", "no"), []string{"helper/f/xdp yes no"}, 0},
		{"only in one of a form", tells("x", "map type/hash", "yes"), tells("x", "map type/rhash", "no"), []string{"map type/rhash/  no", "map type/hash/ yes "}, 0},
		{"only in one of two forms", tells("x", "map type/hash", "yes", "finding/jit", "pass"), tells("y", "map type/hash", "yes", "map type/rhash", "no"), nil, 1},
		{"an option that is not set", configured(tells("x", "option/CONFIG_A", "y")), configured(tells("x")), []string{"option/CONFIG_A/ y not set"}, 0},
		{"options that are not known", configured(tells("x", "option/CONFIG_A", "y")), tells("y"), nil, 0},
	} {
		d := compare(tt.a, tt.b)
		var got []string
		for _, c := range d.Changes {
			got = append(got, c.Kind+"/"+c.Name+"/"+c.For+" "+c.A+" "+c.B)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || d.Same != tt.same {
			t.Errorf("%s: %d are the same, want %d (-want +got):\n%s", tt.name, d.Same, tt.same, diff)
		}
	}
}

// TestAuditEntries compares audits by what was seen, but features by their answers alone.
func TestAuditEntries(t *testing.T) {
	s := tells("audit-1")
	s.addAudit(&audit.Report{
		Findings: []audit.Finding{{ID: "jit", Group: "jit", Level: audit.Pass, Evidence: "it is 1"}, {ID: "feature-xdp", Group: "features", Level: audit.Pass, Evidence: "tried"}},
		State:    &audit.State{Features: []audit.Feature{{Kind: needs.ProgType, Name: "xdp", Verdict: verdict.Verdict{Answer: verdict.Denied, Evidence: "tried"}}}},
	})
	want := map[Key]string{{"finding", "jit", ""}: "pass (it is 1)", {"program type", "xdp", ""}: "denied"}
	if diff := cmp.Diff(want, s.values); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestDiffPlain(t *testing.T) {
	d := compare(tells("x", "helper/f/xdp", "no", "helper/g/xdp", "no", "map type/hash", "yes"), tells("x", "helper/f/xdp", "yes", "helper/g/xdp", "yes", "map type/hash", "yes", "map type/rhash", "no"))
	d.B.Kernel = "6.1"
	var b strings.Builder
	w := bufio.NewWriter(&b)
	d.Plain(w)
	w.Flush()
	const want = `x.json: x
x.json: x, Linux 6.1
helper for xdp, no -> yes: f, g
map type, (not there) -> no: rhash
3 of 4 differ
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// FuzzSaved reads what may be no saved probe or audit at all.
func FuzzSaved(f *testing.F) {
	f.Add([]byte(`{"form":"audit-1","findings":[{"id":"jit","level":"pass"}],"state":{"features":[{"kind":"helper"}]}}`))
	f.Add([]byte(`{"form":"survey-1","rows":[{"kind":"x","verdict":"yes"}]}`))
	f.Add([]byte(`{"syscall_config":{"have_bpf_syscall":true},"system_config":{"bpf_jit_enable":1,"CONFIG_HZ":null}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, err := readSaved(data); err == nil {
			compare(s, s)
		}
	})
}
