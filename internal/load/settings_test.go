package load

import (
	"fmt"
	"testing"

	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// TestSetting puts settings into the places of several types, as libbpf 1.8 does.
func TestSetting(t *testing.T) {
	object, err := elfobj.Open("../elfobj/testdata/externs.bpfel.o")
	if err != nil {
		t.Fatal(err)
	}
	externs := make(map[string]*elfobj.Extern)
	for _, e := range object.Externs {
		externs[e.Name] = e
	}
	const (
		ofInt      = "LINUX_KERNEL_VERSION"
		ofBool     = "CONFIG_BPF_SYSCALL"
		ofTristate = "CONFIG_BPF"
	)
	tests := []struct{ extern, text, want string }{
		{ofInt, digit(true), "01 00 00 00"}, // LINUX_HAS_SYSCALL_WRAPPER is mostly declared so
		{ofBool, digit(true), "01"},
		{ofBool, digit(false), "00"},
		{ofBool, "2", "it is 2, but declared as bool"},
		{ofBool, "y", "01"},
		{ofBool, "m", "it is m, which the declared type cannot have"},
		{ofInt, "y", "it is y, which the declared type cannot have"},
		{ofInt, "-1", "ff ff ff ff"},
		{ofTristate, "m", "02 00 00 00"},
		{ofTristate, digit(true), "it is 1, but declared as one of yes, no and module"},
	}
	for _, tt := range tests {
		t.Run(tt.extern+"="+tt.text, func(t *testing.T) {
			e := externs[tt.extern]
			value := make([]byte, e.Size)
			got := fmt.Sprint(setting(object, e, tt.text, value))
			if got == "<nil>" {
				got = fmt.Sprintf("% x", value)
			}
			if got != tt.want {
				t.Errorf("setting() = %s, want %s", got, tt.want)
			}
		})
	}
}
