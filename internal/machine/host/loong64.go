//go:build loong64

package host

import "github.com/gobpftool/gobpftool/internal/machine/loong64"

var arch = &loong64.Arch
