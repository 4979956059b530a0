// Package reloc tells of CO-RE relocations: what internal/core has found, as facts with two faces.
package reloc

import (
	"bufio"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A Fact is what is reported about one relocation on one kernel.
type Fact struct {
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

// Of returns facts about the relocations of a program, or of a function that none calls. types is the
// path of the kernel's types; if title is set, it stands above.
func Of(o *elfobj.Object, p *elfobj.Func, types string, title bool, results []core.Result) []*Fact {
	list := make([]*Fact, len(results))
	for i := range results {
		list[i] = describe(o, p, &results[i])
		list[i].BTF = types
	}
	if len(list) > 0 {
		list[0].heading = headingOf(p, results)
		if title {
			list[0].heading = render.Printable(types) + "\n" + list[0].heading
		}
	}
	return list
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

// describe makes a fact of a relocation.
func describe(o *elfobj.Object, p *elfobj.Func, res *core.Result) *Fact {
	r := &Fact{
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
func (r *Fact) Plain(w *bufio.Writer) {
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
func (r *Fact) plainTarget(w *bufio.Writer) {
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

// A Sum counts relocations by what becomes of them.
type Sum [core.Refused + 1]int

// Add counts one.
func (s *Sum) Add(r *Fact) { s[r.outcome]++ }

// String sums up in a line.
func (s *Sum) String() string {
	var parts []string
	all := 0
	for o, n := range s {
		if all += n; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, outcomeTexts[o].several))
		}
	}
	if all == 0 {
		return "no relocations\n"
	}
	return fmt.Sprintf("%s: %s\n", render.Amount(all, "relocation"), strings.Join(parts, ", "))
}
