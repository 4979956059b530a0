package cmd_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// A usedFact is the part of an answer to "prog show PROG used" that tests look at.
type usedFact struct {
	ID          uint32           `json:"id"`
	Maps        []map[string]any `json:"maps"`
	Attachments []place          `json:"attachments"`
	Onto        []place          `json:"attached_programs"`
	Waiting     []uint32         `json:"waiting_programs"`
	Pinned      []string         `json:"pinned"`
	Holders     []holder         `json:"holders"`
	Because     []string         `json:"loaded_because"`
	Unseen      []struct{ Where, Why string }
}

// A place is an attachment, by the keys of its JSON.
type place map[string]any

type holder struct {
	PID          int
	Comm         string
	Cgroup, Unit string
}

// has reports whether a place has the keys and values of another: numbers as they are
// spelt.
func (p place) has(want map[string]string) bool {
	for key, value := range want {
		if got, ok := p[key]; !ok || fmt.Sprint(got) != value {
			return false
		}
	}
	return true
}

// used asks about a program, in JSON and in plain text.
func (s *script) used(id uint32) (fact usedFact, plain string) {
	s.t.Helper()
	check(s.t, s.run([]string{"gobpftool", "prog", "show", "id", fmt.Sprint(id), "used"}))
	plain = s.stdout
	check(s.t, s.run([]string{"gobpftool", "-j", "prog", "show", "id", fmt.Sprint(id), "us"}))
	d := json.NewDecoder(strings.NewReader(s.stdout))
	d.UseNumber()
	if err := d.Decode(&fact); err != nil || fact.ID != id {
		s.t.Fatalf("%v in %s", err, s.stdout)
	}
	return fact, plain
}

// TestUsed makes attachments without links, sees them named, removes them and sees them
// gone.
func TestUsed(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	for _, tt := range attachedCases {
		t.Run(tt.row, func(t *testing.T) {
			if !kernelHas(t, tt.since) {
				t.Skipf("the kernel does not tell before Linux %s", tt.since)
			}
			s := newScript(t)
			o := makeRow(t, fixture.Attached, tt.row)
			tt.test(s, o, o.ID)
		})
	}
	for _, row := range fixture.Attached {
		named := func(c usedCase) bool { return c.row == row.Type }
		if !slices.ContainsFunc(attachedCases, named) && !strings.Contains("event.clock route.lwt_out", row.Type) {
			t.Errorf("%s: no case", row.Type)
		}
	}
}

// TestUsedLinks does the same with links.
func TestUsedLinks(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	for _, tt := range linkCases {
		t.Run(tt.row, func(t *testing.T) {
			if !kernelHas(t, tt.since) {
				t.Skipf("the kernel does not tell before Linux %s", tt.since)
			}
			s := newScript(t)
			o := makeRow(t, fixture.Links, tt.row)
			info, err := bpf.ReadLinkInfo(bpf.FD(o.FD()))
			check(t, err)
			pin := filepath.Join(fixture.BPFFS(), "used_link")
			check(t, o.Pin(pin))
			s.cleanup(pin)
			fact, _ := s.used(info.ProgID)
			for _, a := range fact.Attachments {
				if fmt.Sprint(a["link_id"]) != fmt.Sprint(o.ID) {
					t.Errorf("attached by link %v, want %d", a["link_id"], o.ID)
				}
				kept := fmt.Sprint(a["kept_by"])
				if want := fmt.Sprintf("pid:%d", os.Getpid()); !strings.Contains(kept, pin) || !strings.Contains(kept, want) {
					t.Errorf("link kept by %s, want %s and %s", kept, pin, want)
				}
			}
			if !mentions(fact.Because, fmt.Sprintf("link %d attaches it, pinned at %s, held by cmd.test(%d)", o.ID, pin, os.Getpid())) {
				t.Errorf("loaded because %q", fact.Because)
			}
			check(t, os.Remove(pin))
			tt.test(s, o, info.ProgID)
		})
	}
}

// kernelHas reports whether the kernel is of a version or later.
func kernelHas(t *testing.T, since string) bool {
	t.Helper()
	var uts unix.Utsname
	check(t, unix.Uname(&uts))
	var a, b, c, d int
	fmt.Sscanf(unix.ByteSliceToString(uts.Release[:]), "%d.%d", &a, &b)
	fmt.Sscanf(since, "%d.%d", &c, &d)
	return a > c || a == c && b >= d
}

