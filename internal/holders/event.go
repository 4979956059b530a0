package holders

import (
	"strconv"
)

// Events are the descriptors of perf events that a process has.
type Events struct {
	Process
	FDs []int // in increasing order
}

// FindEvents lists the processes that have perf events. It leaves out what [Find]
// does.
func FindEvents() []Events { return findEvents("/proc") }

func findEvents(proc string) []Events {
	var list []Events
	each(proc, event, func(p Process, fds []uint32) {
		e := Events{Process: p}
		for _, fd := range fds {
			e.FDs = append(e.FDs, int(fd))
		}
		list = append(list, e)
	})
	return list
}

// event returns the number of a descriptor, and whether it is a perf event.
func event(fds, _ dir, fd string) (uint32, bool) {
	if fds.link(fd) != "anon_inode:[perf_event]" {
		return 0, false
	}
	n, err := strconv.ParseUint(fd, 10, 32)
	return uint32(n), err == nil
}
