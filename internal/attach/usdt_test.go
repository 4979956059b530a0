package attach

import (
	"strings"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestUSDT attaches programs to user-space tracepoints, by one link for all places and by one for each, and looks at
// the arguments that they find.
func TestUSDT(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	for _, dir := range []string{"", "pie"} {
		for _, multi := range []bool{true, false} {
			t.Run(dir+map[bool]string{true: "/one link", false: "/links"}[multi], func(t *testing.T) {
				testUSDT(t, dir, multi)
			})
		}
	}
}

func testUSDT(t *testing.T, dir string, multi bool) {
	path := findTarget(t, dir)
	cookies := hasEventLinks(t)
	l := loadSpec(t, "usdt", func(c *ebpf.CollectionSpec) {
		if err := c.Variables["LINUX_HAS_BPF_COOKIE"].Set(cookies); err != nil {
			t.Fatal(err)
		}
		for _, p := range c.Programs {
			if !multi {
				p.AttachType = ebpf.AttachNone
			}
		}
	})
	for _, name := range []string{"twice", "args", "counted", "wide"} {
		link, err := l.attach(name)
		if dir == "pie" && !cookies {
			if err == nil || !strings.Contains(err.Error(), "-no-pie") {
				t.Fatalf("without cookies: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(link.Close)
		if _, ok := link.FD(); ok != (multi && hasUprobes(t) || cookies && name != "twice") {
			t.Errorf("%s: has one link: %v", name, ok)
		}
	}
	run(t, path)
	for name, want := range map[string]uint64{"args": 3, "counted": 3, "twice": 9, "wide": 3} {
		if got := l.hits(t, name); got != want {
			t.Errorf("%s ran %d times, want %d", name, got, want)
		}
	}
	var seen [8]int64
	var count int32
	var twos int64
	for name, to := range map[string]any{"seen": &seen, "count": &count, "twos": &twos} {
		if err := l.Variables[name].Get(to); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([8]int64{1234567890123, -3, 7, -5, -3, -2}, seen); diff != "" {
		t.Errorf("arguments (-want +got):\n%s", diff)
	}
	if count != 6 || twos != 3*4 {
		t.Errorf("%d arguments, want 6; sum %d, want 12", count, twos)
	}
}

// hasEventLinks reports whether this kernel has links to events.
func hasEventLinks(t *testing.T) bool {
	l := load(t, "user", "tp")
	return bpf.HasEventLinks(bpf.FD(l.Programs["tp"].FD()))
}

// hasUprobes reports whether this kernel has links to many places of a file.
func hasUprobes(t *testing.T) bool {
	row, _ := fixture.Find(fixture.Links, "uprobe_multi")
	o, err := row.Make()
	if err != nil {
		return false
	}
	t.Cleanup(func() { o.Close() })
	return true
}
