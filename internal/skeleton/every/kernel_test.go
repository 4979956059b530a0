package every

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/cilium/ebpf"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/kconfig"
)

// TestSettings reads what the kernel is configured with, as programs see it.
func TestSettings(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	config, err := kconfig.Read()
	if err != nil {
		t.Skip(err) // not a matter of what is installed
	}
	s, err := OpenSettings()
	must(t, err)
	defer s.Close()
	must(t, s.Load())
	k := &s.Kconfig
	hz, err := k.ConfigHz.Get()
	must(t, err)
	if text := fmt.Sprint(hz); text != config["CONFIG_HZ"] {
		t.Errorf("CONFIG_HZ is %s, want %s", text, config["CONFIG_HZ"])
	}
	want(t, "CONFIG_NO_SUCH_THING", SettingsLibbpfTristate(0))(k.ConfigNoSuchThing.Get())
	want(t, "CONFIG_BPF_SYSCALL", true)(k.ConfigBPFSyscall.Get())
	sum := int64(hz)
	for _, get := range []func() (int64, error){
		number(&k.LinuxKernelVersion), truth(&k.LinuxHasBPFCookie), truth(&k.LinuxHasSyscallWrapper), truth(&k.ConfigBPFSyscall),
		number(&k.ConfigBPF), number(&k.ConfigNet), first(&k.ConfigDefaultHostname), number(&k.ConfigMagicSysrqSerial),
		number(&k.ConfigLogBufShift), number(&k.ConfigNrCPUs), number(&k.ConfigBaseSmall), number(&k.ConfigNoneEither),
		func() (int64, error) { text, err := k.ConfigCcVersionText.Get(); return int64(text[6]), err },
	} {
		n, err := get()
		must(t, err)
		sum += n
	}
	status, err := s.Progs.Sum.Run(&ebpf.RunOptions{Data: make([]byte, 64)})
	if err != nil || status != uint32(sum) {
		t.Errorf("a program sees %d, %v, want %d", status, err, uint32(sum))
	}
	if err := k.ConfigHz.Set(1); err == nil {
		t.Error("what the kernel is configured with was set")
	}
	other, err := OpenSettings()
	must(t, err)
	defer other.Close()
	must(t, other.Kconfig.ConfigHz.Set(4321))
	must(t, other.Load())
	want(t, "a setting that was given a value", uint64(4321))(other.Kconfig.ConfigHz.Get())
	want(t, "another one", true)(other.Kconfig.ConfigBPFSyscall.Get())
}

func number[T ~int16 | ~int32 | ~int64 | ~uint8 | ~uint32](v *SettingsVar[T]) func() (int64, error) {
	return func() (int64, error) { n, err := v.Get(); return int64(n), err }
}

func truth(v *SettingsVar[bool]) func() (int64, error) {
	return func() (int64, error) {
		yes, err := v.Get()
		if yes {
			return 1, err
		}
		return 0, err
	}
}

func first(v *SettingsVar[[32]byte]) func() (int64, error) {
	return func() (int64, error) { text, err := v.Get(); return int64(text[0]), err }
}

// TestStruct registers a struct of functions that no link keeps, with a name that was changed before.
func TestStruct(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	s, err := OpenShadow()
	must(t, err)
	defer s.Close()
	m := &s.Maps.Shadow
	start := m.Value()
	if start.NameString() != "bpf_shadow" || start.Flags != 2 {
		t.Errorf("it starts as %+v", start)
	}
	start.Name = [16]byte{}
	copy(start.Name[:], "bpf_changed")
	m.Set(start)
	must(t, s.Load())
	if registered(t, "bpf_changed") {
		t.Error("it is registered before it is attached")
	}
	must(t, s.Attach())
	if !registered(t, "bpf_changed") || registered(t, "bpf_shadow") {
		t.Error("it is not registered by its name")
	}
	if err := m.Attach(); err == nil || err.Error() != "map shadow: already attached" {
		t.Errorf("attached twice: %v", err)
	}
	for range 2 {
		s.Detach()
		if registered(t, "bpf_changed") {
			t.Error("it is registered after it was taken off")
		}
		must(t, s.Attach())
		if !registered(t, "bpf_changed") {
			t.Error("it is not registered again")
		}
	}
	s.Close()
	if registered(t, "bpf_changed") {
		t.Error("it is registered after it was closed")
	}
	left, err := OpenShadow()
	must(t, err)
	defer left.Close()
	left.Maps.Shadow.Autoload = false
	must(t, left.Load())
	must(t, left.Attach())
	if left.Maps.Shadow.Map != nil || registered(t, "bpf_shadow") {
		t.Error("it is loaded, though it was left out")
	}
}

// registered reports whether the kernel has a congestion control of some name.
func registered(t *testing.T, name string) bool {
	t.Helper()
	list, err := os.ReadFile("/proc/sys/net/ipv4/tcp_available_congestion_control")
	must(t, err)
	return strings.Contains(" "+strings.TrimSpace(string(list))+" ", " "+name+" ")
}
