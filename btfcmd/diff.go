package btfcmd

import (
	"context"
	"iter"
	"path/filepath"
	"runtime/debug"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/btfdiff"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/render"
)

// diff answers "btf diff": like diff(1), it has nothing to say of what is the
// same, and its status tells.
func diff(_ context.Context, c *call.Call) error {
	if err := c.Args.Need(2); err != nil {
		return err
	}
	old, _ := c.Args.Next(1)
	new, _ := c.Args.Next(1)
	wanted, err := readWanted(c.Args)
	if err != nil {
		return err
	}
	d, err := compareFiles(old, new, c.BaseBTF, wanted)
	if err != nil {
		return err
	}
	var sum btfdiff.Summary
	if err := render.Lists(c.Out, classes(), func(class btfdiff.Class) iter.Seq2[*btfdiff.Finding, error] {
		return counted(&sum, class, d.Findings(class))
	}); err != nil || sum.IsEmpty() {
		return err
	}
	c.Out.Note("%s\n", &sum)
	return call.ErrNo
}

// readWanted reads the words that follow the files.
func readWanted(a *args.Args) (w btfdiff.Wanted, err error) {
	for err == nil && a.Len() > 0 {
		list := &w.Types
		switch {
		case a.Is("type"):
		case a.Is("func"):
			list = &w.Funcs
		default:
			return w, a.Done()
		}
		var pattern string
		pattern, err = a.Next(1)
		*list = append(*list, pattern)
	}
	return w, err
}

func compareFiles(old, new string, base *btf.Spec, w btfdiff.Wanted) (*btfdiff.Diff, error) {
	a, err := openSide(old, base)
	if err != nil {
		return nil, err
	}
	b, err := openSide(new, base)
	if err != nil {
		return nil, err
	}
	return btfdiff.New(a, b, w)
}

// openSide reads the types of a file. Those of the running kernel are the base
// of what is below its directory, unless there is another.
//
// What an image was unpacked into is given back: it can be ten times as much as
// its types.
func openSide(path string, base *btf.Spec) (*btf.Spec, error) {
	if path = filepath.Clean(path); base == nil && path != vmlinux && filepath.Dir(path)+"/" == sysfs {
		var err error
		if base, err = openFile(vmlinux, nil); err != nil {
			return nil, err
		}
	}
	defer debug.FreeOSMemory()
	return openFile(path, base)
}

func classes() []btfdiff.Class {
	list := make([]btfdiff.Class, btfdiff.Classes)
	for i := range list {
		list[i] = btfdiff.Class(i)
	}
	return list
}

// counted passes findings on and counts them.
func counted(sum *btfdiff.Summary, c btfdiff.Class, seq iter.Seq2[*btfdiff.Finding, error]) iter.Seq2[*btfdiff.Finding, error] {
	return func(yield func(*btfdiff.Finding, error) bool) {
		for f, err := range seq {
			if err == nil {
				sum.Add(c, f)
			}
			if !yield(f, err) {
				return
			}
		}
	}
}
