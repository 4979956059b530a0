//go:build ppc64le

package host

import "github.com/gobpftool/gobpftool/internal/machine/ppc64"

var arch = &ppc64.Arch
