package mapcmd

import (
	"bufio"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// Positions is what "map dump" shows of a ring buffer: how far its two sides have
// come, in bytes since it was made.
type Positions struct {
	Consumer uint64 `json:"consumer_pos"`
	Producer uint64 `json:"producer_pos"`
	Unread   uint64 `json:"bytes_unread"` // records with their headers
	Size     uint32 `json:"bytes_size"`   // room for records
}

// Plain implements [render.Fact].
func (p *Positions) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "consumer_pos %d  producer_pos %d  unread %dB  size %dB\n", p.Consumer, p.Producer, p.Unread, p.Size)
}

// positions yields the positions of a ring buffer, once.
func (t *table) positions(yield func(*Positions, error) bool) {
	fd, err := bpf.OpenFor(bpf.ReadWrite, bpf.Map, t.Info.ID) // t.FD is for reading
	if err != nil {
		yield(nil, pick.Permitted(fmt.Errorf("dump failed: %w", err)))
		return
	}
	defer fd.Close()
	r, err := bpf.ReadRing(fd)
	if err != nil {
		yield(nil, fmt.Errorf("dump failed: %w", err))
		return
	}
	yield(&Positions{Consumer: r.Consumer, Producer: r.Producer, Unread: r.Producer - r.Consumer, Size: t.Info.MaxEntries}, nil)
}
