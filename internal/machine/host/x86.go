//go:build amd64 || 386

package host

import "github.com/gobpftool/gobpftool/internal/machine/x86"

var arch = &x86.Arch
