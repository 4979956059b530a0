//go:build !(amd64 || 386 || arm64 || arm || loong64 || ppc64le || riscv64 || s390x)

package host

import "github.com/gobpftool/gobpftool/internal/machine"

var arch *machine.Arch
