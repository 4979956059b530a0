package btfcmd

import (
	"cmp"
	"context"
	"go/token"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/decl"
	"github.com/gobpftool/gobpftool/internal/render"
)

// dump answers "btf dump".
func dump(_ context.Context, c *call.Call) error {
	defer debug.SetGCPercent(debug.SetGCPercent(patientGC))
	s, err := readSource(c)
	if err != nil {
		return err
	}
	o, err := readOptions(c.Args, s)
	if err != nil {
		return err
	}
	if o.format == "json" || o.format == "go" || o.uapi != nil {
		debug.SetGCPercent(leanGC)
	}
	switch o.format {
	case "c", "go":
		return o.declare(c.Out, s.spec)
	case "json":
		return o.describe(c.Out, s.spec)
	}
	roots, err := o.records(s.spec)
	if err != nil {
		return err
	}
	return render.Under(c.Out, "types", records(s.spec, roots))
}

// How much garbage there may be, in percent of what is in use. The types of a
// kernel are read once and leave next to none, so looking for it would take longer
// than printing needs; but there is much where types are named or described.
const (
	patientGC = 400
	leanGC    = 25
)

// declare prints declarations, in C or Go.
func (o *dumpOptions) declare(out *render.Printer, spec *btf.Spec) error {
	language := map[string]string{"c": "C", "go": "Go"}[o.format]
	w, err := out.Text(language + "-syntax dump")
	if err != nil {
		return err
	}
	d, err := o.declarations()
	switch {
	case err != nil:
		return err
	case o.format == "go":
		return decl.Go(w, spec, cmp.Or(o.pkg, decl.GoPackage), d)
	}
	return decl.C(w, spec, d)
}

// describe prints descriptions of types as JSON.
func (o *dumpOptions) describe(out *render.Printer, spec *btf.Spec) error {
	roots, err := o.records(spec)
	if err != nil {
		return err
	}
	return out.Document(func(out *render.Printer) error {
		return render.Under(out, "types", descriptions(spec, roots))
	})
}

// dumpOptions are what may follow a source.
type dumpOptions struct {
	format   string // of formats
	pkg      string // name of the package in format go, or ""
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
	needed = slices.DeleteFunc(needed, func(id btf.ID) bool { return slices.Contains(o.roots, id) })
	return append(slices.Clip(o.roots), needed...), err
}

// declarations returns what is shown in formats c and go.
func (o *dumpOptions) declarations() (decl.Options, error) {
	roots := o.roots
	if o.named != nil {
		roots = append(slices.Clip(roots), o.named...)
	}
	beside, err := readHeaders(o.uapi)
	return decl.Options{Roots: roots, Functions: o.named != nil, Unsorted: o.unsorted, Beside: beside}, err
}

// formats are the words that may follow "format".
var formats = []string{"raw", "c", "json", "go"}

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
			if !slices.Contains(formats, word) {
				return o, args.Errorf("unrecognized format specifier: '%s', possible values: %s", word, strings.Join(formats, ", "))
			}
			o.format = word
		case a.Is("package"):
			if err := o.setPackage(a); err != nil {
				return o, err
			}
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

// check finds options that do not go together.
func (o *dumpOptions) check() error {
	switch {
	case o.uapi != nil && o.format != "c":
		return args.Errorf("uapi is for format c")
	case o.pkg != "" && o.format != "go":
		return args.Errorf("only format go has a package")
	}
	return nil
}

// setPackage reads the name of a package of Go.
func (o *dumpOptions) setPackage(a *args.Args) error {
	name, err := a.Next(1)
	if err != nil {
		return err
	}
	if !token.IsIdentifier(name) || name == "_" {
		return args.Errorf("'%s' is no name of a package", name)
	}
	o.pkg = name
	return nil
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
