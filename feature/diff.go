package feature

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A Diff is what two saved probes or audits have different.
type Diff struct {
	A       Side     `json:"a"`
	B       Side     `json:"b"`
	Changes []Change `json:"changes"` // in the order of B
	Same    int      `json:"same"`    // how much of what both have is the same
}

// A Side is one of two files.
type Side struct {
	File   string `json:"file"`
	Form   string `json:"form"`
	Kernel string `json:"kernel"` // its release, or empty if the file does not tell

	Unprivileged bool `json:"unprivileged,omitempty"` // it was asked without capabilities, as far as the file tells
}

// A Change is something that is different.
type Change struct {
	Key
	A string `json:"a"` // what it is in A; empty if it is not there
	B string `json:"b"`
}

// A Key names something that files tell of.
type Key struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	For  string `json:"for,omitempty"` // the type of programs or maps
}

// diffSaved answers "feature diff A B".
func diffSaved(_ context.Context, c *call.Call) error {
	var sides [2]*saved
	for i := range sides {
		path, err := c.Args.Next(1)
		if err != nil {
			return err
		}
		if sides[i], err = openSaved(path); err != nil {
			return err
		}
	}
	if err := c.Args.Done(); err != nil {
		return err
	}
	d := compare(sides[0], sides[1])
	if len(d.Changes)+d.Same == 0 {
		return fmt.Errorf("%s (%s) and %s (%s) have nothing in common", d.A.File, d.A.Form, d.B.File, d.B.Form)
	}
	if err := c.Out.One(d); err != nil {
		return err
	}
	if len(d.Changes) > 0 {
		return call.ErrNo
	}
	return nil
}

// compare compares what both have. What one alone has is a change if both are of the same form.
func compare(a, b *saved) *Diff {
	d := &Diff{A: a.Side, B: b.Side, Changes: []Change{}}
	look := func(k Key) {
		old, inA := a.value(k)
		now, inB := b.value(k)
		switch {
		case inA && inB && old == now:
			d.Same++
		case inA && inB || a.Form == b.Form:
			d.Changes = append(d.Changes, Change{k, old, now})
		}
	}
	for _, k := range b.keys {
		look(k)
	}
	for _, k := range a.keys {
		if _, ok := b.values[k]; !ok {
			look(k)
		}
	}
	return d
}

// Plain implements [render.Fact]. All that is in the files is a stranger's.
func (d *Diff) Plain(w *bufio.Writer) { render.Carefully(w, d.plain) }

func (d *Diff) plain(w *bufio.Writer) {
	for _, s := range []Side{d.A, d.B} {
		fmt.Fprintf(w, "%s: %s", s.File, s.Form)
		if s.Kernel != "" {
			fmt.Fprintf(w, ", Linux %s", s.Kernel)
		}
		if s.Unprivileged {
			w.WriteString(", asked without capabilities")
		}
		w.WriteByte('\n')
	}
	type group struct{ kind, of, from, to string }
	var order []group
	names := make(map[group][]string)
	for _, c := range d.Changes {
		g := group{c.Kind, c.For, c.from(), c.to()}
		if names[g] == nil {
			order = append(order, g)
		}
		names[g] = append(names[g], c.Name)
	}
	for _, g := range order {
		fmt.Fprintf(w, "%s", g.kind)
		if g.of != "" {
			fmt.Fprintf(w, " for %s", g.of)
		}
		fmt.Fprintf(w, ", %s -> %s: %s\n", g.from, g.to, strings.Join(names[g], ", "))
	}
	fmt.Fprintf(w, "%d of %d differ\n", len(d.Changes), len(d.Changes)+d.Same)
}

// nowhere stands for what one side does not have.
const nowhere = "(not there)"

func (c *Change) from() string { return orNowhere(c.A) }
func (c *Change) to() string   { return orNowhere(c.B) }

func orNowhere(value string) string {
	if value == "" {
		return nowhere
	}
	return value
}
