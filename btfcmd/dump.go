package btfcmd

import (
	"context"
	"slices"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/decl"
	"github.com/gobpftool/gobpftool/internal/render"
)

// dump answers "btf dump".
func dump(_ context.Context, c *call.Call) error {
	s, err := readSource(c)
	if err != nil {
		return err
	}
	o, err := readOptions(c.Args, s)
	if err != nil {
		return err
	}
	if o.format == "c" {
		w, err := c.Out.Text("C-syntax dump")
		if err != nil {
			return err
		}
		return decl.C(w, s.spec, decl.Options{Roots: o.roots, Unsorted: o.unsorted})
	}
	return render.Under(c.Out, "types", records(s.spec, o.roots))
}

// dumpOptions are what may follow a source.
type dumpOptions struct {
	format   string // "raw" or "c"
	unsorted bool
	roots    []btf.ID // nil for everything
}

// maxRoots is how many types may be asked for by number.
const maxRoots = 16

func readOptions(a *args.Args, s source) (dumpOptions, error) {
	o := dumpOptions{format: "raw", roots: s.roots}
	for a.Len() > 0 {
		switch {
		case a.Is("format"):
			if a.Len() == 0 {
				return o, args.Errorf("expecting value for 'format' option")
			}
			word, _ := a.Next(1)
			if word != "raw" && word != "c" {
				return o, args.Errorf("unrecognized format specifier: '%s', possible values: raw, c", word)
			}
			o.format = word
		case a.Is("root_id"):
			if s.roots != nil {
				return o, args.Errorf("cannot use root_id with other type filtering")
			}
			if err := o.addRoot(a, s.spec); err != nil {
				return o, err
			}
		case a.Is("unsorted"):
			o.unsorted = true
		default:
			return o, args.Errorf("unrecognized option: '%s'", a.Peek())
		}
	}
	return o, nil
}

func (o *dumpOptions) addRoot(a *args.Args, spec *btf.Spec) error {
	if len(o.roots) == maxRoots {
		return args.Errorf("only %d root_id are supported", maxRoots)
	}
	n, err := a.Uint32("root ID")
	if err != nil {
		return err
	}
	id := btf.ID(n)
	if slices.Contains(o.roots, id) {
		return args.Errorf("duplicate root_id %d supplied", id)
	}
	if id >= spec.Len() {
		return args.Errorf("invalid root ID: %d", id)
	}
	o.roots = append(o.roots, id)
	return nil
}
