package feature

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/probe"
	"github.com/gobpftool/gobpftool/internal/require"
	"github.com/gobpftool/gobpftool/internal/survey"
)

// requireFeatures answers "feature require": whether the running kernel, or a saved one, has what something needs.
func requireFeatures(ctx context.Context, c *call.Call) error {
	w, err := readRequireWords(c.Args)
	if err != nil {
		return err
	}
	s, err := w.kernel(ctx)
	if err != nil {
		return err
	}
	r := require.Judge(w.name, w.list, s)
	if w.object != nil && w.saved == "" {
		r.Check(w.object, require.ReadRunning(w.object))
	}
	if err := c.Out.One(r); err != nil {
		return err
	}
	return r.Status()
}

// A requireWords is what "feature require" was asked for.
type requireWords struct {
	name   string // whose requirements
	list   []require.Requirement
	object *elfobj.Object // or nil
	saved  string         // path of a saved probe, or empty for the running kernel
}

// readRequireWords reads a profile, a file or an object, and maybe a saved probe.
func readRequireWords(a *args.Args) (w requireWords, err error) {
	word, err := a.Next(1)
	if err != nil {
		return w, err
	}
	if args.Abbreviates(word, "object") && a.Len() > 0 && !args.Abbreviates(a.Peek(), "kernel") {
		path, _ := a.Next(1)
		if w.object, err = elfobj.Open(path); err != nil {
			return w, err
		}
		w.name, w.list = filepath.Base(path), require.OfObject(needs.Of(w.object))
	} else if w.name, w.list, err = profile(word); err != nil {
		return w, err
	}
	if a.Is("kernel") {
		if w.saved, err = a.Next(1); err != nil {
			return w, err
		}
	}
	return w, a.Done()
}

// profile returns the requirements of a profile that comes with the tool, or else of a file.
func profile(word string) (name string, list []require.Requirement, err error) {
	if list, ok := require.Profile(word); ok {
		return word, list, nil
	}
	text, err := survey.ReadFile(word)
	if errors.Is(err, os.ErrNotExist) && !strings.Contains(word, "/") {
		return "", nil, fmt.Errorf("'%s' is no profile (%s), nor a file", word, strings.Join(require.Profiles(), ", "))
	}
	if err != nil {
		return "", nil, err
	}
	if list, err = require.Parse(string(text)); err != nil {
		return "", nil, fmt.Errorf("%s: %w", word, err)
	}
	return filepath.Base(word), list, nil
}

// kernel returns what there is in the kernel that is asked about.
func (w *requireWords) kernel(ctx context.Context) (*survey.Survey, error) {
	if w.saved != "" {
		return survey.Open(w.saved)
	}
	return survey.Take(ctx, probe.Scope{})
}
