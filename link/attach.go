package link

import (
	"bufio"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// Cgroup is the target of a link of type cgroup.
type Cgroup struct {
	ID         uint64           `json:"cgroup_id"` // 0 once detached
	AttachType names.AttachType `json:"attach_type"`
}

func cgroup(c *bpf.CgroupLink) *Cgroup {
	return &Cgroup{ID: c.CgroupID, AttachType: names.AttachType(c.AttachType)}
}

// Plain implements [Target].
func (c *Cgroup) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "\n\tcgroup_id %d  attach_type %s  ", c.ID, c.AttachType)
}

// Sockmap is the target of a link of type sockmap.
type Sockmap struct {
	MapID      uint32           `json:"map_id"`
	AttachType names.AttachType `json:"attach_type"`
}

func sockmap(s *bpf.SockmapLink) *Sockmap {
	return &Sockmap{MapID: s.MapID, AttachType: names.AttachType(s.AttachType)}
}

// Plain implements [Target].
func (s *Sockmap) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "\n\tmap_id %d  attach_type %s  ", s.MapID, s.AttachType)
}

// StructOps is the target of a link of type struct_ops: the map that has the
// operations.
type StructOps struct {
	MapID uint32 `json:"map_id"`
}

// Plain implements [Target]. The map is on the first line, in place of a
// program.
func (s *StructOps) Plain(*bufio.Writer) {}
