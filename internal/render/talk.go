package render

import (
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sys/unix"
)

// Talk is what the tool says to a person besides the answer: warnings, hints
// and progress, on standard error. When the answer is JSON it says nothing but
// what it must: an error that has no place in the answer.
//
// A warning is a sentence without a prefix, as in bpftool. An error starts with
// "Error: ", and what may be done about it is a line that starts with "hint: ".
// Sentences start in lower case and have no final period.
type Talk struct {
	w        io.Writer
	quiet    bool
	terminal bool
	progress string // what is drawn on the terminal's last line
	start    time.Time
}

// NewTalk returns a Talk that writes to w, or if quiet keeps its mouth shut.
func NewTalk(w io.Writer, quiet bool) *Talk {
	return &Talk{w: w, quiet: quiet, terminal: isTerminal(w), start: time.Now()}
}

// Text writes text that the user asked for and that is not an answer, such as
// the help for a command.
func (t *Talk) Text(text string) {
	t.erase()
	io.WriteString(t.w, text)
}

// Warn says what the user should know about the answer.
func (t *Talk) Warn(format string, a ...any) {
	if !t.quiet {
		t.Text(fmt.Sprintf(format, a...) + "\n")
	}
}

// Hint says what may be done about an error, if err wraps one that knows.
func (t *Talk) Hint(err error) {
	var h Hinted
	if errors.As(err, &h) {
		t.Warn("hint: %s", h.Hint)
	}
}

// patience is how long a command may take before its progress is of interest.
const patience = 500 * time.Millisecond

// Progress shows how far a long command has come, in one line that the next one
// replaces. Nothing is drawn but on a terminal, and for commands that take a
// while.
func (t *Talk) Progress(format string, a ...any) {
	if t.quiet || !t.terminal || time.Since(t.start) < patience {
		return
	}
	t.erase()
	t.progress = fmt.Sprintf(format, a...)
	io.WriteString(t.w, t.progress)
}

// Done erases the progress.
func (t *Talk) Done() { t.erase() }

func (t *Talk) erase() {
	if t.progress != "" {
		io.WriteString(t.w, "\r\x1b[K")
		t.progress = ""
	}
}

func (t *Talk) fail(err error) { t.Text("Error: " + err.Error() + "\n") }

// Hinted is an error with advice.
type Hinted struct {
	Err  error
	Hint string // lower case, no final period
}

func (e Hinted) Error() string { return e.Err.Error() }
func (e Hinted) Unwrap() error { return e.Err }

func isTerminal(w io.Writer) bool {
	f, ok := w.(interface{ Fd() uintptr })
	if !ok {
		return false
	}
	_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	return err == nil
}
