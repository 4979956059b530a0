package attach

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestHits attaches programs, and counts how often they run.
func TestHits(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	path := findTarget(t, "")
	const hasKprobes = "kprobes"
	tests := []struct {
		object, name string
		provoke      func(t *testing.T)
		want         uint64 // or more, if it is 0
		needs        fixture.Requirement
		like         string // a link of package fixture that the kernel must have
	}{
		{"user", "one", nil, 3, "", ""},
		{"user", "later", nil, 3, "", ""},
		{"user", "two", nil, 3, "", ""},
		{"user", "hidden", nil, 3, "", ""},
		{"user", "tp", getParent, 0, "", ""},
		{"user", "exits", getParent, 0, "", ""},
		{"user", "raw_tp", getParent, 0, "", ""},
		{"user", "writable", getParent, 0, "", ""},
		{"user", "tp_btf", getParent, 0, "", ""},
		{"multi", "many", nil, 15, "", "uprobe_multi"},
		{"multi", "ends", nil, 3, "", "uprobe_multi"},
		{"multi", "asleep", nil, 3, "", "uprobe_multi"},
		{"multi", "alone", nil, 3, "", "uprobe_multi"},
		{"multi", "session", nil, 6, "", "uprobe_multi.session"},
		{"kernel", "kprobe", sleep, 0, hasKprobes, ""},
		{"kernel", "start", sleep, 0, hasKprobes, ""},
		{"kernel", "kretprobe", sleep, 0, hasKprobes, ""},
		{"kernel", "ksyscall", sleep, 0, hasKprobes, ""},
		{"kernel", "kretsyscall", sleep, 0, hasKprobes, ""},
		{"kernel", "fentry", sleep, 0, fixture.Trampoline, ""},
		{"kernel", "fexit", sleep, 0, fixture.Trampoline, ""},
		{"kernel", "fmod_ret", getGroup, 0, fixture.Trampoline, ""},
		{"kernel", "lsm", getGroup, 0, fixture.LSM, ""},
		{"functions", "single", sleep, 0, fixture.KprobeMulti, ""},
		{"functions", "many", sleep, 0, fixture.KprobeMulti, ""},
		{"functions", "ends", sleep, 0, fixture.KprobeMulti, ""},
		{"functions", "session", sleep, 0, fixture.KprobeMulti, ""},
		{"tracing", "one", sleep, 0, "", "tracing_multi"},
		{"tracing", "many", sleep, 0, "", "tracing_multi"},
		{"tracing", "session", sleep, 0, "", "tracing_multi"},
	}
	for _, tt := range tests {
		t.Run(tt.object+"/"+tt.name, func(t *testing.T) {
			switch tt.needs {
			case "":
			case hasKprobes:
				needKprobes(t)
			default:
				fixture.Need(t, tt.needs)
			}
			if tt.like != "" {
				fixture.Link(t, tt.like)
			}
			l := load(t, tt.object, tt.name)
			l.mustAttach(t, tt.name)
			if tt.provoke == nil {
				run(t, path)
			} else {
				tt.provoke(t)
			}
			if got := l.hits(t, tt.name); got != tt.want && (tt.want != 0 || got == 0) {
				t.Errorf("ran %d times, want %d", got, tt.want)
			}
		})
	}
}

// needKprobes skips the test on kernels without kprobes. That of package fixture asks for links to them.
func needKprobes(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(kprobes.dir()); err != nil {
		t.Skip(err)
	}
}

func getParent(*testing.T) { os.Getppid() }

func getGroup(t *testing.T) {
	if _, err := unix.Getpgid(0); err != nil {
		t.Fatal(err)
	}
}

// sleep sleeps as the kernel's do_nanosleep does, which the runtime does not. A signal of the runtime may end it.
func sleep(t *testing.T) {
	if err := unix.Nanosleep(&unix.Timespec{Nsec: 1}, nil); err != nil && err != unix.EINTR {
		t.Fatal(err)
	}
}
