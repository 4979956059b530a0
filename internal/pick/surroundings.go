package pick

import (
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/holders"
)

// Surroundings are what is gathered once for all objects of a kind: where they
// are pinned and who holds them.
type Surroundings struct {
	Pinned  bpffs.Table // empty unless it was asked for
	Holders holders.Table
}

// NewSurroundings gathers the surroundings of all objects of a kind.
func NewSurroundings(kind bpf.Kind, pinned bool) Surroundings {
	s := Surroundings{Holders: holders.Find(kind)}
	if pinned {
		s.Pinned = bpffs.Find(kind)
	}
	return s
}
