package load

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/denied"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// A Refusal is of a program that the kernel has refused.
type Refusal struct {
	Program *Program
	Spec    *bpf.ProgSpec
	Err     error        // of the system call
	Log     string       // of the verifier, all of it; empty if it was not asked
	Reason  string       // its last words, one or more lines; empty if it said nothing
	Hint    string       // what may be done about it, in its own words; empty before Linux 7.3
	Insn    int          // the instruction that it looked at last, or -1
	Text    string       // of that instruction
	Line    *elfobj.Line // of source that it comes from, or nil
	Cause   denied.Cause // why this process may not, if it is for want of rights
}

func (e *Refusal) Error() string {
	b := new(strings.Builder)
	fmt.Fprintf(b, "program %s: ", render.Printable(e.Program.Name))
	if e.Reason == "" {
		fmt.Fprintf(b, "the kernel refuses it: %v", e.Cause.Tell(e.Err))
		return b.String()
	}
	fmt.Fprintf(b, "the verifier refuses it: %v\n\t%s", e.Err, tabbed(e.Reason))
	if e.Insn >= 0 {
		fmt.Fprintf(b, "\n\tat instruction %d: %s", e.Insn, e.Text)
	}
	b.WriteString(place(e.Line))
	if e.Cause.Answer == verdict.Denied {
		fmt.Fprintf(b, "\n\t%s", e.Cause.Evidence)
	}
	return b.String()
}

// tokenDir returns the directory of which the token was made, or "" without one.
func (l *loader) tokenDir() string {
	if l.token == 0 {
		return ""
	}
	dir, _ := bpffs.TokenPath()
	return dir
}

// explain returns an error with why this process may not do what it has asked for.
func (l *loader) explain(asked denied.Request, err error) error {
	asked.Token = l.tokenDir()
	return denied.Explain(asked, err)
}

// tabbed indents lines of a text.
func tabbed(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = render.Printable(lines[i])
	}
	return strings.Join(lines, "\n\t")
}

// place is a line that tells where in a source something is.
func place(l *elfobj.Line) string {
	if l == nil {
		return ""
	}
	return fmt.Sprintf("\n\tat %s:%d: %s", render.Printable(l.File), l.Line, render.Printable(strings.TrimSpace(l.Text)))
}

// Unwrap returns the error of the system call.
func (e *Refusal) Unwrap() error { return e.Err }

// A RelocError is of a program that cannot be loaded because of a relocation.
type RelocError struct {
	Program *Program
	Result  *core.Result
	Refusal *Refusal // what the kernel said, or nil if it was not asked
}

func (e *RelocError) Error() string {
	r := e.Result
	what := "needs what this kernel does not have"
	if r.Outcome.IsFatal() {
		what = "cannot be relocated"
	}
	text := fmt.Sprintf("program %s: instruction %d %s\n\t%s %s", render.Printable(e.Program.Name), r.Slot, what, r.Kind, render.Printable(r.Path))
	if r.Reason != nil {
		text += "\n\t" + render.Printable(r.Reason.Cause)
	}
	return text + place(r.Line)
}

// Unwrap returns what the kernel said.
func (e *RelocError) Unwrap() error {
	if e.Refusal == nil {
		return nil
	}
	return e.Refusal
}

// refusal tells why the kernel has refused a program.
func (l *loader) refusal(p *Program, s *bpf.ProgSpec, err error, log string) error {
	r := &Refusal{Program: p, Spec: s, Err: err, Log: log, Insn: -1}
	r.read(log)
	r.Reason = l.nameMissing(r.Reason)
	asked := denied.Prog(p.What.Type, p.What.Attach)
	asked.Token, asked.Log = l.tokenDir(), log
	r.Cause = denied.Read(asked).Why(asked, err)
	if r.Insn < 0 || r.Cause.Answer == verdict.Denied {
		return hinted(r, r.Cause.Hint)
	}
	r.Line = p.line(r.Insn)
	for i := range p.Relocs {
		if res := &p.Relocs[i]; res.Slot == r.Insn && res.Outcome >= core.Guarded {
			return hinted(&RelocError{p, res, r}, res.Reason.Help)
		}
	}
	return hinted(r, cmp.Or(r.Hint, advice(r.Reason)))
}

// missing is what the verifier says of an instruction that stands where something is not there.
const missing = `unknown#(\d+)`

