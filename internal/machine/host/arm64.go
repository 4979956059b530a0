//go:build arm64 || arm

package host

import "github.com/gobpftool/gobpftool/internal/machine/arm64"

var arch = &arm64.Arch
