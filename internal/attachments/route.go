package attachments

import (
	"bufio"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/rtnl"
)

// A Route is a route whose packets a program handles, or a next hop of routes.
type Route struct {
	To      string `json:"to,omitempty"` // "" for a next hop
	Table   uint32 `json:"table,omitempty"`
	NextHop uint32 `json:"nexthop_id,omitempty"`
	Ifindex uint32 `json:"ifindex,omitempty"`
	Hook    string `json:"hook"`
	Name    string `json:"prog_name"` // what the program was called when it was attached
}

// Plain implements [Place].
func (r *Route) Plain(w *bufio.Writer) {
	if r.NextHop != 0 {
		fmt.Fprintf(w, "  nexthop %d", r.NextHop)
	} else {
		fmt.Fprintf(w, "  to %s  table %d", r.To, r.Table)
	}
	fmt.Fprintf(w, "  %s  name %s", r.Hook, r.Name)
}

// routes looks through the routes of all tables.
func (f *finder) routes() error {
	c, err := rtnl.Dial()
	if err != nil {
		return err
	}
	defer c.Close()
	list, err := c.Routes()
	for _, r := range list {
		at := &Route{Table: r.Table, NextHop: r.NextHop, Ifindex: r.Ifindex, Hook: r.Hook, Name: r.Name}
		switch {
		case r.To.IsValid():
			at.To = r.To.String()
		case r.NextHop == 0:
			at.To = "default"
		}
		if r.ProgID == 0 {
			f.missed("route to "+at.To, explained(fmt.Sprintf("has a program %q, of which the kernel does not tell the ID", r.Name)), r.Hook)
			continue
		}
		f.add(RouteKind, r.ProgID, 0, at)
	}
	return err
}
