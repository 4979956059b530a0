package host

import (
	"runtime"
	"testing"
)

// TestNamed knows the kernels that run what is compiled for this architecture, and no others.
func TestNamed(t *testing.T) {
	kernels := map[string]string{
		"amd64": "x86_64", "386": "x86_64", "arm64": "aarch64", "arm": "aarch64",
		"loong64": "loongarch64", "ppc64le": "ppc64le", "riscv64": "riscv64", "s390x": "s390x",
	}
	own := kernels[runtime.GOARCH]
	if a, ok := Named(own); ok != (own != "") || ok && a.Name != own {
		t.Errorf("%s: %v, %t", own, a, ok)
	}
	for _, name := range []string{"", "x86_64", "i686", "aarch64", "armv7l", "loongarch64", "ppc64le", "ppc64", "riscv64", "s390x", "mips64"} {
		if a, ok := Named(name); ok != (name == own && own != "") {
			t.Errorf("%s: %v, %t on %s", name, a, ok, runtime.GOARCH)
		}
	}
}
