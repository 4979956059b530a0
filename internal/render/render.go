// Package render prints the facts that commands gather, as bpftool's plain
// text or as bpftool's JSON.
//
// A fact is an ordinary struct. Its JSON form is the struct itself: one object,
// keys in field order. Its plain form is whatever its Plain method writes.
//
// Only this package writes to standard output and standard error.
package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A Fact is one thing a command reports.
type Fact interface {
	// Plain writes the fact as bpftool prints it without --json.
	//
	// w keeps its first error, so implementations need not check for one.
	Plain(w *bufio.Writer)
}

// An Appender is a fact that writes its JSON form itself, on one line: there are
// so many of its kind that it matters.
type Appender interface {
	Fact
	AppendJSON(b []byte) []byte
}

// A Streamer is an [Appender] that may be too long to be kept in memory.
type Streamer interface {
	Appender
	// StreamJSON emits the JSON form in pieces that end between two tokens. A
	// piece may be used again once emit returns.
	StreamJSON(emit func(piece []byte))
}

// Format selects how facts are written.
type Format int

// The formats of bpftool.
const (
	Plain  Format = iota
	JSON          // on one line
	Pretty        // JSON, indented as json_writer.c does
)

// A Printer writes facts to one stream in one format. In JSON it sees to it
// that the stream is one document.
type Printer struct {
	out     *bufio.Writer
	talk    *Talk
	format  Format
	layout  layout
	plainly bool // it is a lookalike: errors do not belong in it
	root    int  // brackets open around the answer to the command being run
	wrote   bool // the answer is complete

	scratch []byte // for facts that write themselves
}

// New returns a Printer that writes facts to out. Errors that have no place
// there go to talk. Call [Printer.Close] when done.
func New(out io.Writer, talk *Talk, f Format) *Printer {
	return &Printer{
		out:    bufio.NewWriterSize(out, 1<<16),
		talk:   talk,
		format: f,
		layout: layout{pretty: f == Pretty},
	}
}

// Beside returns a Printer of the same format for something that is not the answer, such as a file.
func (p *Printer) Beside(out io.Writer) *Printer { return New(out, p.talk, p.format) }

// IsJSON reports whether the answer is JSON, in which a command with nothing to
// say says null.
func (p *Printer) IsJSON() bool { return p.format != Plain }

// One prints a single fact: an object in JSON.
func (p *Printer) One(f Fact) error {
	if p.format == Plain {
		f.Plain(p.out)
		return nil
	}
	switch f := f.(type) {
	case Streamer:
		f.StreamJSON(p.write)
	case Appender:
		p.scratch = f.AppendJSON(p.scratch[:0])
		p.writeValue(p.scratch)
	default:
		return p.encode(f)
	}
	return nil
}

// All prints every fact in seq: an array in JSON, even when seq is empty.
//
// At the first error All reports it, inside the array as bpftool does, and
// returns it as a [Reported] error.
func All[F Fact](p *Printer, seq iter.Seq2[F, error]) error {
	return p.Array(func() error {
		for f, err := range seq {
			if err != nil {
				return p.Fail(err)
			}
			if err := p.One(f); err != nil {
				return err
			}
			if p.broken() {
				return nil // which Close reports
			}
		}
		return nil
	})
}

// broken reports whether nobody reads what is printed.
func (p *Printer) broken() bool {
	_, err := p.out.Write(nil)
	return err != nil
}

// Under prints every fact in seq as [All] does, in JSON as the only member of an
// object.
func Under[F Fact](p *Printer, key string, seq iter.Seq2[F, error]) error {
	depth := len(p.layout.open)
	p.raw("{" + string(quote(key)) + ":")
	err := All(p, seq)
	p.closeTo(depth)
	return err
}

// Lists prints the facts of several lists, each as [All] does: in JSON, they are the
// members of an object, under their keys. It stops after the first list that
// fails.
func Lists[K fmt.Stringer, F Fact](p *Printer, keys []K, list func(K) iter.Seq2[F, error]) error {
	depth := len(p.layout.open)
	before := "{"
	var err error
	for _, k := range keys {
		p.raw(before + string(quote(k.String())) + ":")
		if err = All(p, list(k)); err != nil {
			break
		}
		before = ","
	}
	p.closeTo(depth)
	return err
}

// Array puts what f prints into an array in JSON.
func (p *Printer) Array(f func() error) error {
	depth := len(p.layout.open)
	p.raw("[")
	err := f()
	p.closeTo(depth)
	return err
}

// Some prints the facts that a selector found: an object in JSON if there is
// just one, else an array.
func Some[F Fact](p *Printer, facts []F) error {
	if len(facts) == 1 {
		return p.One(facts[0])
	}
	return All(p, func(yield func(F, error) bool) {
		for _, f := range facts {
			if !yield(f, nil) {
				return
			}
		}
	})
}

// Null is the answer of a command that has none: null in JSON.
func (p *Printer) Null() {
	if p.format != Plain && !p.wrote {
		p.raw("null")
	}
}

// Member prints what f prints as the value of key in an object that starts
// with head, an object as well. If f prints nothing, the value is null.
//
// In plain text it just calls f, and sends what f printed at once: whoever
// gives commands one by one waits for each answer.
func (p *Printer) Member(head any, key string, f func() error) error {
	if p.format == Plain {
		err := f()
		p.out.Flush()
		return err
	}
	start, err := encoded(head)
	if err != nil {
		return err
	}
	outer, wrote := p.root, p.wrote
	p.raw(string(bytes.TrimSuffix(start, []byte("}"))))
	p.raw("," + string(quote(key)) + ":")
	p.root, p.wrote = len(p.layout.open), false

	err = f()
	p.closeTo(p.root)
	p.Null()
	p.root = outer
	p.raw("}")
	p.wrote = wrote || len(p.layout.open) == p.root
	return err
}

