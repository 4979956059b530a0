package btfdiff

import (
	"bufio"
	"fmt"
)

// sign is what a line begins with.
func (c Change) sign() string {
	switch c {
	case Added:
		return "+"
	case Removed:
		return "-"
	}
	return "~"
}

// put writes a property: both sides with an arrow between them, or one.
func put[T any](w *bufio.Writer, before string, p *Pair[T]) {
	putAs(w, before, p, func(v T) string { return fmt.Sprint(v) })
}

func putAs[T any](w *bufio.Writer, before string, p *Pair[T], text func(T) string) {
	if p == nil {
		return
	}
	w.WriteString(before)
	if p.Old != nil {
		w.WriteString(text(*p.Old))
	}
	if p.Old != nil && p.New != nil {
		w.WriteString(" -> ")
	}
	if p.New != nil {
		w.WriteString(text(*p.New))
	}
}

// Plain implements [render.Fact]. A line for the type is followed by those for
// its parts, each of which starts with a tabulator and the sign.
func (f *Finding) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "%s %s %s", f.Change.sign(), f.Kind, f.Name)
	put(w, ": ", f.Type)
	if f.Change != Changed {
		put(w, ": ", f.Prototype)
	}
	if f.Was != "" {
		fmt.Fprintf(w, ", was %s", f.Was)
	}
	putAs(w, ", ", f.Defined, choice("defined", "only declared"))
	put(w, ", size ", f.Size)
	putAs(w, ", ", f.Signed, choice("signed", "unsigned"))
	put(w, ", linkage ", f.Linkage)
	w.WriteString("\n")
	if f.Change == Changed && f.Prototype != nil {
		fmt.Fprintf(w, "\t- %s\n\t+ %s\n", *f.Prototype.Old, *f.Prototype.New)
	}
	for i := range f.Fields {
		f.Fields[i].plain(w)
	}
	f.plainMoves(w)
	for _, v := range f.Values {
		fmt.Fprintf(w, "\t%s %s", v.Change.sign(), v.Name)
		put(w, " = ", &v.Value)
		w.WriteString("\n")
	}
}

// choice returns the words for two possibilities.
func choice(yes, no string) func(bool) string {
	return func(b bool) string {
		if b {
			return yes
		}
		return no
	}
}

// plain writes a line, but not for a field that only moved.
func (f *Field) plain(w *bufio.Writer) {
	if f.Change == Moved {
		return
	}
	fmt.Fprintf(w, "\t%s %s", f.Change.sign(), f.Name)
	before := ": "
	if f.Was != "" {
		fmt.Fprintf(w, ": was %s", f.Was)
		before = ", "
	}
	if f.Type != nil {
		put(w, before, f.Type)
		before = ", "
	}
	if f.Bits != nil {
		put(w, before+"bitfield ", f.Bits)
		before = ", "
	}
	if f.Size != nil {
		put(w, before+"size ", f.Size)
		before = ", "
	}
	putAs(w, before+"offset ", f.Offset, offset)
	w.WriteString("\n")
}

// offset writes an offset of bits: in bytes, and the bits beyond.
func offset(bits uint64) string {
	if bits%8 == 0 {
		return fmt.Sprint(bits / 8)
	}
	return fmt.Sprintf("%d:%d", bits/8, bits%8)
}

// plainMoves sums up the fields that only moved: a line for those that moved
// alike.
func (f *Finding) plainMoves(w *bufio.Writer) {
	var order []int64              // shifts
	moved := make(map[int64][]int) // fields, by their shifts
	for i, p := range f.Fields {
		if p.Change != Moved {
			continue
		}
		by := int64(*p.Offset.New - *p.Offset.Old)
		if f.Kind == "section" {
			by = 0 // there are as many as variables
		}
		if moved[by] == nil {
			order = append(order, by)
		}
		moved[by] = append(moved[by], i)
	}
	for _, by := range order {
		switch list := moved[by]; {
		case len(list) == 1:
			p := f.Fields[list[0]]
			putAs(w, "\t~ "+p.Name+": offset ", p.Offset, offset)
		case by == 0:
			fmt.Fprintf(w, "\t~ %d variables moved", len(list))
		case by%8 == 0:
			fmt.Fprintf(w, "\t~ %d fields moved by %+d", len(list), by/8)
		default:
			fmt.Fprintf(w, "\t~ %d fields moved by %+d bits", len(list), by)
		}
		w.WriteString("\n")
	}
}

// A Summary counts findings.
type Summary struct{ types, functions, variables count }

// A count is how many were added, removed and changed.
type count struct{ added, removed, changed int }

// Add counts a finding of a class.
func (s *Summary) Add(c Class, f *Finding) {
	n := &s.types
	switch c {
	case Functions:
		n = &s.functions
	case Variables, Sections:
		n = &s.variables
	}
	switch f.Change {
	case Added:
		n.added++
	case Removed:
		n.removed++
	default:
		n.changed++
	}
}

// IsEmpty reports whether nothing was found.
func (s *Summary) IsEmpty() bool { return *s == Summary{} }

func (s *Summary) String() string {
	return fmt.Sprintf("types: %s; functions: %s; variables: %s", s.types, s.functions, s.variables)
}

func (n count) String() string {
	return fmt.Sprintf("%d added, %d removed, %d changed", n.added, n.removed, n.changed)
}
