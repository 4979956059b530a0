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
		d, err := o.declarations()
		if err != nil {
			return err
		}
		return decl.C(w, s.spec, d)
	}
	roots, err := o.records(s.spec)
	if err != nil {
		return err
	}
	return render.Under(c.Out, "types", records(s.spec, roots))
}

// dumpOptions are what may follow a source.
type dumpOptions struct {
	format   string // "raw" or "c"
	unsorted bool
	roots    []btf.ID // asked for by number or as a map's, nil for everything
	named    []btf.ID // asked for by name, with all that they need
	uapi     []string // directories of headers that are used beside
}

// records returns the types that are shown in format raw, or nil for all.
func (o *dumpOptions) records(spec *btf.Spec) ([]btf.ID, error) {
	if o.named == nil {
		return o.roots, nil
	}
	needed, err := spec.Needed(o.named)
	return append(o.roots, needed...), err
}

// declarations returns what is shown in format c.
func (o *dumpOptions) declarations() (decl.Options, error) {
	roots := o.roots
	if o.named != nil {
		roots = append(slices.Clip(roots), o.named...)
	}
	beside, err := readHeaders(o.uapi)
	return decl.Options{Roots: roots, Functions: o.named != nil, Unsorted: o.unsorted, Beside: beside}, err
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
		case a.Is("type"):
			if err := o.addNamed(a, s.spec.Types); err != nil {
				return o, err
			}
		case a.Is("func"):
			if err := o.addNamed(a, s.spec.Funcs); err != nil {
				return o, err
			}
		case a.Is("uapi"):
			if err := o.addHeaders(a); err != nil {
				return o, err
			}
		default:
			return o, args.Errorf("unrecognized option: '%s'", a.Peek())
		}
	}
	return o, o.check()
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

// addNamed reads a name or a pattern of names.
func (o *dumpOptions) addNamed(a *args.Args, find func(string) ([]btf.ID, error)) error {
	pattern, err := a.Next(1)
	if err != nil {
		return err
	}
	ids, err := find(pattern)
	o.named = append(o.named, ids...)
	return err
}