// makeRow makes an object, which the test closes.
func makeRow(t *testing.T, rows []fixture.Row, typ string) *fixture.Object {
	t.Helper()
	o, err := mustFind(t, rows, typ).Make()
	if errors.Is(err, ebpf.ErrNotSupported) {
		t.Skip(err)
	}
	check(t, err)
	return o
}

// test looks for the attachment of a program, and for it to be gone when the object is
// closed.
func (c usedCase) test(s *script, o *fixture.Object, progID uint32) {
	t := s.t
	t.Helper()
	want := make(map[string]string)
	for k, v := range c.want {
		want[k] = strings.ReplaceAll(v, "$CGROUP", fixture.Cgroup())
	}
	fact, plain := s.used(progID)
	n := 0
	for _, a := range fact.Attachments {
		if a.has(want) {
			n++
		}
	}
	if n != 1 || len(fact.Attachments) != 1 {
		t.Errorf("%d attachments, %d as wanted: %v\nin %v", len(fact.Attachments), n, want, fact.Attachments)
	}
	if !regexp.MustCompile(`(?m)^\t\t` + c.plain).MatchString(plain) {
		t.Errorf("no %s in\n%s", c.plain, plain)
	}
	if len(fact.Because) == 0 {
		t.Error("no reason why it is loaded")
	}
	fd, err := bpf.Open(bpf.Prog, progID)
	check(t, err)
	defer fd.Close()
	check(t, o.Close())
	for range 100 { // some things go when the kernel comes to it
		if fact, _ = s.used(progID); len(fact.Attachments) == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if len(fact.Attachments) > 0 {
		t.Errorf("still attached: %v", fact.Attachments)
	}
}

func mentions(list []string, text string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.Contains(s, text) })
}

