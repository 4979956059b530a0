package every

import (
	"debug/elf"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/features"
	"github.com/cilium/ebpf/link"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// manyPlaces reports whether this kernel has links to many places of a file.
func manyPlaces() bool { return features.HaveBPFLinkUprobeMulti() == nil }

// loadUSDT loads the skeleton about user-space tracepoints, and returns the path of the program that has them.
func loadUSDT(t *testing.T, dir string, change func(*ebpf.ProgramSpec)) (s *Usdt, target string) {
	t.Helper()
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	if runtime.GOARCH != "amd64" {
		t.Skip("the program is for x86-64")
	}
	dir, err := filepath.Abs(filepath.Join("../../attach/testdata", dir))
	must(t, err)
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	s, err = OpenUsdt()
	must(t, err)
	t.Cleanup(s.Close)
	for _, p := range s.Spec.Programs {
		change(p)
	}
	s.Progs.Sleeps.Autoload = manyPlaces()
	must(t, s.Load())
	return s, filepath.Join(dir, "target")
}

// TestUSDT has programs run at user-space tracepoints, by one link for all places and by one for each.
func TestUSDT(t *testing.T) {
	for _, dir := range []string{"", "pie"} {
		t.Run(dir+"/one link", func(t *testing.T) {
			s, target := loadUSDT(t, dir, func(*ebpf.ProgramSpec) {})
			testUSDT(t, s, target)
			if !manyPlaces() {
				t.Skip("this kernel has no links to many places")
			}
			if _, err := s.Links.Twice.Info(); err != nil {
				t.Errorf("not one link: %v", err)
			}
		})
		t.Run(dir+"/links", func(t *testing.T) {
			s, target := loadUSDT(t, dir, func(p *ebpf.ProgramSpec) { p.AttachType = ebpf.AttachPerfEvent })
			if !testUSDT(t, s, target) {
				return
			}
			if _, err := s.Links.Twice.Info(); !errors.Is(err, link.ErrNotSupported) || !strings.Contains(err.Error(), "3 links for one program") {
				t.Errorf("not three links: %v", err)
			}
		})
	}
}

// testUSDT attaches programs, takes them off, and attaches them again, if this kernel can.
func testUSDT(t *testing.T, s *Usdt, target string) bool {
	t.Helper()
	if features.HaveProgramHelper(ebpf.Kprobe, asm.FnGetAttachCookie) != nil && strings.Contains(target, "pie/") {
		if err := s.Attach(); err == nil || !strings.Contains(err.Error(), "-no-pie") {
			t.Fatalf("without cookies: %v", err)
		}
		return false
	}
	for round := range 2 {
		must(t, s.Attach())
		must(t, s.Progs.Chosen.Attach(target, "lab", "twice"))
		must(t, exec.Command(target).Run())
		n := int32(round + 1)
		want(t, "seen", [6]int64{1234567890123, -3, 7, -5, -3, -2})(s.Bss.Seen.Get())
		want(t, "count", int32(6))(s.Bss.Count.Get())
		want(t, "counted", 3*n)(s.Bss.CountedHits.Get())
		want(t, "wide", 3*n)(s.Bss.WideHits.Get())
		want(t, "twice", 12*int64(n))(s.Bss.Twos.Get())
		want(t, "chosen", 12*int64(n))(s.Bss.ChosenTwos.Get())
		if manyPlaces() {
			want(t, "sleeps", 3*n)(s.Bss.SleepsHits.Get())
		}
		if round > 0 {
			break // attached
		}
		s.Detach()
		must(t, exec.Command(target).Run())
		want(t, "twice, detached", 12*int64(n))(s.Bss.Twos.Get())
		want(t, "counted, detached", 3*n)(s.Bss.CountedHits.Get())
	}
	return true
}

// TestUSDTProcess attaches a program in a process that has no such tracepoints.
func TestUSDTProcess(t *testing.T) {
	for _, at := range []ebpf.AttachType{ebpf.AttachNone, ebpf.AttachPerfEvent} {
		s, target := loadUSDT(t, "", func(p *ebpf.ProgramSpec) { p.AttachType = at })
		must(t, s.Progs.Chosen.AttachTo(os.Getpid(), target, "lab", "twice"))
		must(t, exec.Command(target).Run())
		want(t, "chosen", int64(0))(s.Bss.ChosenTwos.Get())
		s.Close()
	}
}

// TestUSDTAddresses tells programs of addresses, as for kernels without cookies.
func TestUSDTAddresses(t *testing.T) {
	s, target := loadUSDT(t, "", func(*ebpf.ProgramSpec) {})
	m := s.Progs.Chosen.maps
	f, err := elf.Open(target)
	must(t, err)
	defer f.Close()
	places, err := usdtUSDTPlaces(f, "lab", "args")
	must(t, err)
	must(t, m.putAddr(&places[0], 7))
	must(t, m.putAddr(&places[0], 7))
	addr, err := places[0].Addr()
	must(t, err)
	want(t, "number", uint32(7))(s.Maps.BPFUsdtIPToSpecID.Lookup(int64(addr)))
	if err := m.putAddr(&places[0], 8); !errors.Is(err, ebpf.ErrKeyExist) {
		t.Errorf("another number: %v", err)
	}
	if err := m.putAddr(&usdtUSDTPlace{}, 7); err == nil || !strings.Contains(err.Error(), "-no-pie") {
		t.Errorf("without an address: %v", err)
	}
}

// TestUSDTRefusals asks for what is not there.
func TestUSDTRefusals(t *testing.T) {
	s, target := loadUSDT(t, "", func(*ebpf.ProgramSpec) {})
	for _, tt := range []struct{ file, name, want string }{
		{target, "nothing", "program chosen: attach: " + target + ": tracepoint lab:nothing: none among 7"},
		{"no_such_program", "twice", "program chosen: attach: no_such_program: not in "},
		{"every_test.go", "twice", "program chosen: attach: every_test.go: not in "},
		{"./every_test.go", "twice", "program chosen: attach: ./every_test.go: bad magic number"},
	} {
		err := s.Progs.Chosen.Attach(tt.file, "lab", tt.name)
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) || s.Links.Chosen != nil {
			t.Errorf("%s: %v, want %s", tt.file, err, tt.want)
		}
	}
	maps := s.Progs.Chosen.maps
	s.Progs.Chosen.maps = &usdtUSDTMaps{}
	if err := s.Progs.Chosen.Attach(target, "lab", "twice"); err == nil || !strings.Contains(err.Error(), "the object has no maps __bpf_usdt_specs") {
		t.Errorf("without maps: %v", err)
	}
	s.Progs.Chosen.maps = maps
	if err := s.Progs.Chosen.Attach(target, "lab", "nothing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no tracepoint: %v is of another kind", err)
	}
}

// TestUSDTGuest runs these tests with a kernel that has neither links to many places nor cookies.
func TestUSDTGuest(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	fixture.Need(t, fixture.VM)
	tests := fixture.StaticTests(t)
	guest := fixture.Guest{Version: "5.10", Suite: "bullseye-security"}
	_, image := guest.Find(t)
	out, err := guest.Boot(t, "-k", image, "-t", "900", "-f", tests, "-f", "../../attach/testdata:/attach/testdata", "-f", "every_test.go:/skeleton/every/every_test.go",
		"--", "env", "GOBPFTOOL_REQUIRE=root,bpf,isolation", "sh", "-c", "cd /skeleton/every && every.test -test.v -test.run '^TestUSDT(Process|Addresses|Refusals)?$'")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"TestUSDT//links", "TestUSDT/pie/links", "TestUSDTProcess", "TestUSDTAddresses", "TestUSDTRefusals"} {
		if !strings.Contains(out, "--- PASS: "+name+" ") {
			t.Errorf("%s was skipped\n%s", name, out)
		}
	}
}
