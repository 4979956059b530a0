package elfobj

import (
	"errors"
	"fmt"
	"slices"
	"sort"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// Records are what the section ".BTF.ext" says about a section of code. They are
// in order of the instructions.
type Records struct {
	Section string
	Funcs   []FuncInfo
	Lines   []Line
	CORE    []CORERelo
}

// A FuncInfo says where a function starts and which type it has.
type FuncInfo struct {
	Insn int    // number of the instruction
	Type btf.ID // a Func
}

// A Line says from which line of a source an instruction comes, and those that
// follow up to the next line.
type Line struct {
	Insn int // number of the instruction
	File string
	Text string // of the line, empty if the compiler could not read it
	Line uint32 // counted from 1, 0 if it is unknown
	Col  uint32 // counted from 1, 0 if it is unknown

	// FileAt and TextAt are where the strings of the object's types have File and Text.
	FileAt, TextAt uint32
}

// A CORERelo says that an instruction depends on how the running kernel has a
// type.
type CORERelo struct {
	Insn   int    // number of the instruction
	Type   btf.ID // of which something is needed
	Access string // which member or value: numbers with colons between them
	Kind   uint32 // what is needed, of enum bpf_core_relo_kind
}

// extMagic is how .BTF.ext starts.
const extMagic = 0xeb9f

// The lengths in bytes of what .BTF.ext consists of, at least: compilers that are
// newer may add to records, whose length is said in front of them.
const (
	extHeaderLen  = 24
	extHeaderCORE = 32 // with relocations
	funcLen       = 8
	lineLen       = 16
	coreLen       = 16
)

// readExt reads the section .BTF.ext.
func (r *reader) readExt() error {
	s := r.find(recordsRole)
	if s == nil || r.object.BTF == nil {
		return nil
	}
	if err := r.parseExt(s.data); err != nil {
		return fmt.Errorf("section %s: %w", s.name, err)
	}
	for i := range r.object.Records {
		list := &r.object.Records[i]
		if at, ok := r.first[list.Section]; ok {
			r.says[at] = list
		}
		// Cutting them to functions depends on their order.
		slices.SortStableFunc(list.Funcs, func(a, b FuncInfo) int { return a.Insn - b.Insn })
		slices.SortStableFunc(list.Lines, func(a, b Line) int { return a.Insn - b.Insn })
		slices.SortStableFunc(list.CORE, func(a, b CORERelo) int { return a.Insn - b.Insn })
	}
	return nil
}

func (r *reader) parseExt(b []byte) error {
	if len(b) < extHeaderLen {
		return fmt.Errorf("%d bytes, want at least %d", len(b), extHeaderLen)
	}
	if m := r.order.Uint16(b); m != extMagic {
		return fmt.Errorf("magic number %#04x, want %#04x", m, extMagic)
	}
	if b[2] != 1 {
		return fmt.Errorf("version %d, want 1", b[2])
	}
	header := r.order.Uint32(b[4:])
	if header < extHeaderLen || uint64(header) > uint64(len(b)) {
		return fmt.Errorf("header of %d bytes in %d", header, len(b))
	}
	for _, t := range []recordTable{
		{"functions", 8, funcLen, r.addFunc}, {"lines", 16, lineLen, r.addLine}, {"relocations", extHeaderLen, coreLen, r.addCORE},
	} {
		if t.header >= extHeaderLen && header < extHeaderCORE {
			continue // a compiler that knew no relocations
		}
		off, n := uint64(r.order.Uint32(b[t.header:])), uint64(r.order.Uint32(b[t.header+4:]))
		rest := b[header:]
		if off+n > uint64(len(rest)) {
			return fmt.Errorf("%s: end at %d of %d bytes", t.what, off+n, len(rest))
		}
		if err := r.readTable(t, rest[off:off+n]); err != nil {
			return fmt.Errorf("%s: %w", t.what, err)
		}
	}
	return nil
}

// A recordTable is one of the three kinds of records.
type recordTable struct {
	what   string
	header int // where the header has its place, in bytes
	len    int // of a record in bytes, at least
	add    func(to *Records, insn int, record []byte) error
}

// readTable reads the records of one kind, which have a length and then a list
// for each section.
func (r *reader) readTable(t recordTable, b []byte) error {
	if len(b) == 0 {
		return nil
	}
	if len(b) < 4 {
		return fmt.Errorf("%d bytes, want at least 4", len(b))
	}
	size := r.order.Uint32(b)
	if uint64(size) < uint64(t.len) {
		return fmt.Errorf("records of %d bytes, want at least %d", size, t.len)
	}
	for b = b[4:]; len(b) > 0; {
		if len(b) < 8 {
			return fmt.Errorf("%d bytes, want at least 8", len(b))
		}
		name, err := r.text(r.order.Uint32(b))
		if err != nil {
			return err
		}
		n := uint64(size) * uint64(r.order.Uint32(b[4:]))
		if b = b[8:]; n > uint64(len(b)) {
			return fmt.Errorf("section %s: records of %d bytes in %d", name, n, len(b))
		}
		if err := r.readRecords(t, name, b[:n], int(size)); err != nil {
			return fmt.Errorf("section %s: %w", name, err)
		}
		b = b[n:]
	}
	return nil
}

// readRecords reads records of one kind for one section.
func (r *reader) readRecords(t recordTable, section string, b []byte, size int) error {
	to := r.recordsFor(section)
	for i := 0; i < len(b); i += size {
		off := r.order.Uint32(b[i:])
		if off%insnLen != 0 {
			return fmt.Errorf("record %d: offset %d is within an instruction", i/size, off)
		}
		if err := t.add(to, int(off/insnLen), b[i:]); err != nil {
			return fmt.Errorf("record %d: %w", i/size, err)
		}
	}
	return nil
}

// recordsFor returns the records of a section, to which more may be added before
// those of another section are asked for.
func (r *reader) recordsFor(section string) *Records {
	list := r.object.Records
	if i, ok := r.records[section]; ok {
		return &list[i]
	}
	r.records[section] = len(list)
	r.object.Records = append(list, Records{Section: section})
	return &r.object.Records[len(list)]
}

func (r *reader) addFunc(to *Records, insn int, b []byte) error {
	id, err := r.id(b[4:])
	if err == nil && r.object.BTF.Kind(id) != btf.Func {
		err = fmt.Errorf("type %d is no function", id)
	}
	to.Funcs = append(to.Funcs, FuncInfo{insn, id})
	return err
}

func (r *reader) addLine(to *Records, insn int, b []byte) error {
	fileAt, textAt, at := r.order.Uint32(b[4:]), r.order.Uint32(b[8:]), r.order.Uint32(b[12:])
	file, err1 := r.text(fileAt)
	text, err2 := r.text(textAt)
	to.Lines = append(to.Lines, Line{insn, file, text, at >> 10, at & 0x3ff, fileAt, textAt})
	return errors.Join(err1, err2)
}

func (r *reader) addCORE(to *Records, insn int, b []byte) error {
	id, err1 := r.id(b[4:])
	access, err2 := r.text(r.order.Uint32(b[8:]))
	to.CORE = append(to.CORE, CORERelo{insn, id, access, r.order.Uint32(b[12:])})
	return errors.Join(err1, err2)
}

// id reads the ID of a type.
func (r *reader) id(b []byte) (btf.ID, error) {
	id := btf.ID(r.order.Uint32(b))
	if id >= r.object.BTF.Len() {
		return 0, fmt.Errorf("type %d of %d", id, r.object.BTF.Len())
	}
	return id, nil
}

// text returns a string of the types.
func (r *reader) text(off uint32) (string, error) { return r.names.cut(r.object.BTF.Strings(), off) }

// cutRecords returns those records that are for n instructions from the first on,
// with their numbers counted from there.
func cutRecords[T any](list []T, insn func(*T) *int, first, n int) []T {
	start := sort.Search(len(list), func(i int) bool { return *insn(&list[i]) >= first })
	end := sort.Search(len(list), func(i int) bool { return *insn(&list[i]) >= first+n })
	if start == end {
		return nil
	}
	cut := slices.Clone(list[start:end])
	for i := range cut {
		*insn(&cut[i]) -= first
	}
	return cut
}
