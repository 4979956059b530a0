package object

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/kernels"
	"github.com/gobpftool/gobpftool/internal/names"
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
		r.Error = names.Reason(err)
		for _, c := range p.objects {
			r.Cells = append(r.Cells, c.unread(err))
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

// unread is the cell of a kernel or object that cannot be read.
func (c *Column) unread(err error) *Cell {
	answer := verdict.Unknown
	if errors.Is(err, fs.ErrPermission) {
		answer = verdict.Denied
	}
	return &Cell{Object: c.Name, Verdict: verdict.Verdict{Answer: answer, Evidence: names.Reason(err)}}
}

// check returns whether an object fits a kernel.
func (c *Column) check(types *kernels.Types, target *core.Target) *Cell {
	switch {
	case c.object == nil:
		return c.unread(c.err)
	case c.object.Order != types.ByteOrder():
		return &Cell{Object: c.Name, Verdict: verdict.Verdict{Answer: verdict.No,
			Evidence: fmt.Sprintf("the object is %s-endian, the kernel %s-endian", endian(c.object.Order), endian(types.ByteOrder()))}}
	}
	found := slices.Concat(c.relocations(target), c.symbols(target))
	return &Cell{Object: c.Name, Verdict: judge(found), found: found}
}

// relocations returns those that fail.
func (c *Column) relocations(target *core.Target) (found []failure) {
	for _, p := range slices.Concat(c.object.Programs, c.uncalled) {
		for _, r := range evaluate(c.object, p, target) {
			if class, ok := classify(p, &r); ok {
				found = append(found, c.describe(p, &r, class))
			}
		}
	}
	return found
}

// symbols returns names that the types lack.
func (c *Column) symbols(target *core.Target) (found []failure) {
	for _, s := range core.Symbols(c.object, target) {
		if s.Answer == verdict.Yes {
			continue
		}
		class := Required
		switch {
		case s.Optional:
			class = Optional
		case s.Answer == verdict.Unknown:
			class = Unsure
		}
		f := failure{Object: c.Name, Class: class, Kind: s.Kind.String(), Access: s.Name, Symbol: true}
		f.locate(s.Program, s.Func, s.Line)
		f.Cause, f.Help = s.Reason.Cause, s.Reason.Help
		found = append(found, f)
	}
	return found
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
	f := failure{Object: c.Name, Class: class, Kind: r.Kind.String(), Access: r.Path}
	f.locate(p, r.Func, r.Line)
	if r.Reason != nil {
		f.Cause, f.Help = r.Reason.Cause, r.Reason.Help
	}
	return f
}

// locate says where a failure is: in a program, in the function that has the instruction, at
// a line of source, any of which may be nil.
func (f *failure) locate(p, in *elfobj.Func, line *elfobj.Line) {
	if p != nil {
		f.Program = p.Name
	}
	if in != nil && in != p {
		f.Function = in.Name
	}
	if line != nil {
		f.Source, f.Code = fmt.Sprintf("%s:%d", filepath.Base(line.File), line.Line), line.Text
	}
}

// judge returns the verdict that failures lead to.
func judge(found []failure) verdict.Verdict {
	var of [classes][]failure
	for _, f := range found {
		of[f.Class] = append(of[f.Class], f)
	}
	switch {
	case of[Required] != nil:
		return verdict.Verdict{Answer: verdict.No, Evidence: amounts(of[Required]) + " cannot be resolved"}
	case of[Unsure] != nil:
		return verdict.Verdict{Answer: verdict.Unknown, Evidence: amounts(of[Unsure]) + " may be of modules whose types are not given"}
	case users(of[Optional]) > 0:
		return verdict.Verdict{Answer: verdict.Yes, Evidence: "without " + render.Amount(users(of[Optional]), "optional program") + " that cannot be loaded"}
	}
	return verdict.Verdict{Answer: verdict.Yes}
}

// amounts counts what fails, and of how many programs: relocations, and names that are used
// any number of times.
func amounts(list []failure) string {
	relocations, symbols := 0, make(map[[2]string]bool)
	for _, f := range list {
		if f.Symbol {
			symbols[[2]string{f.Kind, f.Access}] = true
		} else {
			relocations++
		}
	}
	var parts []string
	if relocations > 0 {
		parts = append(parts, render.Amount(relocations, "relocation"))
	}
	if len(symbols) > 0 {
		parts = append(parts, render.Amount(len(symbols), "name"))
	}
	text := strings.Join(parts, " and ")
	if n := users(list); n > 0 {
		text += " of " + render.Amount(n, "program")
	}
	return text
}

// users counts the programs in which something fails.
func users(list []failure) int {
	programs := make(map[string]bool)
	for _, f := range list {
		if f.Program != "" {
			programs[f.Program] = true
		}
	}
	return len(programs)
}
