package attachments

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// A Map is a map, as part of a place.
type Map struct {
	ID   uint32        `json:"map_id"`
	Type names.MapType `json:"map_type"`
	Name string        `json:"map_name,omitempty"`
}

func (m Map) plain(w *bufio.Writer) {
	fmt.Fprintf(w, "  %s %d", m.Type.Heading(), m.ID)
	if m.Name != "" {
		fmt.Fprintf(w, "  name %s", m.Name)
	}
}

// A Slot is an entry of a map that holds a program: for tail calls, or for packets that
// the map sends on.
type Slot struct {
	Map
	Key uint32 `json:"key"`
}

// Plain implements [Place].
func (s *Slot) Plain(w *bufio.Writer) {
	s.plain(w)
	fmt.Fprintf(w, "  key %d", s.Key)
}

// Sockets is a map of sockets, whose packets a program handles.
type Sockets struct {
	Map
	AttachType names.AttachType `json:"attach_type"`
}

// Plain implements [Place].
func (s *Sockets) Plain(w *bufio.Writer) {
	s.plain(w)
	fmt.Fprintf(w, "  attach_type %s", s.AttachType)
}

// slotted are the types of maps that may hold programs, with where these are in a
// value. A value that ends before holds none.
//
// Source: struct bpf_devmap_val and struct bpf_cpumap_val of include/uapi/linux/bpf.h.
var slotted = map[string]int{"prog_array": 0, "devmap": 4, "devmap_hash": 4, "cpumap": 4}

// socketTypes are the attach types of maps of sockets.
var socketTypes = []names.AttachType{
	mustParse("sk_skb_stream_parser"), mustParse("sk_skb_stream_verdict"), mustParse("sk_skb_verdict"), mustParse("sk_msg_verdict"),
}

// contents are what is in a map, for as much as programs are concerned.
type contents struct {
	at      Map
	info    bpf.MapInfo
	slots   []slot
	sockets map[names.AttachType][]bpf.Attached
	value   []byte // of a map of struct_ops
	err     error
}

// A slot is an entry that holds a program.
type slot struct{ key, progID uint32 }

// maps looks through all maps.
func (f *finder) maps() error {
	operations := new(operations)
	for c, err := range pick.All(bpf.Map, readContents) {
		if err != nil {
			return err
		}
		if c.err != nil && !gone(c.err) {
			f.missed(fmt.Sprintf("map %d (%s)", c.at.ID, c.at.Type), c.err, c.progs()...)
		}
		for _, s := range c.slots {
			f.add(SlotKind, s.progID, 0, &Slot{c.at, s.key})
		}
		for _, typ := range socketTypes {
			for _, p := range c.sockets[typ] {
				link := f.claim(p.ProgID, func(l *bpf.LinkInfo) bool {
					return l.Sockmap != nil && l.Sockmap.MapID == c.at.ID && l.Sockmap.AttachType == uint32(typ)
				})
				f.add(SockmapKind, p.ProgID, link, &Sockets{c.at, typ})
			}
		}
		if c.value != nil {
			f.structOps(operations, c)
		}
	}
	return nil
}

// progs returns the types of programs that a map may hold; nil stands for all.
func (c contents) progs() []string {
	switch c.at.Type.String() {
	case "prog_array":
		return nil
	case "sockmap", "sockhash":
		return []string{"sk_skb", "sk_msg"}
	case "struct_ops":
		return []string{"struct_ops"}
	}
	return []string{"xdp"}
}

// readContents asks what a map holds.
func readContents(fd bpf.FD) (c contents, _ error) {
	info, err := bpf.ReadMapInfo(fd)
	if err != nil {
		c.err = err
		return c, nil
	}
	c.info, c.at = info, Map{info.ID, names.MapType(info.Type), info.Name()}
	switch typ := c.at.Type.String(); typ {
	case "prog_array", "devmap", "cpumap":
		c.slots, c.err = readArray(fd, &info, slotted[typ])
	case "devmap_hash":
		c.slots, c.err = readHash(fd, &info, slotted[typ])
	case "sockmap", "sockhash":
		c.sockets, c.err = readSockets(fd)
	case "struct_ops":
		c.value = make([]byte, info.ValueSize)
		if c.err = bpf.Lookup(fd, make([]byte, info.KeySize), c.value); c.err != nil {
			c.value = nil
		}
	}
	return c, nil
}

// readArray reads the programs in an array, which are at a place of each value.
func readArray(fd bpf.FD, info *bpf.MapInfo, at int) (list []slot, err error) {
	if int(info.ValueSize) < at+4 {
		return nil, nil
	}
	value := make([]byte, info.ValueSize)
	for key := range info.MaxEntries {
		err := bpf.Lookup(fd, binary.NativeEndian.AppendUint32(nil, key), value)
		switch id := binary.NativeEndian.Uint32(value[at:]); {
		case errors.Is(err, unix.ENOENT): // an empty slot
		case err != nil:
			return list, err
		case id != 0:
			list = append(list, slot{key, id})
		}
	}
	return list, nil
}

// readHash reads the programs in a hash table, whose keys are as long as those of arrays.
func readHash(fd bpf.FD, info *bpf.MapInfo, at int) (list []slot, err error) {
	if int(info.ValueSize) < at+4 || info.KeySize != 4 {
		return nil, nil
	}
	var key []byte
	next, value := make([]byte, 4), make([]byte, info.ValueSize)
	for range info.MaxEntries {
		err := bpf.NextKey(fd, key, next)
		if errors.Is(err, unix.ENOENT) {
			break
		}
		if err != nil {
			return list, err
		}
		key = slices.Clone(next)
		if bpf.Lookup(fd, key, value) != nil { // it is gone
			continue
		}
		if id := binary.NativeEndian.Uint32(value[at:]); id != 0 {
			list = append(list, slot{binary.NativeEndian.Uint32(key), id})
		}
	}
	return list, nil
}

// readSockets reads the programs of a map of sockets.
func readSockets(fd bpf.FD) (map[names.AttachType][]bpf.Attached, error) {
	found := make(map[names.AttachType][]bpf.Attached)
	var failed error
	for _, typ := range socketTypes {
		list, _, err := bpf.Query(uint32(fd), uint32(typ))
		switch {
		case errors.Is(err, unix.EINVAL):
			failed = explained("the kernel does not tell which programs are attached, before Linux 5.19")
		case err != nil && !errors.Is(err, unix.EOPNOTSUPP):
			failed = err
		}
		found[typ] = list
	}
	return found, failed
}

// MapID returns the ID of the map that is the place of a program, or 0 if it is none.
func (a Attachment) MapID() uint32 {
	switch p := a.Place.(type) {
	case *Slot:
		return p.Map.ID
	case *Sockets:
		return p.Map.ID
	case *Operation:
		return p.Map.ID
	}
	return 0
}
