package object

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/kernels"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// A pool reads kernels and checks objects against them, as many at once as there are
// processors. The types of a kernel are kept as long as it is checked.
type pool struct {
	objects []*Column
	rows    chan *Row
	slots   chan struct{} // full when all are busy
	wait    sync.WaitGroup
}

// fill checks the objects against all kernels in files.
func (m *Matrix) fill(ctx context.Context, files []kernels.File, talk *render.Talk) error {
	p := &pool{objects: m.Objects, rows: make(chan *Row), slots: make(chan struct{}, runtime.GOMAXPROCS(0))}
	go p.run(ctx, files)
	for r := range p.rows {
		m.add(r)
		talk.Progress("%d kernels", len(m.Kernels))
	}
	talk.Done()
	m.finish()
	return ctx.Err()
}

// run checks the kernels in files and closes the channel of rows.
func (p *pool) run(ctx context.Context, files []kernels.File) {
	defer close(p.rows)
	defer p.wait.Wait()
	for _, f := range files {
		select {
		case <-ctx.Done():
			return
		case p.slots <- struct{}{}:
			p.start(func() {
				for k := range f.Kernels {
					if ctx.Err() != nil {
						return
					}
					p.share(k)
				}
			})
		}
	}
}

// start does something beside, for which there is a slot.
func (p *pool) start(do func()) {
	p.wait.Go(func() {
		defer func() { <-p.slots }()
		do()
	})
}

// share checks a kernel beside, if there is a slot, so that an archive is read on
// meanwhile.
func (p *pool) share(k *kernels.Kernel) {
	select {
	case p.slots <- struct{}{}:
		p.start(func() { p.rows <- p.check(k) })
	default:
		p.rows <- p.check(k)
	}
}

// check reads a kernel and checks the objects against it.
func (p *pool) check(k *kernels.Kernel) *Row {
	r := &Row{Name: k.Name, File: k.File}
	types, err := k.Read()
	if err != nil {
		r.Error = err.Error()
		for _, c := range p.objects {
			r.Cells = append(r.Cells, c.unknown(err))
		}
		return r
	}
	var modules []core.Module
	for _, m := range types.Modules {
		modules = append(modules, core.Module(m))
		r.Modules = append(r.Modules, m.Name)
	}
	for _, err := range types.Unread {
		r.Unread = append(r.Unread, err.Error())
	}
	target := core.NewTarget(types.Spec, modules)
	for _, c := range p.objects {
		r.Cells = append(r.Cells, c.check(types, target))
	}
	return r
}

// unknown is the cell of which err is all that is known.
func (c *Column) unknown(err error) *Cell {
	return &Cell{Object: c.Name, Verdict: verdict.Verdict{Answer: verdict.Unknown, Evidence: err.Error()}}
}

// check returns whether an object fits a kernel.
func (c *Column) check(types *kernels.Types, target *core.Target) *Cell {
	switch {
	case c.object == nil:
		return c.unknown(errors.New(c.Error))
	case c.object.Order != types.ByteOrder():
		return c.unknown(fmt.Errorf("the object is %s-endian, the kernel %s-endian", endian(c.object.Order), endian(types.ByteOrder())))
	}
	var found []failure
	for _, p := range slices.Concat(c.object.Programs, c.uncalled) {
		for _, r := range core.Evaluate(c.object, p, target) {
			if class, ok := classify(p, &r); ok {
				found = append(found, c.describe(p, &r, class))
			}
		}
	}
	return &Cell{Object: c.Name, Verdict: judge(found), found: found}
}

func endian(order binary.ByteOrder) string {
	if order == binary.BigEndian {
		return "big"
	}
	return "little"
}

// classify tells what depends on a relocation of a program, or of a function that none
// calls. It is not ok if it does not fail, or if nobody ever comes there.
func classify(p *elfobj.Func, r *core.Result) (class Class, ok bool) {
	switch {
	case !p.Program:
		return Required, r.Outcome.IsFatal()
	case r.Outcome == core.Guarded:
		return Guarded, true
	case p.Autoload():
		return Required, r.Outcome.Fails()
	}
	return Optional, r.Outcome.Fails()
}

// describe returns what is told about a relocation that fails.
func (c *Column) describe(p *elfobj.Func, r *core.Result, class Class) failure {
	f := failure{Object: c.Name, Class: class, Program: p.Name, Relocation: r.Kind.String(), Access: r.Path}
	if r.Func != nil && r.Func != p {
		f.Function = r.Func.Name
	}
	if r.Reason != nil {
		f.Cause, f.Help = r.Reason.Cause, r.Reason.Help
	}
	if r.Line != nil {
		f.Source, f.Code = fmt.Sprintf("%s:%d", filepath.Base(r.Line.File), r.Line.Line), r.Line.Text
	}
	return f
}

// judge returns the verdict that failures lead to.
func judge(found []failure) verdict.Verdict {
	var count [classes]int
	programs := [classes]map[string]bool{{}, {}, {}}
	for _, f := range found {
		count[f.Class]++
		programs[f.Class][f.Program] = true
	}
	switch {
	case count[Required] > 0:
		return verdict.Verdict{Answer: verdict.No, Evidence: fmt.Sprintf("%s of %s cannot be resolved",
			render.Amount(count[Required], "relocation"), render.Amount(len(programs[Required]), "program"))}
	case count[Optional] > 0:
		return verdict.Verdict{Answer: verdict.Yes, Evidence: fmt.Sprintf("without %s that cannot be loaded", render.Amount(len(programs[Optional]), "optional program"))}
	}
	return verdict.Verdict{Answer: verdict.Yes}
}