// nameMissing adds to a reason the name of what is not there, if that is the reason.
func (l *loader) nameMissing(reason string) string {
	m := regexp.MustCompile(missing).FindStringSubmatch(reason)
	if m == nil {
		return reason
	}
	n, _ := strconv.Atoi(m[1])
	if i := n - poisonKfunc; i >= 0 && i < len(l.object.Externs) {
		return fmt.Sprintf("%s: the function %s, which this kernel does not have", reason, l.object.Externs[i].Name)
	}
	if i := n - poisonMap; i >= 0 && i < len(l.object.Maps) {
		return fmt.Sprintf("%s: the map %s, which is not made", reason, l.object.Maps[i].Name)
	}
	return reason
}

// hinted is an error with advice, if there is any.
func hinted(err error, hint string) error {
	if hint == "" {
		return err
	}
	return render.Hinted{Err: err, Hint: strings.ToLower(hint[:1]) + strings.TrimSuffix(hint[1:], ".")}
}

// line returns the line of source of an instruction, or nil.
func (p *Program) line(slot int) (line *elfobj.Line) {
	for _, f := range p.Placed {
		if slot < f.Start || slot >= f.Start+len(f.Code)/bytecode.Size {
			continue
		}
		for i := range f.Lines {
			if f.Lines[i].Insn <= slot-f.Start {
				line = &f.Lines[i]
			}
		}
	}
	return line
}

// What the lines of a log look like. Most loads have none: they are compiled when there is one.
const (
	insnLine = `^(\d+): (\([0-9a-f]{2}\) .*)$`
	// idleLine is of lines that are about the verifier's work, not its reasons.
	idleLine = `^(processed \d+ insns|verification time|stack depth|insns processed|mark_precise|(old|cur) state|parent |last_idx|regs=|propagating|;|\d+: R\d|from \d+ to|func#\d|subprog \d)`
)

// read finds the last words and the last instruction in a log.
func (r *Refusal) read(log string) {
	lines := strings.Split(log, "\n")
	insn := regexp.MustCompile(insnLine)
	last := -1
	for i, line := range slices.Backward(lines) {
		if m := insn.FindStringSubmatch(line); m != nil {
			last = i
			r.Insn, _ = strconv.Atoi(m[1])
			r.Text = m[2]
			break
		}
	}
	words, why := lastWords(lines[last+1:])
	if last >= 0 && len(words) == 0 { // with loops, the reason stands behind an instruction
		r.Text, words = splitReason(r.Text)
	}
	if before, _, ok := strings.Cut(r.Text, " ; "); ok {
		r.Text = strings.TrimSpace(before)
	}
	r.Hint = why["Suggestion"]
	if why["Reason"] != "" {
		words = append(words, why["Reason"])
	}
	r.Reason = strings.Join(words, "\n")
}

// maxWords is how many lines are a reason, at most.
const maxWords = 6

// lastWords returns the lines that are a reason, and the paragraphs below headings in which Linux
// explains itself from 7.3 on.
func lastWords(lines []string) (words []string, why map[string]string) {
	idle := regexp.MustCompile(idleLine)
	why = make(map[string]string)
	heading := ""
	for _, line := range lines {
		switch name, rest, _ := strings.Cut(line, ":"); {
		case line == "" || idle.MatchString(line):
			heading = ""
		case rest == "" && name != line && heading == "":
			heading = name
		case heading != "" && line[0] == ' ':
			why[heading] = strings.TrimSpace(why[heading] + " " + strings.TrimSpace(line))
		case line[0] != ' ' && !strings.HasPrefix(line, "Verification failed: "):
			words = append(words, line)
		}
	}
	return words[max(0, len(words)-maxWords):], why
}

// splitReason takes a reason off the text of an instruction that has no end of its own.
func splitReason(text string) (insn string, reason []string) {
	for _, start := range []string{"infinite loop detected", "BPF program is too large", "The sequence of "} {
		if i := strings.Index(text, start); i > 0 {
			return strings.TrimSpace(text[:i]), []string{text[i:]}
		}
	}
	return text, nil
}

// lastLine returns the last line of a text that is not empty.
func lastLine(text string) string {
	for _, line := range slices.Backward(strings.Split(text, "\n")) {
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return ""
}
