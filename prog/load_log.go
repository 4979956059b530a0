package prog

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/load"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/outfile"
)

// A verifierLog is what the verifier says of programs, which the user wants to see all of.
type verifierLog struct {
	path string       // a file for it, or ""
	say  func(string) // shows it as it comes, or nil
	text strings.Builder
}

// What the verifier is asked to tell: what led to a refusal, what it knows at each instruction,
// and how much work it had.
const (
	logReasons = 1
	logAll     = 2
	logNumbers = 4
)

// listen asks for the log, if somebody wants it.
func (v *verifierLog) listen(o *load.Options) {
	switch {
	case v.say != nil:
		o.LogLevel = logReasons | logAll | logNumbers
	case v.path != "":
		o.LogLevel = logReasons | logNumbers
	default:
		return
	}
	o.Log = v.add
}

// add takes what the verifier says of a program.
func (v *verifierLog) add(p *load.Program, text string, err error) {
	what := "loaded"
	if err != nil {
		what = "refused: " + err.Error()
	}
	text = fmt.Sprintf("-- program %s: %s --\n%s", p.Name, what, text)
	if v.say != nil {
		v.say(text)
	}
	if v.path != "" {
		v.text.WriteString(text)
	}
}

// write writes the file.
func (v *verifierLog) write() error {
	if v.path == "" {
		return nil
	}
	err := outfile.Write(v.path, 0o600, func(w *bufio.Writer) error {
		w.WriteString(v.text.String()) // w keeps its first error
		return nil
	})
	if err != nil {
		return fmt.Errorf("can't write the log to %s: %s", v.path, names.Reason(err))
	}
	return nil
}
