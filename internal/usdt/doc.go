// Package usdt reads where user-space tracepoints (USDT) are in executables and libraries, and
// where their arguments are, and says so in the bytes that programs with <bpf/usdt.bpf.h> read.
//
// Nothing here speaks to the kernel about programs or maps: that is up to the caller, who may
// have this code as a part of a skeleton. See [Source].
package usdt

import "embed"

// Source is the code of the package, which internal/skeleton copies into skeletons. Therefore
// no name at package level is the name of a field or method as well.
//
//go:embed arch.go argument.go layout.go nop.go note.go place.go table.go
var Source embed.FS
