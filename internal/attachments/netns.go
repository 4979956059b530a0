package attachments

import (
	"bufio"
	"errors"
	"fmt"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A Namespace is the network namespace of the caller.
type Namespace struct {
	Ino        uint64           `json:"netns_ino"`
	AttachType names.AttachType `json:"attach_type"`
}

// Plain implements [Place].
func (n *Namespace) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "  netns_ino %d (this one)  attach_type %s", n.Ino, n.AttachType)
}

// netnsTypes are the attach types of network namespaces.
var netnsTypes = []names.AttachType{mustParse("flow_dissector"), mustParse("sk_lookup")}

// netns looks through the network namespace of the caller.
func (f *finder) netns() error {
	fd, err := unix.Open("/proc/self/ns/net", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return err
	}
	for _, typ := range netnsTypes {
		list, _, err := bpf.Query(uint32(fd), uint32(typ))
		if err != nil && !errors.Is(err, unix.EINVAL) {
			f.missed(string(Netns), err, typ.String())
		}
		for _, p := range list {
			link := f.claim(p.ProgID, func(l *bpf.LinkInfo) bool {
				return l.Netns != nil && uint64(l.Netns.Ino) == st.Ino && l.Netns.AttachType == uint32(typ)
			})
			f.add(NetnsKind, p.ProgID, link, &Namespace{st.Ino, typ})
		}
	}
	return nil
}

// A Receiver is a receiver of infrared signals.
type Receiver struct {
	Path string `json:"path"`
}

// Plain implements [Place].
func (r *Receiver) Plain(w *bufio.Writer) { fmt.Fprintf(w, "  %s", r.Path) }

// infrared looks through the receivers of infrared signals.
func (f *finder) infrared() error {
	paths, err := filepath.Glob("/dev/lirc*")
	for _, path := range paths {
		fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		if err == nil {
			var list []bpf.Attached
			list, _, err = bpf.Query(uint32(fd), uint32(mustParse("lirc_mode2")))
			unix.Close(fd)
			for _, p := range list {
				f.add(InfraredKind, p.ProgID, 0, &Receiver{path})
			}
		}
		if err != nil && !gone(err) {
			f.missed(path, err, "lirc_mode2")
		}
	}
	return err
}
