package names

import (
	"encoding/json"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestTables compares the words with those that the reference lists.
func TestTables(t *testing.T) {
	fixture.Need(t, fixture.ReferenceTool)
	tool, _ := fixture.Reference()
	for group, table := range map[string][]string{
		"prog_types":   progTypes[1:], // the list does not begin with unspec
		"map_types":    mapTypes[1:],
		"attach_types": attachTypes,
		"link_types":   linkTypes[1:],
	} {
		out, err := exec.Command(tool, "-j", "feature", "list_builtins", group).Output()
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		if err := json.Unmarshal(out, &want); err != nil {
			t.Fatal(err)
		}
		if len(want) > 0 && want[0] == "unspec" {
			want = want[1:]
		}
		if diff := cmp.Diff(want, table); diff != "" {
			t.Errorf("%s (-reference +here):\n%s", group, diff)
		}
	}
}

func TestBothFaces(t *testing.T) {
	tests := []struct {
		name                string
		value               json.Marshaler
		again               json.Unmarshaler
		plain, head, inJSON string
	}{
		{"program type", ProgType(6), new(ProgType), "xdp", "xdp", `"xdp"`},
		{"program type to come", ProgType(99), new(ProgType), "99", "type 99", "99"},
		{"program type past 31 bits", ProgType(1 << 31), new(ProgType), "2147483648", "type 2147483648", "2147483648"},
		{"map type", MapType(35), new(MapType), "rhash", "rhash", `"rhash"`},
		{"map type to come", MapType(1000), new(MapType), "1000", "type 1000", "1000"},
		{"link type", LinkType(11), new(LinkType), "tcx", "tcx", `"tcx"`},
		{"link type to come", LinkType(200), new(LinkType), "200", "type 200", "200"},
		{"attach type", AttachType(46), new(AttachType), "tcx_ingress", "", `"tcx_ingress"`},
		{"attach type to come", AttachType(500), new(AttachType), "500", "", "500"},
		{"perf type", PerfType(3), new(PerfType), "hw-cache", "", `"hw-cache"`},
		{"dynamic perf type", PerfType(6), new(PerfType), "6 ", "", "6"},
		{"hardware event", PerfConfig{0, 1}, new(PerfConfig), "instructions", "", `"instructions"`},
		{"software event", PerfConfig{1, 10}, new(PerfConfig), "bpf-output", "", `"bpf-output"`},
		{"software event to come", PerfConfig{1, 99}, nil, "99", "", "99"},
		{"cache event", PerfConfig{3, 1<<16 | 1<<8 | 2}, nil, "LLC-store-misses", "", `"LLC-store-misses"`},
		{"cache event to come", PerfConfig{3, 9<<16 | 8<<8 | 77}, nil, "77-8-9", "", `"77-8-9"`},
		{"raw event", PerfConfig{4, 1 << 40}, nil, "1099511627776", "", "1099511627776"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.value.(interface{ String() string }).String(); got != tt.plain {
				t.Errorf("String() = %q, want %q", got, tt.plain)
			}
			if h, ok := tt.value.(interface{ Heading() string }); ok && h.Heading() != tt.head {
				t.Errorf("Heading() = %q, want %q", h.Heading(), tt.head)
			}
			b, err := tt.value.MarshalJSON()
			if string(b) != tt.inJSON || err != nil {
				t.Errorf("MarshalJSON() = %s, %v; want %s", b, err, tt.inJSON)
			}
			if tt.again == nil {
				return
			}
			if err := json.Unmarshal(b, tt.again); err != nil {
				t.Fatal(err)
			}
			if b, err := json.Marshal(tt.again); string(b) != tt.inJSON || err != nil {
				t.Errorf("after reading it back: %s, %v", b, err)
			}
		})
	}
}

func TestUnknownWord(t *testing.T) {
	for _, text := range []string{`"nosuch"`, `{}`, `-1`, ``} {
		if err := new(ProgType).UnmarshalJSON([]byte(text)); err == nil {
			t.Errorf("UnmarshalJSON(%s) succeeded", text)
		}
	}
}

func TestStrerror(t *testing.T) {
	// The words are those of strerror(3).
	tests := map[unix.Errno]string{
		unix.ENOENT:    "No such file or directory",
		unix.EPERM:     "Operation not permitted",
		unix.E2BIG:     "Argument list too long",
		unix.EHWPOISON: "Memory page has hardware error",
		524:            "Unknown error 524",
	}
	for e, want := range tests {
		if got := Strerror(e); got != want {
			t.Errorf("Strerror(%d) = %q, want %q", e, got, want)
		}
	}
}