// Reported is an error that the user has already seen.
type Reported struct{ Err error }

func (e Reported) Error() string { return e.Err.Error() }
func (e Reported) Unwrap() error { return e.Err }

// Fail reports err and returns it as a [Reported] error.
//
// In JSON the report is an object {"error": ...} among the facts; otherwise,
// and where a complete JSON document leaves no room for it, it is a line on
// standard error.
func (p *Printer) Fail(err error) error {
	if p.format == Plain || p.plainly || p.wrote {
		p.out.Flush() // what was found before belongs before the error
		p.talk.fail(err)
	} else if err := p.encode(map[string]string{"error": err.Error()}); err != nil {
		return err
	}
	return Reported{err}
}

// Close ends the output: open JSON brackets are closed, and the document gets
// a final newline. The error is that of the first write that failed.
func (p *Printer) Close() error {
	if p.format != Plain {
		p.closeTo(0)
		p.out.WriteByte('\n')
	}
	return p.Flush()
}

// Flush sends what has been printed so far: whoever waits for more of an answer
// wants to see what there is. The error is that of the first write that failed.
func (p *Printer) Flush() error {
	if err := p.out.Flush(); err != nil {
		return fmt.Errorf("writing the answer: %s", names.Reason(err))
	}
	return nil
}

func (p *Printer) encode(v any) error {
	b, err := marshal(v)
	if err != nil {
		return err
	}
	p.writeValue(b)
	return nil
}

// raw writes a piece of a JSON document. In plain text it writes nothing.
func (p *Printer) raw(s string) {
	if p.format != Plain {
		p.write([]byte(s))
	}
}

// write writes a piece of a JSON document that ends between two tokens.
func (p *Printer) write(b []byte) {
	p.layout.write(p.out, b)
	p.wrote = p.wrote || len(p.layout.open) == p.root
}

// writeValue writes a value of a JSON document, which has no white space.
func (p *Printer) writeValue(b []byte) {
	if p.format != JSON {
		p.write(b)
		return
	}
	p.layout.copy(p.out, b)
	p.wrote = p.wrote || len(p.layout.open) == p.root
}

// closeTo closes brackets until n are left open.
func (p *Printer) closeTo(n int) {
	for len(p.layout.open) > n {
		p.write(p.layout.open[len(p.layout.open)-1:])
	}
}

// marshal is json.Marshal without the escapes that are meant for HTML: type
// names contain '<' and '&'.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), err
}

// encoded is marshal for what may know better how to write itself.
func encoded(v any) ([]byte, error) {
	if a, ok := v.(Appender); ok {
		return a.AppendJSON(nil), nil
	}
	return marshal(v)
}

// AppendString appends s to b as a JSON string.
func AppendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return append(b, quote(s)...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

func quote(s string) []byte {
	b, err := marshal(s)
	if err != nil {
		panic(err) // strings can be encoded
	}
	return b
}

// Text returns the writer for an answer that is a document in a language of its
// own. JSON has no place for it, which is an error that calls the document what.
//
// The writer keeps its first error, which [Printer.Close] reports.
func (p *Printer) Text(what string) (*bufio.Writer, error) {
	if p.format != Plain {
		return nil, args.Errorf("JSON output for %s is not supported", what)
	}
	return p.out, nil
}

// Document calls f with a printer for an answer that is JSON in any format: p
// itself, or in plain text one of its own, on one line.
func (p *Printer) Document(f func(*Printer) error) error {
	if p.format != Plain {
		return f(p)
	}
	return p.within(&Printer{out: p.out, talk: p.talk, format: JSON}, f)
}

// Lookalike calls f with a printer for an answer that looks like indented JSON in
// plain text, where it is for people: some values are spelt otherwise, and errors
// stay out of it.
func (p *Printer) Lookalike(f func(*Printer) error) error {
	if p.format != Plain {
		return f(p)
	}
	return p.within(&Printer{out: p.out, talk: p.talk, format: Pretty, layout: layout{pretty: true}, plainly: true}, f)
}

// within calls f with a printer for a part of a plain answer, and ends that part.
func (p *Printer) within(inner *Printer, f func(*Printer) error) error {
	err := f(inner)
	inner.closeTo(0)
	p.out.WriteByte('\n')
	return err
}

// Section prints what f prints behind a heading. In JSON it is the value of key in
// an object that starts with the heading.
func (p *Printer) Section(head Fact, key string, f func() error) error {
	if p.format != Plain {
		return p.Member(head, key, f)
	}
	if err := p.One(head); err != nil {
		return err
	}
	return f()
}

// Indented calls f with a printer whose lines begin with a tabulator in plain text.
func (p *Printer) Indented(f func(*Printer) error) error {
	if p.format != Plain {
		return f(p)
	}
	inner := Printer{out: bufio.NewWriter(&indenter{w: p.out}), talk: p.talk}
	err := f(&inner)
	inner.out.Flush()
	return err
}

// An indenter puts a tabulator before each line.
type indenter struct {
	w      *bufio.Writer // keeps its first error
	within bool          // a line has begun
}

func (i *indenter) Write(text []byte) (int, error) {
	for line := range bytes.Lines(text) {
		if !i.within {
			i.w.WriteByte('\t')
		}
		i.w.Write(line)
		i.within = line[len(line)-1] != '\n'
	}
	return len(text), nil
}

// Note adds text to a plain answer that has no place in a JSON one.
func (p *Printer) Note(format string, a ...any) {
	if p.format == Plain {
		fmt.Fprintf(p.out, format, a...)
	}
}
