package object

import (
	"bufio"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/render"
)

// Reloc is what "object relocs" reports about one relocation on one kernel.
type Reloc struct {
	BTF      string `json:"btf"`      // path of the kernel's types
	Program  string `json:"program"`  // its name
	Section  string `json:"section"`  // of the program
	Autoload bool   `json:"autoload"` // the program is loaded unless something else is said

	Slot     int    `json:"insn"`          // in the program as it is loaded
	Function string `json:"function"`      // of the program that has the instruction
	Insn     int    `json:"function_insn"` // in the function
	File     string `json:"file,omitempty"`
	Line     uint32 `json:"line,omitempty"`
	Source   string `json:"source,omitempty"` // text of the line

	Kind   string `json:"kind"`
	Local  uint32 `json:"local_type_id"`
	Type   string `json:"local_type"`
	Access string `json:"access"`
	Path   string `json:"path"`
	Field  string `json:"field"`

	Verdict   string  `json:"verdict"`
	Old       uint64  `json:"old"`
	New       *uint64 `json:"new,omitempty"` // nil if it fails
	OldSize   uint32  `json:"old_size,omitempty"`
	NewSize   uint32  `json:"new_size,omitempty"`
	Adapted   bool    `json:"adapted,omitempty"`
	TargetID  uint32  `json:"type_id,omitempty"`
	Target    string  `json:"target,omitempty"`
	Module    string  `json:"module,omitempty"`
	BitOffset *uint32 `json:"bit_offset,omitempty"` // of a field that was found

	Cause string `json:"cause,omitempty"`
	Help  string `json:"help,omitempty"`

	outcome core.Outcome
	heading string // what is written before it
}

// relocs answers "object relocs".
func relocs(ctx context.Context, c *call.Call) error {
	path, err := c.Args.Next(1)
	if err != nil {
		return err
	}
	paths, err := typePaths(c.Args)
	if err != nil {
		return err
	}
	object, err := open(path)
	if err != nil {
		return err
	}
	funcs := slices.Concat(object.Programs, uncalled(object))
	targets, err := openTargets(paths, c.BaseBTF)
	if err != nil {
		return err
	}
	s := relocSum{}
	if err := render.All(c.Out, func(yield func(*Reloc, error) bool) {
		for _, t := range targets {
			for _, p := range funcs {
				if !s.program(object, p, t, len(targets) > 1, yield) || ctx.Err() != nil {
					return
				}
			}
		}
	}); err != nil {
		return err
	}
	c.Out.Note("%s", s.text())
	if s.fails {
		return call.ErrNo
	}
	return ctx.Err()
}

