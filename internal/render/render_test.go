package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

type fact struct {
	Name string `json:"name"`
}

func (f fact) Plain(w *bufio.Writer) { fmt.Fprintln(w, f.Name) }

// A key is that of a list.
type key string

func (k key) String() string { return string(k) }

// seq yields facts, then an error unless it is nil.
func seq(err error, names ...string) func(func(fact, error) bool) {
	return func(yield func(fact, error) bool) {
		for _, n := range names {
			if !yield(fact{n}, nil) {
				return
			}
		}
		if err != nil {
			yield(fact{}, err)
		}
	}
}

var errTest = errors.New(`no "such" thing`)

// TestPrinter shows what becomes of answers and errors in JSON: one document,
// whatever happens.
func TestPrinter(t *testing.T) {
	tests := []struct {
		name                string
		print               func(*Printer)
		inJSON, plain, errs string
	}{
		{
			name:   "nothing",
			print:  func(*Printer) {},
			inJSON: "\n",
		},
		{
			name:   "one",
			print:  func(p *Printer) { p.One(fact{"a<b>&"}) },
			inJSON: `{"name":"a<b>&"}` + "\n",
			plain:  "a<b>&\n",
		},
		{
			name: "several lists",
			print: func(p *Printer) {
				Lists(p, []key{"a", "b"}, func(k key) iter.Seq2[fact, error] {
					return map[key]iter.Seq2[fact, error]{"a": seq(nil, "x", "y"), "b": seq(nil)}[k]
				})
			},
			inJSON: `{"a":[{"name":"x"},{"name":"y"}],"b":[]}` + "\n",
			plain:  "x\ny\n",
		},
		{
			name: "several lists, the first of which fails",
			print: func(p *Printer) {
				Lists(p, []key{"a", "b"}, func(key) iter.Seq2[fact, error] { return seq(errTest, "x") })
			},
			inJSON: `{"a":[{"name":"x"},{"error":"no \"such\" thing"}]}` + "\n",
			plain:  "x\n",
			errs:   `Error: no "such" thing` + "\n",
		},
		{
			name:   "none of a list",
			print:  func(p *Printer) { All(p, seq(nil)) },
			inJSON: "[]\n",
		},
		{
			name:   "list that fails",
			print:  func(p *Printer) { All(p, seq(errTest, "a")) },
			inJSON: `[{"name":"a"},{"error":"no \"such\" thing"}]` + "\n",
			plain:  "a\n",
			errs:   "Error: no \"such\" thing\n",
		},
		{
			name:   "selector with one match",
			print:  func(p *Printer) { Some(p, []fact{{"a"}}) },
			inJSON: `{"name":"a"}` + "\n",
			plain:  "a\n",
		},
		{
			name:   "selector with two",
			print:  func(p *Printer) { Some(p, []fact{{"a"}, {"b"}}) },
			inJSON: `[{"name":"a"},{"name":"b"}]` + "\n",
			plain:  "a\nb\n",
		},
		{
			name:   "error after a complete answer",
			print:  func(p *Printer) { p.One(fact{"a"}); p.Fail(errTest) },
			inJSON: `{"name":"a"}` + "\n",
			plain:  "a\n",
			errs:   "Error: no \"such\" thing\n",
		},
		{
			name:   "silent command",
			print:  func(p *Printer) { p.Null(); p.Null() },
			inJSON: "null\n",
		},
		{
			name: "commands of a batch",
			print: func(p *Printer) {
				p.Array(func() error {
					p.Member(fact{"silent"}, "output", func() error { return nil })
					p.Member(fact{"list"}, "output", func() error { return All(p, seq(nil, "a")) })
					p.Member(fact{"open"}, "output", func() error { p.raw("["); return p.Fail(errTest) })
					return p.Member(fact{"error"}, "output", func() error { return p.Fail(errTest) })
				})
			},
			inJSON: `[{"name":"silent","output":null},{"name":"list","output":[{"name":"a"}]},` +
				`{"name":"open","output":[{"error":"no \"such\" thing"}]},{"name":"error","output":{"error":"no \"such\" thing"}}]` + "\n",
			plain: "a\n",
			errs:  "Error: no \"such\" thing\nError: no \"such\" thing\n",
		},
		{
			name: "sections",
			print: func(p *Printer) {
				p.Array(func() error {
					p.Section(fact{"one"}, "list", func() error { return All(p, seq(nil, "a", "b")) })
					p.Section(fact{"none"}, "list", func() error { return nil })
					return p.Section(fact{"outer"}, "inner", func() error {
						return p.Indented(func(p *Printer) error {
							p.Section(fact{"inner"}, "list", func() error { return All(p, seq(errTest, "a")) })
							p.Note("half\na line")
							p.Note(" more\n")
							return nil
						})
					})
				})
			},
			inJSON: `[{"name":"one","list":[{"name":"a"},{"name":"b"}]},{"name":"none","list":null},` +
				`{"name":"outer","inner":{"name":"inner","list":[{"name":"a"},{"error":"no \"such\" thing"}]}}]` + "\n",
			plain: "one\na\nb\nnone\nouter\n\tinner\n\ta\n\thalf\n\ta line more\n",
			errs:  "Error: no \"such\" thing\n",
		},
		{
			name: "what looks like JSON",
			print: func(p *Printer) {
				p.Lookalike(func(p *Printer) error { return All(p, seq(errTest, "a")) })
			},
			inJSON: `[{"name":"a"},{"error":"no \"such\" thing"}]` + "\n",
			plain:  "[{\n        \"name\": \"a\"\n    }\n]\n",
			errs:   "Error: no \"such\" thing\n",
		},
		{
			name: "a document",
			print: func(p *Printer) {
				p.Document(func(p *Printer) error { return Under(p, "list", seq(nil, "a", "b")) })
			},
			inJSON: `{"list":[{"name":"a"},{"name":"b"}]}` + "\n",
			plain:  `{"list":[{"name":"a"},{"name":"b"}]}` + "\n",
		},
		{
			name: "a document that fails",
			print: func(p *Printer) {
				p.Document(func(p *Printer) error { return Under(p, "list", seq(errTest, "a")) })
			},
			inJSON: `{"list":[{"name":"a"},{"error":"no \"such\" thing"}]}` + "\n",
			plain:  `{"list":[{"name":"a"},{"error":"no \"such\" thing"}]}` + "\n",
		},
		{
			name:   "a note is for people",
			print:  func(p *Printer) { p.Note("processed %d commands\n", 3) },
			inJSON: "\n",
			plain:  "processed 3 commands\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, errs := run(t, Plain, tt.print)
			if diff := cmp.Diff([]string{tt.plain, tt.errs}, []string{out, errs}); diff != "" {
				t.Errorf("plain (-want +got):\n%s", diff)
			}
			out, _ = run(t, JSON, tt.print)
			if diff := cmp.Diff(tt.inJSON, out); diff != "" {
				t.Errorf("JSON (-want +got):\n%s", diff)
			}
			pretty, _ := run(t, Pretty, tt.print)
			var compact bytes.Buffer
			if strings.TrimSpace(pretty) == "" {
				return
			}
			if err := json.Compact(&compact, []byte(pretty)); err != nil {
				t.Fatalf("%v in %s", err, pretty)
			}
			if diff := cmp.Diff(strings.TrimSpace(out), strings.TrimSpace(compact.String())); diff != "" {
				t.Errorf("pretty and compact differ (-compact +pretty):\n%s", diff)
			}
		})
	}
}

