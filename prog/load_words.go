package prog

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/load"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A loadRequest is the words that say what is to be loaded, and how.
type loadRequest struct {
	c       *call.Call
	all     bool
	file    string
	path    string
	pinMaps string // directory, or ""
	attach  bool
	maps    []replacement
	log     verifierLog
	report  relocReport
	told    bool // the log and the report are written
	options load.Options
	object  *elfobj.Object // once it is read
}

// A replacement is a map that is used instead of one of the object.
type replacement struct {
	index int    // of the object's, -1 if it is named
	name  string // of the object's
	fd    bpf.FD
}

// readLoad reads all words.
func readLoad(c *call.Call, all bool) (*loadRequest, error) {
	a := c.Args
	if err := a.Need(2); err != nil {
		return nil, err
	}
	r := &loadRequest{c: c, all: all}
	if c.Debug {
		r.log.say = c.Talk.Text
	}
	r.file, _ = a.Next(1)
	r.path, _ = a.Next(1)
	for a.Len() > 0 {
		if err := r.word(a); err != nil {
			r.close()
			return nil, err
		}
	}
	r.log.listen(&r.options)
	r.report.listen(r)
	return r, nil
}

// close lets go of the maps.
func (r *loadRequest) close() {
	for _, m := range r.maps {
		m.fd.Close()
	}
}

// word reads a keyword and what follows it.
func (r *loadRequest) word(a *args.Args) (err error) {
	o := &r.options
	switch {
	case a.Is("type"):
		return r.what(a)
	case a.Is("map"):
		return r.replaced(a)
	case a.Is("dev"):
		r.c.Talk.Warn("Warning: 'bpftool prog load [...] dev <ifname>' syntax is deprecated.\n" +
			"Going further, please use 'offload_dev <ifname>' to offload program to device.\n" +
			"For applications using XDP hints only, use 'xdpmeta_dev <ifname>'.")
		return r.device(a, "offload_dev", &o.Device, o.Bound)
	case a.Is("offload_dev"):
		return r.device(a, "offload_dev", &o.Device, o.Bound)
	case a.Is("xdpmeta_dev"):
		return r.device(a, "xdpmeta_dev", &o.Bound, o.Device)
	case a.Is("pinmaps"):
		r.pinMaps, err = a.Next(1)
		return err
	case a.Is("autoattach"):
		r.attach = true
		return nil
	case a.Is("kernel_btf"):
		o.Types, err = a.Next(1)
		return err
	case a.Is("report"):
		r.report.path, err = a.Next(1)
		return err
	case a.Is("log"):
		r.log.path, err = a.Next(1)
		return err
	}
	return args.Errorf("expected no more arguments, 'type', 'map', 'offload_dev', 'xdpmeta_dev', 'pinmaps', 'autoattach', or 'kernel_btf', got: '%s'?", a.Peek())
}

// what reads what all programs are: a section's name, to which a slash may be missing.
func (r *loadRequest) what(a *args.Args) error {
	if r.options.What != nil {
		return args.Errorf("program type already specified")
	}
	word, err := a.Next(1)
	if err != nil {
		return err
	}
	what, ok := names.ParseSection(word)
	if !ok {
		if what, ok = names.ParseSection(word + "/"); !ok {
			return render.Hinted{Err: args.Errorf("no section is called '%s', so it is no type of programs", word), Hint: load.KnownSections()}
		}
	}
	r.options.What = &what
	return nil
}

// replaced reads which map is used instead of which.
func (r *loadRequest) replaced(a *args.Args) error {
	if err := a.Need(4); err != nil {
		return err
	}
	m := replacement{index: -1}
	switch {
	case a.Is("idx"):
		word, _ := a.Next(1)
		n, err := strconv.ParseUint(word, 0, 31)
		if err != nil {
			return args.Errorf("can't parse %s as IDX", word)
		}
		m.index = int(n)
	case a.Is("name"):
		m.name, _ = a.Next(1)
	default:
		return args.Errorf("expected 'idx' or 'name', got: '%s'?", a.Peek())
	}
	fd, err := pick.Map(a, bpf.ReadWrite)
	if err != nil {
		return err
	}
	m.fd = fd
	r.maps = append(r.maps, m)
	return nil
}

// device reads the name of a network device. other is the one of the other kind, or 0.
func (r *loadRequest) device(a *args.Args, word string, to *uint32, other uint32) error {
	switch {
	case *to != 0:
		return args.Errorf("%s already specified", word)
	case other != 0:
		return args.Errorf("xdpmeta_dev and offload_dev are mutually exclusive")
	}
	name, err := a.Next(1)
	if err != nil {
		return err
	}
	if *to, err = pick.DeviceIndex(name); err != nil {
		return fmt.Errorf("unrecognized netdevice '%s': %s", name, names.Reason(err))
	}
	return nil
}

// mapName returns the name by which a map of the object is called: of variables, that which the
// kernel knows.
func (r *loadRequest) mapName(m *elfobj.Map) string {
	switch m.Kind {
	case elfobj.Data, elfobj.Rodata, elfobj.BSS, elfobj.Kconfig:
		return m.KernelName(r.object.Name)
	}
	return m.Name
}

// replace finds the maps that are replaced.
func (r *loadRequest) replace() error {
	r.options.Maps = make(map[*elfobj.Map]bpf.FD)
	taken := make(map[int]bool)
	for _, m := range r.maps {
		if m.name != "" || m.index < 0 {
			m.index = slices.IndexFunc(r.object.Maps, func(x *elfobj.Map) bool { return r.mapName(x) == m.name })
			if m.index < 0 {
				return fmt.Errorf("unable to find map '%s'", m.name)
			}
		}
		if taken[m.index] {
			return fmt.Errorf("replacement for map idx %d specified more than once", m.index)
		}
		taken[m.index] = true
		if m.index >= len(r.object.Maps) {
			return fmt.Errorf("map idx '%d' not used", m.index)
		}
		r.options.Maps[r.object.Maps[m.index]] = m.fd
	}
	return nil
}