// typePaths reads the words "btf BTF", of which there may be many.
func typePaths(a *args.Args) (paths []string, err error) {
	for a.Len() > 0 {
		if !a.Is("btf") {
			return nil, a.Done()
		}
		path, err := a.Next(1)
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// A relocSum counts relocations, and knows what was written last.
type relocSum struct {
	counts [core.Refused + 1]int
	fails  bool // a program that is loaded unless something else is said
	target *kernelTypes
}

// program yields the relocations of one program, or of a function that none calls.
func (s *relocSum) program(o *elfobj.Object, p *elfobj.Func, t *kernelTypes, several bool, yield func(*Reloc, error) bool) bool {
	results := evaluate(o, p, t.target)
	for i := range results {
		r := describeReloc(o, p, &results[i])
		r.BTF = t.path
		if i == 0 {
			r.heading = headingOf(p, results)
			if several && s.target != t {
				r.heading = render.Printable(t.path) + "\n" + r.heading
			}
			s.target = t
		}
		s.counts[r.outcome]++
		class, fails := classify(p, &results[i])
		s.fails = s.fails || fails && class == Required
		if !yield(r, nil) {
			return false
		}
	}
	return true
}

// headingOf is the line above the relocations of a program.
func headingOf(p *elfobj.Func, results []core.Result) string {
	failing := 0
	for i := range results {
		if results[i].Outcome.Fails() {
			failing++
		}
	}
	text := fmt.Sprintf("%s (%s): %s", render.Printable(p.Name), render.Printable(p.Section), render.Amount(len(results), "relocation"))
	if failing > 0 {
		text += fmt.Sprintf(", %d failing", failing)
	}
	if !p.Program {
		text += ", no program calls it"
	}
	return text + "\n"
}

// describeReloc makes a fact of a relocation.
func describeReloc(o *elfobj.Object, p *elfobj.Func, res *core.Result) *Reloc {
	r := &Reloc{
		Program: p.Name, Section: p.Section, Autoload: p.Autoload(),
		Slot: res.Slot, Function: res.Func.Name, Insn: res.Insn,
		Kind: res.Kind.String(), Local: uint32(res.Local), Type: core.Title(o.BTF, res.Local),
		Access: res.Access, Path: res.Path, Field: res.Field,
		Verdict: res.Outcome.String(), Old: res.Old, OldSize: res.OldSize, NewSize: res.NewSize, Adapted: res.Adapted,
		TargetID: uint32(res.TargetID), Target: res.Target, Module: res.Module,
		outcome: res.Outcome,
	}
	if res.Line != nil {
		r.File, r.Line, r.Source = res.Line.File, res.Line.Line, strings.TrimSpace(res.Line.Text)
	}
	if !res.Outcome.Fails() && res.Outcome != core.Guarded {
		r.New = &res.New
	}
	if res.Target != "" && core.AsksField(res.Kind) {
		r.BitOffset = &res.BitOffset
	}
	if res.Reason != nil {
		r.Cause, r.Help = res.Reason.Cause, res.Reason.Help
	}
	return r
}

// Plain writes a line, and what there is to say besides if something is not as the
// compiler has put it.
func (r *Reloc) Plain(w *bufio.Writer) {
	w.WriteString(r.heading)
	place := fmt.Sprint(r.Slot)
	if r.Function != r.Program {
		place += fmt.Sprintf(" (%s+%d)", render.Printable(r.Function), r.Insn)
	}
	fmt.Fprintf(w, "\t%s: %s %s: %d", place, r.Kind, render.Printable(r.Path), int64(r.Old))
	if r.New != nil && *r.New != r.Old {
		fmt.Fprintf(w, " -> %d", int64(*r.New))
	}
	if r.Adapted {
		fmt.Fprintf(w, ", %d -> %d bytes", r.OldSize, r.NewSize)
	}
	fmt.Fprintf(w, ", %s\n", outcomeTexts[r.outcome].one)
	if r.outcome == core.Resolved {
		return
	}
	if r.File != "" {
		fmt.Fprintf(w, "\t\t%s:%d: %s\n", render.Printable(filepath.Base(r.File)), r.Line, render.Printable(r.Source))
	}
	r.plainTarget(w)
	for _, text := range []string{r.Cause, r.Help} {
		if text != "" {
			fmt.Fprintf(w, "\t\t%s\n", render.Printable(text))
		}
	}
}

// plainTarget writes where it was found.
func (r *Reloc) plainTarget(w *bufio.Writer) {
	if r.Target == "" || r.outcome >= core.Ambiguous {
		return
	}
	fmt.Fprintf(w, "\t\tfound: %s [%d]", render.Printable(r.Target), r.TargetID)
	if r.Module != "" {
		fmt.Fprintf(w, " of module %s", render.Printable(r.Module))
	}
	if r.BitOffset != nil {
		fmt.Fprintf(w, ", byte %d", *r.BitOffset/8)
		if bit := *r.BitOffset % 8; bit != 0 {
			fmt.Fprintf(w, ", bit %d", bit)
		}
	}
	w.WriteByte('\n')
}

// outcomeTexts say what outcomes mean, of one relocation and of several.
var outcomeTexts = [...]struct{ one, several string }{
	core.Resolved:  {"resolved", "resolved"},
	core.Moved:     {"moved", "moved"},
	core.Resized:   {"size changed", "of another size"},
	core.Absent:    {"does not exist", "absent"},
	core.Guarded:   {"fails, but is never reached on this kernel", "never reached"},
	core.Poisoned:  {"FAILS", "failing"},
	core.Ambiguous: {"AMBIGUOUS", "ambiguous"},
	core.Refused:   {"REFUSED", "refused"},
}

// text sums up.
func (s *relocSum) text() string {
	var parts []string
	all := 0
	for o, n := range s.counts {
		if all += n; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, outcomeTexts[o].several))
		}
	}
	if all == 0 {
		return "no relocations\n"
	}
	return fmt.Sprintf("%s: %s\n", render.Amount(all, "relocation"), strings.Join(parts, ", "))
}
