package prog

import (
	"bufio"
	"cmp"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/load"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/outfile"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/reloc"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A relocReport is what became of the relocations of the programs that are loaded. It is written
// whether the kernel takes them or not.
type relocReport struct {
	path  string // a file for it, "-" for the answer, or ""
	facts []*reloc.Fact
	sum   reloc.Sum
}

// listen asks for the relocations, if somebody wants them.
func (t *relocReport) listen(r *loadRequest) {
	if t.path == "" {
		return
	}
	r.options.Relocated = func(p *load.Program) {
		types := cmp.Or(r.options.Types, pick.KernelTypes)
		for _, f := range reloc.Of(r.object, p.Func, types, false, p.Relocs) {
			t.facts = append(t.facts, f)
			t.sum.Add(f)
		}
	}
}

// reset forgets what was reported.
func (t *relocReport) reset() { t.facts, t.sum = nil, reloc.Sum{} }

// isAnswer reports whether the report is what the command answers.
func (t *relocReport) isAnswer() bool { return t.path == "-" }

// write writes the report.
func (t *relocReport) write(out *render.Printer) error {
	if t.path == "" {
		return nil
	}
	if t.isAnswer() {
		return t.print(out)
	}
	err := outfile.Write(t.path, 0o644, func(w *bufio.Writer) error {
		p := out.Beside(w)
		if err := t.print(p); err != nil {
			return err
		}
		return p.Close()
	})
	if err != nil {
		return fmt.Errorf("can't write the report to %s: %s", t.path, names.Reason(err))
	}
	return nil
}

func (t *relocReport) print(p *render.Printer) error {
	if err := render.All(p, func(yield func(*reloc.Fact, error) bool) {
		for _, f := range t.facts {
			if !yield(f, nil) {
				return
			}
		}
	}); err != nil {
		return err
	}
	p.Note("%s", t.sum.String())
	return nil
}
