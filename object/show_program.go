package object

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

// Program is a program of an object, and what its section says about it.
type Program struct {
	Function
	Type      *names.ProgType   `json:"type,omitempty"` // nil if the section says none
	Attach    *names.AttachType `json:"attach_type,omitempty"`
	Target    string            `json:"target,omitempty"` // what the section says where to attach it
	Sleepable bool              `json:"sleepable"`
	Frags     bool              `json:"xdp_has_frags,omitempty"`
	Autoload  bool              `json:"autoload"`
}

// Function is a function of an object.
type Function struct {
	Name         string `json:"name"`
	Section      string `json:"section"`
	Instructions int    `json:"instructions"`
	Prototype    string `json:"prototype,omitempty"` // in C; empty without types
	Source       string `json:"source,omitempty"`    // FILE:LINE where it starts
	Static       bool   `json:"static,omitempty"`
	Weak         bool   `json:"weak,omitempty"`
	Hidden       bool   `json:"hidden,omitempty"`
	Relocations  Counts `json:"relocations"`
}

func describeProgram(o *elfobj.Object, f *elfobj.Func) Program {
	p := Program{Function: describeFunction(o, f), Autoload: f.Autoload()}
	if s, ok := names.ParseSection(f.Section); ok {
		p.Type, p.Target, p.Sleepable, p.Frags = &s.Type, s.Rest, s.Sleepable, s.Frags
		if s.Attaches {
			p.Attach = &s.Attach
		}
	}
	return p
}

func describeFunction(o *elfobj.Object, f *elfobj.Func) Function {
	r := Function{
		Name: f.Name, Section: f.Section, Instructions: len(f.Code) / bytecode.Size,
		Static: f.Static, Weak: f.Weak, Hidden: f.Hidden, Relocations: Counts{},
	}
	if id, ok := f.Type(); ok && o.BTF != nil {
		r.Prototype = declare(o, o.BTF.Shape(id).Ref(), f.Name)
	}
	if len(f.Lines) > 0 {
		r.Source = fmt.Sprintf("%s:%d", f.Lines[0].File, f.Lines[0].Line)
	}
	for _, x := range f.Relocs {
		r.Relocations[relocKinds[x.Kind]]++
	}
	if n := len(f.CORE); n > 0 {
		r.Relocations[coreKind] = n
	}
	return r
}

func (p Program) plain(w *bufio.Writer) {
	fmt.Fprintf(w, "%s:", p.Name)
	if p.Type != nil {
		fmt.Fprintf(w, " %s", *p.Type)
	} else {
		fmt.Fprint(w, " unknown type")
	}
	if p.Attach != nil {
		fmt.Fprintf(w, "  attach_type %s", *p.Attach)
	}
	if p.Sleepable {
		fmt.Fprint(w, "  sleepable")
	}
	if p.Frags {
		fmt.Fprint(w, "  xdp_has_frags")
	}
	if !p.Autoload {
		fmt.Fprint(w, "  not loaded by itself")
	}
	p.plainRest(w)
}

func (f Function) plain(w *bufio.Writer) {
	fmt.Fprintf(w, "%s:", f.Name)
	if f.Static {
		fmt.Fprint(w, " static")
	} else {
		fmt.Fprint(w, " global")
	}
	f.plainRest(w)
}

// plainRest writes what programs and other functions have in common.
func (f Function) plainRest(w *bufio.Writer) {
	if f.Weak {
		fmt.Fprint(w, "  weak")
	}
	if f.Hidden {
		fmt.Fprint(w, "  hidden")
	}
	fmt.Fprintf(w, "  section %s  %s", f.Section, render.Amount(f.Instructions, "instruction"))
	if f.Source != "" {
		fmt.Fprintf(w, "  source %s", f.Source)
	}
	fmt.Fprintln(w)
	if f.Prototype != "" {
		fmt.Fprintf(w, "\t\t\t%s\n", f.Prototype)
	}
	if len(f.Relocations) > 0 {
		fmt.Fprintf(w, "\t\t\trelocations: %s\n", f.Relocations)
	}
}

// relocKinds are the words for what instructions refer to.
var relocKinds = [...]string{
	elfobj.ToMap: "map", elfobj.ToValue: "variable", elfobj.ToCall: "call", elfobj.ToFunc: "function",
	elfobj.ToExtern: "extern", elfobj.ToKfunc: "kfunc", elfobj.ToTable: "table",
}

// coreKind is the word for relocations by types of the kernel.
const coreKind = "core"

// Counts are how many relocations there are, by kind.
type Counts map[string]int

func (c Counts) add(d Counts) {
	for kind, n := range d {
		c[kind] += n
	}
}

// words returns the kinds that there are, in order.
func (c Counts) words() []string {
	var list []string
	for _, kind := range append(slices.Clone(relocKinds[:]), coreKind) {
		if c[kind] > 0 {
			list = append(list, kind)
		}
	}
	return list
}

// String returns the kinds with their numbers.
func (c Counts) String() string {
	var b bytes.Buffer
	for i, kind := range c.words() {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s %d", kind, c[kind])
	}
	return b.String()
}

// MarshalJSON implements [json.Marshaler]: the kinds stay in order.
func (c Counts) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, kind := range c.words() {
		if i > 0 {
			b = append(b, ',')
		}
		key, err := json.Marshal(kind)
		if err != nil {
			return nil, err
		}
		b = fmt.Appendf(b, "%s:%d", key, c[kind])
	}
	return append(b, '}'), nil
}
