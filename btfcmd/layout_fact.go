package btfcmd

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// cacheline is the size of a cache line in bytes: that of all processors of
// x86-64, and of nearly all others on which BPF runs.
const cacheline = 64

// A Layout is what "btf layout" reports about a struct or union.
type Layout struct {
	ID        btf.ID `json:"id"`
	Name      string `json:"name,omitempty"`
	Typedef   string `json:"typedef,omitempty"` // for one without a name
	Cacheline uint32 `json:"cacheline_size"`    // bytes
	Block
	Summary Summary `json:"summary"`

	follows bool // another one precedes it
}

// A Block is what is between the braces of a struct or union.
type Block struct {
	Kind    string   `json:"kind"` // "struct" or "union"
	Size    uint32   `json:"size"` // bytes
	Packed  bool     `json:"packed,omitempty"`
	Align   uint32   `json:"forced_alignment,omitempty"` // as [Place.Align]
	Members []*Place `json:"members"`
	Holes   []Hole   `json:"holes"` // between members, in order
}

// A Place is a member of a struct or union, and where it is.
//
// All offsets are those from the start of the outermost struct or union.
type Place struct {
	Name   string `json:"name,omitempty"`
	Type   string `json:"type"` // as C spells it
	TypeID btf.ID `json:"type_id"`
	Offset uint64 `json:"offset"` // bytes; that of its storage for a bitfield
	*Bits         // nil unless a bitfield
	Size   uint64 `json:"size"` // bytes; that of its storage for a bitfield

	// Align is an alignment in bytes that the member has, though its type does
	// not ask for it: the smallest that explains the place, or a cache line if
	// that does as well. BTF does not tell it. It is 0 if there is none.
	Align uint32 `json:"forced_alignment,omitempty"`

	Line  *Line  `json:"cacheline,omitempty"` // if a cache line begins since the last member
	Inner *Block `json:"inner,omitempty"`     // of a type without a name

	declaration string // of the name
}

// Bits are the place of a bitfield.
type Bits struct {
	BitOffset uint64 `json:"bit_offset"` // bits from the start
	Bits      uint32 `json:"bits"`
}

// A Line is a cache line, which begins at a member, or before it.
type Line struct {
	Number uint64 `json:"number"` // from 0
	Offset uint64 `json:"offset"` // bytes
}

// A Hole is unused space between two members, of whole bytes or of bits.
type Hole struct {
	Offset uint64 `json:"offset"`         // bytes
	Size   uint64 `json:"size,omitempty"` // bytes
	*Bits         // nil for whole bytes

	before int // the member that follows
}

// A Summary counts what a struct or union has.
type Summary struct {
	Cachelines uint64 `json:"cachelines"`
	Last       uint32 `json:"last_cacheline"` // bytes of the last cache line, or 0 if it is full
	Members    int    `json:"members"`
	*Sums             // nil for a union, whose members are all at its start
}

// Sums are the space that a struct uses and leaves.
type Sums struct {
	Bytes      uint64 `json:"sum_members"`   // bytes, without bitfields
	Bitfields  uint64 `json:"sum_bitfields"` // bits
	Holes      int    `json:"holes"`
	HoleBytes  uint64 `json:"sum_holes"` // bytes
	BitHoles   int    `json:"bit_holes"`
	HoleBits   uint64 `json:"sum_bit_holes"` // bits
	Padding    uint64 `json:"padding"`       // bytes behind the last member
	BitPadding uint64 `json:"bit_padding"`   // bits behind the last member in its storage
	Forced     int    `json:"forced_alignments"`
}

// Plain implements [render.Fact].
func (l *Layout) Plain(w *bufio.Writer) {
	if l.follows {
		w.WriteByte('\n')
	}
	start, end := l.Kind, ";\n"
	if l.Typedef != "" {
		start, end = "typedef "+l.Kind, " "+l.Typedef+end
	}
	if l.Name != "" {
		start += " " + l.Name
	}
	w.WriteString(start + " {\n")
	l.plain(w, 1)
	l.Summary.plain(w, l.Size)
	w.WriteString("}" + l.attributes() + end)
}

