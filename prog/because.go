package prog

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/attachments"
)

// because says in sentences why a program is still loaded.
func because(u *Used) []string {
	list := []string{}
	add := func(format string, a ...any) { list = append(list, fmt.Sprintf(format, a...)) }
	for _, h := range u.Holders {
		add("%s holds a descriptor of it", h)
	}
	for _, path := range u.Program.Pinned {
		add("it is pinned at %s", path)
	}
	for _, a := range u.Attachments {
		add("%s", a.because())
	}
	for _, a := range u.Onto {
		add("program %d is attached to it by link %d, %s", a.ProgID, a.LinkID, a.KeptBy)
	}
	for _, id := range u.Waiting {
		add("program %d was loaded for a function of it, or of another program with BTF object %d", id, u.BTFID)
	}
	if len(list) == 0 {
		add("nothing was found: the kernel does not tell about programs of sockets, nor those of other network namespaces without links")
	}
	return list
}

// because says how the program is kept at a place.
func (a Attached) because() string {
	where := string(a.Kind) + " " + a.where()
	switch p := a.Place.(type) {
	case *attachments.Event:
		return fmt.Sprintf("it is attached to %s", where)
	case *attachments.Operation:
		if a.LinkID == 0 {
			return fmt.Sprintf("map %d has it, and is %s, %s", p.Map.ID, p.State, a.KeptBy)
		}
	case *attachments.Slot:
		return fmt.Sprintf("map %d has it under key %d, and is %s", p.Map.ID, p.Key, a.KeptBy)
	case *attachments.Sockets:
		if a.LinkID == 0 {
			return fmt.Sprintf("map %d has it, and is %s", p.Map.ID, a.KeptBy)
		}
	}
	if a.LinkID != 0 {
		return fmt.Sprintf("link %d attaches it, %s", a.LinkID, a.KeptBy)
	}
	return fmt.Sprintf("it is attached to %s, until it is detached", where)
}

// where is the place, in the words of the list, but with one blank between two.
func (a Attached) where() string {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	a.Place.Plain(w)
	w.Flush()
	return strings.TrimSpace(strings.ReplaceAll(b.String(), "  ", " "))
}

// String says what keeps an object.
func (k *Kept) String() string {
	var list []string
	for _, path := range k.Pinned {
		list = append(list, "pinned at "+path)
	}
	for _, h := range k.Holders {
		list = append(list, "held by "+h.String())
	}
	for _, id := range k.Programs {
		list = append(list, fmt.Sprintf("used by program %d", id))
	}
	if len(list) == 0 {
		return "held by nothing that was found"
	}
	return strings.Join(list, ", ")
}

// String names the process, and the unit of systemd that it belongs to.
func (h Holder) String() string {
	s := fmt.Sprintf("%s(%d)", h.Comm, h.PID)
	if h.Unit != "" {
		s += " of " + h.Unit
	}
	return s
}