func run(t *testing.T, f Format, print func(*Printer)) (out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	p := New(&o, NewTalk(&e, f != Plain), f)
	print(p)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return o.String(), e.String()
}

// full is a device without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, unix.ENOSPC }

func TestWriteError(t *testing.T) {
	for _, f := range []Format{Plain, JSON, Pretty} {
		p := New(full{}, NewTalk(&bytes.Buffer{}, false), f)
		for range 10_000 {
			p.One(fact{"a longer name"})
		}
		if err := p.Close(); err == nil || err.Error() != "writing the answer: No space left on device" {
			t.Errorf("format %d: error %v", f, err)
		}
	}
}

func TestJoin(t *testing.T) {
	type some struct {
		A int `json:"a"`
	}
	type none struct{}
	got, err := Join(some{1}, none{}, fact{"b"})
	if want := `{"a":1,"name":"b"}`; string(got) != want || err != nil {
		t.Errorf("Join() = %s, %v; want %s", got, err, want)
	}
	if got, err := Join(none{}); string(got) != "{}" || err != nil {
		t.Errorf("Join() of nothing = %s, %v", got, err)
	}
}

// TestOrder shows that what is printed and what is said come in the order in
// which they happen, where both go to the same place.
func TestOrder(t *testing.T) {
	var both strings.Builder
	talk := NewTalk(&both, false)
	p := New(&both, talk, Plain)
	p.Member(nil, "output", func() error { return p.One(fact{"first"}) })
	talk.Text("usage\n")
	All(p, seq(errTest, "second"))
	p.One(fact{"third"})
	p.Close()
	want := "first\nusage\nsecond\nError: no \"such\" thing\nthird\n"
	if diff := cmp.Diff(want, both.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestText(t *testing.T) {
	var out bytes.Buffer
	p := New(&out, NewTalk(io.Discard, true), Plain)
	w, err := p.Text("a poem")
	if err != nil {
		t.Fatal(err)
	}
	w.WriteString("roses\n")
	if err := p.Close(); err != nil || out.String() != "roses\n" {
		t.Errorf("Close() = %v after %q", err, out.String())
	}

	_, err = New(&out, NewTalk(io.Discard, true), JSON).Text("a poem")
	if err == nil || err.Error() != "JSON output for a poem is not supported" {
		t.Errorf("Text() = %v in JSON", err)
	}
}