// TestUsedOnto shows programs that replace a function of another, or trace it, from both
// sides.
func TestUsedOnto(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	if !kernelHas(t, "5.13") {
		t.Skip("the kernel does not tell before Linux 5.13")
	}
	for _, row := range []string{"tracing.ext", "tracing.fentry_prog"} {
		t.Run(row, func(t *testing.T) {
			s := newScript(t)
			o := makeRow(t, fixture.Links, row)
			info, err := bpf.ReadLinkInfo(bpf.FD(o.FD()))
			check(t, err)
			target := info.Tracing.TargetObjID
			fact, plain := s.used(info.ProgID)
			want := map[string]string{"kind": "link", "target": "twofold", "target_prog_id": fmt.Sprint(target)}
			if len(fact.Attachments) != 1 || !fact.Attachments[0].has(want) {
				t.Errorf("attachments %v, want %v", fact.Attachments, want)
			}
			if !strings.Contains(plain, fmt.Sprintf("target twofold  target_prog_id %d  link %d\n", target, o.ID)) {
				t.Error(plain)
			}
			fact, plain = s.used(target)
			want = map[string]string{"kind": "link", "target": "twofold", "prog_id": fmt.Sprint(info.ProgID), "link_id": fmt.Sprint(o.ID)}
			if len(fact.Onto) != 1 || !fact.Onto[0].has(want) || len(fact.Attachments) != 0 {
				t.Errorf("attached programs %v, want %v", fact.Onto, want)
			}
			if !strings.Contains(plain, fmt.Sprintf("\tprograms attached to it:\n\t\tprog %d  link  tracing  ", info.ProgID)) {
				t.Error(plain)
			}
			if !mentions(fact.Because, fmt.Sprintf("program %d is attached to it by link %d, held by cmd.test", info.ProgID, o.ID)) {
				t.Errorf("loaded because %q", fact.Because)
			}
			fd, err := bpf.Open(bpf.Prog, target)
			check(t, err)
			defer fd.Close()
			check(t, o.Close())
			for range 100 {
				if fact, _ = s.used(target); len(fact.Onto) == 0 {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
			t.Errorf("still attached: %v", fact.Onto)
		})
	}
}

// TestUsedWaiting shows a program that is loaded to replace a function of another, and
// not attached.
func TestUsedWaiting(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	if !kernelHas(t, "6.0") {
		t.Skip("the kernel does not tell before Linux 5.18")
	}
	s := newScript(t)
	o := makeRow(t, fixture.Progs, "ext")
	check(t, s.run([]string{"gobpftool", "-j", "prog", "show", "name", "extended"}))
	var target struct{ ID uint32 }
	check(t, json.Unmarshal([]byte(s.stdout), &target))
	fact, plain := s.used(target.ID)
	if !slices.Equal(fact.Waiting, []uint32{o.ID}) || !mentions(fact.Because, fmt.Sprintf("program %d was loaded for a function of it", o.ID)) {
		t.Errorf("waiting programs %v, want %d; loaded because %q", fact.Waiting, o.ID, fact.Because)
	}
	if !strings.Contains(plain, fmt.Sprintf("\tprograms loaded for its object:\n\t\tprog %d\n", o.ID)) {
		t.Error(plain)
	}
	fd, err := bpf.Open(bpf.Prog, target.ID)
	check(t, err)
	defer fd.Close()
	check(t, o.Close())
	for range 100 {
		if fact, _ = s.used(target.ID); len(fact.Waiting) == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("still waiting: %v", fact.Waiting)
}

// TestUsedByItself shows a program in an array that it uses itself.
func TestUsedByItself(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	s := newScript(t)
	o := makeRow(t, fixture.Maps, "prog_array.owned")
	value := make([]byte, 4)
	check(t, bpf.Lookup(bpf.FD(o.FD()), words32(1), value))
	id := binary.NativeEndian.Uint32(value)
	want := fmt.Sprintf("map %d has it under key 1, and is held by cmd.test(%d), used by program %d", o.ID, os.Getpid(), id)
	fact, plain := s.used(id)
	if !mentions(fact.Because, want) || len(fact.Maps) != 1 || !strings.Contains(plain, fmt.Sprintf("\t\t\tused by prog %d\n", id)) {
		t.Errorf("loaded because %q, want %q; maps %v\n%s", fact.Because, want, fact.Maps, plain)
	}
	fd, err := bpf.Open(bpf.Prog, id)
	check(t, err)
	defer fd.Close()
	check(t, o.Close())
	for range 100 {
		if fact, _ = s.used(id); len(fact.Attachments) == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("still in the array: %v", fact.Attachments)
}

// TestUsedOrphan asks about a program of which the kernel has forgotten the ID.
func TestUsedOrphan(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	s := newScript(t)
	o := makeRow(t, fixture.Progs, "xdp.orphaned")
	defer o.Close()
	pin := filepath.Join(fixture.BPFFS(), "orphan")
	check(t, o.Pin(pin))
	s.cleanup(pin)
	link := fixture.Link(t, "raw_tracepoint")
	check(t, s.run([]string{"gobpftool", "prog", "show", "pinned", pin, "used"}))
	if strings.Contains(s.stdout, "attached") || !strings.Contains(s.stdout, "orphaned") {
		t.Errorf("beside link %d:\n%s", link.ID, s.stdout)
	}
}

// TestUsedHeld shows who holds a program, and where it is pinned.
func TestUsedHeld(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	s := newScript(t)
	o := fixture.Prog(t, "xdp.maps")
	below := filepath.Join(fixture.Cgroup(), "held.service")
	check(t, os.Mkdir(below, 0o755))
	defer os.Remove(below)
	pin := filepath.Join(fixture.BPFFS(), "used_prog")
	check(t, o.Pin(pin))
	s.cleanup(pin)

	holding := exec.Command("sleep", "1000")
	holding.ExtraFiles = []*os.File{os.NewFile(uintptr(dup(t, o.FD())), "program")}
	check(t, holding.Start())
	defer func() { _ = holding.Process.Kill(); _ = holding.Wait() }()
	holding.ExtraFiles[0].Close()
	check(t, os.WriteFile(filepath.Join(below, "cgroup.procs"), []byte(fmt.Sprint(holding.Process.Pid)), 0o644))

	fact, plain := s.used(o.ID)
	if len(fact.Maps) != fixture.ManyMaps || fmt.Sprintf("%s %s", fact.Maps[0]["type"], fact.Maps[0]["name"]) != "array xdp_maps" {
		t.Errorf("%d maps %v", len(fact.Maps), fact.Maps)
	}
	if !slices.Contains(fact.Pinned, pin) || !mentions(fact.Because, "it is pinned at "+pin) {
		t.Errorf("pinned %q, loaded because %q", fact.Pinned, fact.Because)
	}
	want := func(h holder) bool {
		return h.PID == holding.Process.Pid && h.Comm == "sleep" && h.Unit == "held.service" && strings.HasSuffix(h.Cgroup, "/held.service")
	}
	if !slices.ContainsFunc(fact.Holders, want) || len(fact.Holders) != 2 {
		t.Errorf("holders %v, want sleep(%d) in %s beside this", fact.Holders, holding.Process.Pid, below)
	}
	line := fmt.Sprintf("sleep(%d) of held.service holds a descriptor of it\n", holding.Process.Pid)
	if !strings.Contains(plain, "\t\t"+line) {
		t.Errorf("no %q in\n%s", line, plain)
	}
	check(t, holding.Process.Kill())
	_ = holding.Wait()
	check(t, os.Remove(pin))
	if fact, _ = s.used(o.ID); len(fact.Holders) != 1 || len(fact.Pinned) != 0 || len(fact.Because) != 1 {
		t.Errorf("holders %v, pinned %q, loaded because %q; want this process only", fact.Holders, fact.Pinned, fact.Because)
	}
}

func dup(t *testing.T, fd int) int {
	t.Helper()
	n, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	check(t, err)
	return n
}

// TestUsedUnseen shows what cannot be seen: for programs that it concerns, only.
func TestUsedUnseen(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	tests := []struct {
		row, until string // the kernel that tells, if one does
		where, why string
	}{
		{"event.clock", "", fmt.Sprintf("perf events of cmd.test\\(%d\\)", os.Getpid()), "the kernel does not tell which program is attached, but that one is"},
		{"route.lwt_out", "", "route to " + fixture.LWTRoute, `has a program "fixture.o:\[tc\]", of which the kernel does not tell the ID`},
		{"sockmap.msg", "5.19", `map \d+ \(sockmap\)`, "the kernel does not tell which programs are attached, before Linux 5.19"},
	}
	for _, tt := range tests {
		t.Run(tt.row, func(t *testing.T) {
			if tt.until != "" && kernelHas(t, tt.until) {
				t.Skip("the kernel tells")
			}
			s := newScript(t)
			o := makeRow(t, fixture.Attached, tt.row)
			defer o.Close()
			_, plain := s.used(o.ID)
			if want := "\tnot looked at:\n\t\t" + tt.where + ": " + tt.why + "\n$"; !regexp.MustCompile(want).MatchString(plain) {
				t.Errorf("no %q in\n%s", want, plain)
			}
			other := fixture.Prog(t, "xdp")
			if _, plain = s.used(other.ID); strings.Contains(plain, "not looked at") {
				t.Errorf("for another type of program:\n%s", plain)
			}
		})
	}
}

// TestUsedUntold shows that a kernel does not tell what links of type tracing attach to.
func TestUsedUntold(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	if kernelHas(t, "5.13") {
		t.Skip("the kernel tells")
	}
	s := newScript(t)
	o := makeRow(t, fixture.Links, "tracing.ext")
	defer o.Close()
	other := fixture.Prog(t, "xdp")
	if _, plain := s.used(other.ID); !strings.Contains(plain, "\t\tlinks of type tracing: the kernel does not tell ") {
		t.Error(plain)
	}
}

// TestUsedWords reads command lines: the word may be shortened, and several programs
// are an array.
func TestUsedWords(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	s := newScript(t)
	row := mustFind(t, fixture.Progs, "xdp").Named("used_twice")
	row.For(t)
	row.For(t)
	check(t, s.run([]string{"gobpftool", "-j", "prog", "list", "name", "used_twice", "u"}))
	var list []usedFact
	if err := json.Unmarshal([]byte(s.stdout), &list); err != nil || len(list) != 2 {
		t.Errorf("%v: %s", err, s.stdout)
	}
	tests := []struct {
		args, out string
		status    int
	}{
		{"-j prog show name nosuch used", `{"error":"no program with name 'nosuch'"}` + "\n", 1},
		{"-j prog show id 4294967295 used", `{"error":"get by id (4294967295): No such file or directory"}` + "\n", 1},
		{"-j prog show id 1 uses", `{"error":"what is 'id'?"}` + "\n", 2},
		{"-j prog show used", `{"error":"what is 'used'?"}` + "\n", 2},
		{"-j prog show id 1 used x", `{"error":"what is 'id'?"}` + "\n", 2},
	}
	for _, tt := range tests {
		if s.gobpftool(strings.Fields(tt.args)); s.status != tt.status || s.stdout != tt.out {
			t.Errorf("%s: status %d, %q; want %d, %q", tt.args, s.status, s.stdout, tt.status, tt.out)
		}
	}
}
