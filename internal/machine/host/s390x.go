//go:build s390x

package host

import "github.com/gobpftool/gobpftool/internal/machine/s390x"

var arch = &s390x.Arch
