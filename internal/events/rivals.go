package events

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/holders"
	"github.com/gobpftool/gobpftool/internal/render"
)

// rivals returns the other processes that hold the map. Pins and programs read
// nothing.
func (t *eventMap) rivals() holders.List {
	return slices.DeleteFunc(holders.Find(bpf.Map)[t.info.ID], func(p holders.Process) bool { return p.PID == os.Getpid() })
}

// checkFree fails if slots of a perf_event_array have the event of another consumer,
// which would see nothing more. Where the kernel does not tell what they have, it
// fails if another process may have put something there.
func (t *eventMap) checkFree(slots []uint32) error {
	taken, err := bpf.TakenSlots(t.fd, slots)
	if err == nil {
		return refuseSlots(taken, t.rivals)
	}
	if rivals := t.rivals(); len(rivals) > 0 {
		return render.Hinted{
			Err:  fmt.Errorf("whether slots are in use is not known (%w), and the map is held by %s", err, listed(rivals)),
			Hint: "the word 'steal' takes the slots over",
		}
	}
	return nil
}

// refuseSlots says which slots are taken, and by whom that may be. It is nil if none
// are.
func refuseSlots(taken []uint32, rivals func() holders.List) error {
	if len(taken) == 0 {
		return nil
	}
	err := fmt.Errorf("the array has events of another consumer at index %s", numbers(taken))
	if list := rivals(); len(list) > 0 {
		err = fmt.Errorf("%w; it is held by %s", err, listed(list))
	}
	return render.Hinted{Err: err, Hint: "the word 'steal' replaces them, and the other consumer sees no more events"}
}

// refuseRing says who else may read a ring buffer. It is nil if nobody does.
func refuseRing(rivals holders.List) error {
	if len(rivals) == 0 {
		return nil
	}
	return render.Hinted{
		Err:  fmt.Errorf("the ring buffer is held by %s, and what is read here would be missing there", listed(rivals)),
		Hint: "the word 'steal' reads it nevertheless",
	}
}

// listed joins processes for a message.
func listed(list holders.List) string {
	var words []string
	for _, p := range list {
		words = append(words, fmt.Sprintf("%s(%d)", p.Comm, p.PID))
	}
	return strings.Join(words, ", ")
}

// numbers joins numbers for a message.
func numbers(list []uint32) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(list), " ", ", "), "[]")
}
