package gen

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"go/build/constraint"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/skeleton"
)

// genCode answers "gen go".
func genCode(ctx context.Context, c *call.Call) error {
	w, err := readGoWords(c.Args.All())
	switch {
	case errors.Is(err, flag.ErrHelp):
		out, err := c.Out.Text("help")
		if err != nil {
			return err
		}
		_, err = out.Write([]byte(w.usage()))
		return err
	case err != nil:
		return err
	}
	var files []skeletonFile
	var first *goOutput
	for _, t := range w.targets {
		out, err := w.generate(ctx, c.Talk, t)
		switch {
		case errors.Is(err, errOtherOrder):
			continue
		case err != nil:
			return err
		case first == nil:
			first = out
		default:
			if err := first.sameAs(out); err != nil {
				return err
			}
		}
		files = append(files, out.files...)
	}
	if first == nil {
		return fmt.Errorf("%s: it is for processors of the byte order of none of the targets", w.source)
	}
	if err := writeFiles(files); err != nil {
		return err
	}
	for _, f := range files {
		w.say(c.Talk, "wrote %s", f.path)
	}
	return w.removeObsolete(c.Talk)
}

// say tells what was done, if that is of interest.
func (w *goWords) say(talk *render.Talk, format string, a ...any) {
	if w.verbose {
		talk.Warn(format, a...)
	}
}

// A goOutput is what is to be written for a target.
type goOutput struct {
	target      target
	files       []skeletonFile
	identifiers []string
}

// errOtherOrder is that of an object that cannot be one for a target.
var errOtherOrder = errors.New("the object has the other byte order")

// generate makes all files for a target.
func (w *goWords) generate(ctx context.Context, talk *render.Talk, t target) (*goOutput, error) {
	data, rule, err := w.object(ctx, talk, t)
	if err != nil {
		return nil, err
	}
	object, err := elfobj.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", w.source, err)
	}
	if w.compiled() && !t.fits(object.Order) {
		return nil, errOtherOrder
	}
	stem := fmt.Sprintf("%s_%s%s", cmp.Or(w.stem, strings.ToLower(w.ident)), t.suffix(), w.suffix)
	s, err := skeleton.New(object, data, skeleton.Options{
		Package: w.pkg, File: stem + ".o",
		Bpf2go: &skeleton.Bpf2go{Ident: w.ident, Constraint: w.constraint(t), Types: w.types, Global: !w.noGlobals},
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", w.source, err)
	}
	for _, note := range s.Notes() {
		talk.Warn("%s", note)
	}
	var code bytes.Buffer
	if err := s.Write(&code); err != nil {
		return nil, fmt.Errorf("%s: %w", w.source, err)
	}
	path := filepath.Join(w.dir, stem)
	out := &goOutput{target: t, identifiers: s.Identifiers()}
	out.files = []skeletonFile{{path + ".o", s.Object()}, {path + ".go", code.Bytes()}}
	if w.makeBase != "" {
		text, err := w.dependencies(rule, path+".go")
		if err != nil {
			return nil, err
		}
		out.files = append(out.files, skeletonFile{path + ".go.d", text})
	}
	return out, nil
}

// sameAs makes sure that programs find the same names for all targets.
func (o *goOutput) sameAs(other *goOutput) error {
	for _, pair := range [][2]*goOutput{{o, other}, {other, o}} {
		for _, name := range pair[0].identifiers {
			if !slices.Contains(pair[1].identifiers, name) {
				return render.Hinted{
					Err:  fmt.Errorf("the objects differ: %s is in the one for %s, but not in that for %s", name, pair[0].target.word, pair[1].target.word),
					Hint: "programs could not be compiled for all targets; a command for each target can write them apart",
				}
			}
		}
	}
	return nil
}

// constraint returns what a build must have to be for a target, or "".
func (w *goWords) constraint(t target) string {
	var expr constraint.Expr
	for _, arch := range t.arches {
		var tag constraint.Expr = &constraint.TagExpr{Tag: arch}
		if expr != nil {
			tag = &constraint.OrExpr{X: expr, Y: tag}
		}
		expr = tag
	}
	switch {
	case expr == nil && w.tags.Expr == nil:
		return ""
	case expr == nil:
		expr = w.tags.Expr
	case w.tags.Expr != nil:
		expr = &constraint.AndExpr{X: expr, Y: w.tags.Expr}
	}
	return expr.String()
}

// removeObsolete removes the files of old versions of bpf2go.
func (w *goWords) removeObsolete(talk *render.Talk) error {
	for _, t := range w.targets {
		if t.obsolete() == "" {
			continue
		}
		for _, ending := range []string{".o", ".go"} {
			path := filepath.Join(w.dir, fmt.Sprintf("%s_%s%s", cmp.Or(w.stem, strings.ToLower(w.ident)), t.obsolete(), ending))
			switch err := os.Remove(path); {
			case err == nil:
				w.say(talk, "removed %s", path)
			case !os.IsNotExist(err):
				return err
			}
		}
	}
	return nil
}

// check looks for what cannot be, once all is read.
func (w *goWords) check() error {
	switch {
	case w.pkg == "":
		return render.Hinted{Err: args.Errorf("the name of the package is missing"), Hint: "-go-package says it, or $GOPACKAGE, which go generate sets"}
	case !token.IsIdentifier(w.pkg) || w.pkg == "_":
		return args.Errorf("'%s' cannot be the name of a package", w.pkg)
	case !token.IsIdentifier(w.ident):
		return args.Errorf("'%s' is no identifier in Go", w.ident)
	case strings.HasPrefix(cmp.Or(w.stem, w.ident), "_") || strings.HasPrefix(w.stem, "."):
		return args.Errorf("Go passes over files whose names begin with '%c': -output-stem names others", cmp.Or(w.stem, w.ident)[0])
	case strings.ContainsAny(w.stem, "/\n"):
		return args.Errorf("-output-stem is part of the name of a file, got: '%s'?", w.stem)
	case strings.ContainsAny(w.suffix, "/\n"):
		return args.Errorf("-output-suffix is part of the name of a file, got: '%s'?", w.suffix)
	case len(w.compiler) == 0:
		return args.Errorf("-cc names no compiler")
	}
	for _, f := range w.flags {
		if strings.HasPrefix(f, "-M") {
			return args.Errorf("%s: -makebase has the dependencies written", f)
		}
	}
	return nil
}
