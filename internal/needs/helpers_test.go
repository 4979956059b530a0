package needs

import (
	"errors"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
)

// caller are programs that call nothing but a helper.
var callers = []ebpf.ProgramSpec{
	{Type: ebpf.SocketFilter},
	{Type: ebpf.CGroupSKB},
	{Type: ebpf.SchedCLS},
	{Type: ebpf.XDP},
	{Type: ebpf.SkLookup, AttachType: ebpf.AttachSkLookup},
	{Type: ebpf.CGroupSockAddr, AttachType: ebpf.AttachCGroupInet4Connect},
	{Type: ebpf.Syscall, Flags: unix.BPF_F_SLEEPABLE},
}

// TestPerfmonHelpers asks the kernel which helpers it lets programs call that see nothing of it
// by their type, with CAP_PERFMON and without.
func TestPerfmonHelpers(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		t.Fatal(err)
	}
	running, err := names.ParseVersion(string(release))
	if err != nil {
		t.Fatal(err)
	}
	without := callable(t, BPF, NetAdmin)
	with := callable(t, BPF, NetAdmin, Perfmon)
	all := callable(t, BPF, NetAdmin, Perfmon, SysAdmin)
	for h := int32(1); ; h++ {
		name, ok := names.Helper(h)
		if !ok {
			break
		}
		if with[h] != all[h] {
			t.Errorf("%s: %d types of programs may call it with CAP_SYS_ADMIN, %d without", name, all[h], with[h])
		}
		listed := slices.Contains(perfmonHelpers, name)
		switch differs := with[h] != without[h]; {
		case differs && !listed:
			t.Errorf("%s: %d types of programs may call it with CAP_PERFMON, %d without", name, with[h], without[h])
		case listed && !differs && !strings.HasPrefix(name, "bpf_probe_read") && running.Compare(names.Version{Major: 6, Minor: 18}) >= 0:
			t.Errorf("%s: CAP_PERFMON makes no difference", name) // but to what is tried in [TestRights] of cmd
		}
	}
}

// callable returns how many of callers may call each helper, with some capabilities.
func callable(t *testing.T, caps ...Capability) map[int32]int {
	found := make(map[int32]int)
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		var data [2]unix.CapUserData
		for _, c := range caps {
			data[c/32].Permitted |= 1 << (c % 32)
		}
		data[0].Effective, data[1].Effective = data[0].Permitted, data[1].Permitted
		err := unix.Capset(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &data[0])
		if err == nil {
			for h := int32(1); ; h++ {
				if _, ok := names.Helper(h); !ok {
					break
				}
				for _, spec := range callers {
					if mayCall(spec, h) {
						found[h]++
					}
				}
			}
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return found
}

// mayCall reports whether the verifier gets so far as to look at what a helper is given.
func mayCall(spec ebpf.ProgramSpec, helper int32) bool {
	spec.License = "GPL"
	spec.Instructions = asm.Instructions{asm.BuiltinFunc(helper).Call(), asm.Mov.Imm(asm.R0, 0), asm.Return()}
	p, err := ebpf.NewProgramWithOptions(&spec, ebpf.ProgramOptions{LogLevel: ebpf.LogLevelBranch})
	if err == nil {
		p.Close()
		return true
	}
	var refused *ebpf.VerifierError
	if !errors.As(err, &refused) || len(refused.Log) == 0 {
		return false
	}
	log := strings.Join(refused.Log, "\n")
	return !strings.Contains(log, "cannot use helper") && !strings.Contains(log, "unknown func") && !strings.Contains(log, "invalid func")
}
