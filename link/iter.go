package link

import (
	"bufio"
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

// Iterator is the target of a link of type iter. Which numbers it has depends
// on what is iterated.
type Iterator struct {
	Name     string  `json:"target_name"`
	MapID    *uint32 `json:"map_id,omitempty"`
	TID      uint32  `json:"tid,omitempty"`
	PID      uint32  `json:"pid,omitempty"` // not set if TID is
	CgroupID *uint64 `json:"cgroup_id,omitempty"`
	Order    string  `json:"order,omitempty"`
}

// Iterators over the elements of a map, and over what belongs to tasks.
var (
	mapIterators  = []string{"bpf_map_elem", "bpf_sk_storage_map"}
	taskIterators = []string{"task", "task_file", "task_vma"}
)

// cgroupOrders is enum bpf_cgroup_iter_order of include/uapi/linux/bpf.h.
var cgroupOrders = []string{
	"order_unspec", "self_only", "descendants_pre", "descendants_post", "ancestors_up",
}

func iterator(i *bpf.IterLink) *Iterator {
	t := &Iterator{Name: i.Target}
	switch {
	case slices.Contains(mapIterators, i.Target):
		t.MapID = &i.MapID
	case slices.Contains(taskIterators, i.Target) && i.TID != 0:
		t.TID = i.TID
	case slices.Contains(taskIterators, i.Target):
		t.PID = i.PID
	case i.Target == "cgroup":
		t.CgroupID = &i.CgroupID
		t.Order = "unknown"
		if uint64(i.Order) < uint64(len(cgroupOrders)) {
			t.Order = cgroupOrders[i.Order]
		}
	}
	return t
}

// Plain implements [Target]. Scripts know the single blanks.
func (t *Iterator) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "target_name %s  ", t.Name)
	switch {
	case t.MapID != nil:
		fmt.Fprintf(w, "map_id %d  ", *t.MapID)
	case t.TID != 0:
		fmt.Fprintf(w, "tid %d ", t.TID)
	case t.PID != 0:
		fmt.Fprintf(w, "pid %d ", t.PID)
	case t.CgroupID != nil:
		fmt.Fprintf(w, "cgroup_id %d  order %s  ", *t.CgroupID, t.Order)
	}
}
