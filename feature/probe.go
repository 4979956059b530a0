package feature

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/probe"
	"github.com/gobpftool/gobpftool/internal/survey"
)

// A request is what "feature probe" was asked for.
type request struct {
	scope  probe.Scope
	kernel bool // was said
	macros bool
	prefix string // of the macros' names
	why    bool
	about  string // what it is asked about, or empty for all
}

// probeFeatures answers "feature probe".
func probeFeatures(ctx context.Context, c *call.Call) error {
	r, err := readRequest(c.Args)
	if err != nil {
		return err
	}
	if r.why {
		return r.survey(ctx, c)
	}
	if err := r.rights(); err != nil {
		return err
	}
	macros := r.macros && !c.Out.IsJSON()
	f, trouble, err := r.gather(ctx, macros)
	if err != nil {
		return err
	}
	for _, t := range trouble {
		c.Talk.Warn("%s", t)
	}
	if !macros {
		return c.Out.One(f)
	}
	w, err := c.Out.Text("macros")
	if err == nil {
		f.Macros(w, r.prefix)
	}
	return err
}

// readRequest reads the words of "feature probe", of which each may stand anywhere.
func readRequest(a *args.Args) (r request, err error) {
	for a.Len() > 0 && err == nil {
		switch {
		case a.Is("kernel"):
			if r.kernel || r.scope.Ifindex != 0 {
				return r, errTwice
			}
			r.kernel = true
		case a.Is("dev"):
			err = r.device(a)
		case a.Is("full"):
			r.scope.Noisy = true
		case !r.macros && a.Is("macros"):
			r.macros = true
		case args.Abbreviates(a.Peek(), "prefix"):
			err = r.readPrefix(a)
		case a.Is("unprivileged"):
			r.scope.Unprivileged = true
		case a.Is("why"):
			r.why = true
		case r.why && a.Is("about"):
			r.about, err = a.Next(1)
		default:
			err = args.Errorf("expected no more arguments, 'kernel', 'dev', 'macros' or 'prefix', got: '%s'?", a.Peek())
		}
	}
	if err == nil && r.why && (r.macros || r.scope.Ifindex != 0) {
		err = args.Errorf("'why' is about the kernel, in text or JSON: not with 'macros', nor with 'dev'")
	}
	return r, err
}

// survey answers "feature probe why".
func (r *request) survey(ctx context.Context, c *call.Call) error {
	s, err := survey.Take(ctx, r.scope)
	if err != nil {
		return err
	}
	if r.about != "" {
		if s = s.About(r.about); len(s.Rows) == 0 {
			return fmt.Errorf("nothing is asked about '%s'", r.about)
		}
	}
	return c.Out.One(s)
}

var errTwice = args.Errorf("component to probe already specified")

// device reads the name of a network device.
func (r *request) device(a *args.Args) error {
	if r.kernel || r.scope.Ifindex != 0 {
		return errTwice
	}
	name, err := a.Next(1)
	if err != nil {
		return err
	}
	if r.scope.Ifindex, err = pick.DeviceIndex(name); err != nil {
		return fmt.Errorf("unrecognized netdevice '%s': %s", name, names.Reason(err))
	}
	return nil
}

// readPrefix reads the prefix of macros.
func (r *request) readPrefix(a *args.Args) (err error) {
	switch {
	case !r.macros:
		return args.Errorf("'prefix' argument can only be use after 'macros'")
	case r.prefix != "":
		return args.Errorf("'prefix' already defined")
	}
	a.Is("prefix")
	r.prefix, err = a.Next(1)
	return err
}

// rights fails if a capability is missing without which the answers would be about this process rather
// than about the kernel.
func (r *request) rights() error {
	if r.scope.Unprivileged {
		return nil
	}
	wanted := []int{int(needs.SysAdmin), int(needs.BPF), int(needs.NetAdmin), int(needs.Perfmon)}
	if _, err := unix.PrctlRetInt(unix.PR_CAPBSET_READ, uintptr(needs.BPF), 0, 0, 0); errors.Is(err, unix.EINVAL) {
		wanted = wanted[:1] // before Linux 5.8
	}
	missing, err := probe.Lacks(wanted...)
	if err != nil || len(missing) == 0 {
		return err
	}
	var list strings.Builder
	for _, c := range missing {
		fmt.Fprintf(&list, "%s, ", needs.Capability(c))
	}
	return fmt.Errorf("missing %srequired for full feature probing; run as root or use 'unprivileged'", &list)
}

// gather asks the kernel. trouble are the sentences about what could not be read.
func (r *request) gather(ctx context.Context, macros bool) (f *Features, trouble []string, err error) {
	var system *System
	if r.scope.Ifindex == 0 {
		err = probe.Run(1, r.scope.Unprivileged, func() { system, trouble = readSystem(macros) })
	}
	if err != nil {
		return nil, nil, err
	}
	found, err := probe.Ask(ctx, r.scope)
	if err != nil {
		return nil, nil, err
	}
	return describe(system, found), trouble, nil
}
