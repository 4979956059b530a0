//go:build riscv64

package host

import "github.com/gobpftool/gobpftool/internal/machine/riscv64"

var arch = &riscv64.Arch
