// Package denied tells why the kernel refused something to this process: which capability is
// missing, or what else stands in the way, with the evidence. Where the evidence does not
// tell, it says so, and what was looked at.
package denied

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// A Cause is why the kernel refused something.
//
// The answer is denied if it is for want of rights, even where the evidence does not tell of which,
// no if it would be refused to anybody, and unknown if the error is about something else.
type Cause struct {
	verdict.Verdict
	Missing []needs.Capability // by number
	Hint    string             // what may be done about it, or empty
}

// Explain returns an error of the kernel with why it refused a request, and with advice, if that
// is for want of rights or because of what the verifier says; else the error alone.
func Explain(asked Request, err error) error { return Read(asked).Why(asked, err).Tell(err) }

// Tell returns what was asked and failed, with the cause behind it and the advice as a hint.
func (c Cause) Tell(err error) error {
	if c.Answer == verdict.Unknown {
		return err
	}
	err = fmt.Errorf("%w: %s", err, c.Evidence)
	if c.Hint == "" {
		return err
	}
	return render.Hinted{Err: err, Hint: c.Hint}
}

// Stopped reports whether a request does not reach the kernel, because something in front of it answers: no answer tells
// of the kernel then, whatever it is.
func (s *Standing) Stopped(asked Request) bool { return why{s, &asked, 0}.filter() != nil }

// Why tells why a request was refused with an error that wraps an error number.
func (s *Standing) Why(asked Request, err error) Cause {
	w := why{s, &asked, 0}
	errors.As(err, &w.errno)
	for _, cause := range []func() *Cause{
		w.filter, w.verifier, w.token, w.elsewhere, w.namespace, w.capability, w.memlock,
	} {
		if c := cause(); c != nil {
			return *c
		}
	}
	return w.notEstablished()
}

// why is one question. Its methods look for one kind of cause each, and return nil if that is
// not it.
type why struct {
	*Standing
	asked *Request
	errno unix.Errno // 0 if the error has none
}

func cause(a verdict.Answer, format string, args ...any) *Cause {
	return &Cause{Verdict: verdict.Verdict{Answer: a, Evidence: fmt.Sprintf(format, args...)}}
}

// hinted adds advice.
func (c *Cause) hinted(format string, args ...any) *Cause {
	c.Hint = fmt.Sprintf(format, args...)
	return c
}