// plain writes the members and holes of a block, behind some tabulators.
func (b *Block) plain(w *bufio.Writer, tabs int) {
	indent := strings.Repeat("\t", tabs)
	holes := b.Holes
	for i, p := range b.Members {
		begin := "\n" // of the first of the holes before the member
		for len(holes) > 0 && holes[0].before == i {
			fmt.Fprintf(w, "%s%s/* hole of %v */\n", begin, indent, holes[0])
			begin, holes = "", holes[1:]
		}
		if begin == "" {
			w.WriteByte('\n')
		}
		p.plain(w, tabs)
	}
}

func (h Hole) String() string {
	if h.Bits != nil {
		return count(uint64(h.Bits.Bits), "bit")
	}
	return count(h.Size, "byte")
}

func count(n uint64, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprint(n, " ", what)
}

func (p *Place) plain(w *bufio.Writer, tabs int) {
	indent := strings.Repeat("\t", tabs)
	if l := p.Line; l != nil {
		fmt.Fprintf(w, "%s/* --- cacheline %d at %d", indent, l.Number, l.Offset)
		if before := p.Offset - l.Offset; before > 0 {
			fmt.Fprintf(w, ", %s before", count(before, "byte"))
		}
		w.WriteString(" --- */\n")
	}
	text := p.declaration
	if p.Inner != nil {
		start, end, _ := strings.Cut(text, "{...}")
		fmt.Fprintf(w, "%s%s{\n", indent, start)
		p.Inner.plain(w, tabs+1)
		text = "}" + p.Inner.attributes() + end
	}
	if p.Bits != nil {
		text = fmt.Sprintf("%s:%d", text, p.Bits.Bits)
	}
	text += aligned(p.Align) + ";"
	fmt.Fprintf(w, "%s%-*s /* %v */\n", indent, max(column-8*tabs, 0), text, p.where())
}

// column is where comments stand, as for pahole.
const column = 56

// where returns the place and size of p in bytes; for bitfields also the bits
// before it in its storage.
func (p *Place) where() string {
	if p.Bits == nil {
		return fmt.Sprintf("%5d %5d", p.Offset, p.Size)
	}
	return fmt.Sprintf("%5d:%2d %2d", p.Offset, p.BitOffset-8*p.Offset, p.Size)
}

func (b *Block) attributes() string {
	if b.Packed {
		return " __attribute__((packed))" + aligned(b.Align)
	}
	return aligned(b.Align)
}

func aligned(align uint32) string {
	if align == 0 {
		return ""
	}
	return fmt.Sprintf(" __attribute__((aligned(%d)))", align)
}

// plain writes the comments at the end of a struct or union of some size.
func (s *Summary) plain(w *bufio.Writer, size uint32) {
	fmt.Fprintf(w, "\n\t/* size: %d, cachelines: %d, members: %d */\n", size, s.Cachelines, s.Members)
	if s.Sums != nil {
		s.Sums.plain(w)
	}
	if s.Last > 0 {
		fmt.Fprintf(w, "\t/* last cacheline: %d bytes */\n", s.Last)
	}
}

func (s *Sums) plain(w *bufio.Writer) {
	if s.Holes > 0 || s.BitHoles > 0 {
		fmt.Fprintf(w, "\t/* sum members: %d, holes: %d, sum holes: %d */\n", s.Bytes, s.Holes, s.HoleBytes)
	}
	if s.Bitfields > 0 {
		fmt.Fprintf(w, "\t/* sum bitfields: %s, bit holes: %d, sum bit holes: %s */\n",
			count(s.Bitfields, "bit"), s.BitHoles, count(s.HoleBits, "bit"))
	}
	if s.Padding > 0 {
		fmt.Fprintf(w, "\t/* padding: %d */\n", s.Padding)
	}
	if s.BitPadding > 0 {
		fmt.Fprintf(w, "\t/* bit padding: %s */\n", count(s.BitPadding, "bit"))
	}
	if s.Forced > 0 {
		fmt.Fprintf(w, "\t/* forced alignments: %d */\n", s.Forced)
	}
}
