// Package elfobj reads BPF objects: the ELF files that compilers and
// "bpftool gen object" make of programs, maps and variables.
//
// What an object holds has the order and the meaning that libbpf 1.8 gives it. An
// object that libbpf refuses to load is read nevertheless where its parts are
// clear; what is said about [Func] and [Map] names these cases.
//
// Source: the ELF specification; Documentation/bpf/{btf,llvm_reloc}.rst and
// include/uapi/linux/bpf.h of the kernel; the objects of testdata.
package elfobj

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/unpack"
)

// An Object is what a BPF object holds.
type Object struct {
	Name    string // of the file up to its first dot, or empty if it was none
	Order   binary.ByteOrder
	License string // empty without a section "license"
	Version uint32 // of a kernel, from the section "version", or 0

	Programs  []*Func // by section, and offset in it
	Funcs     []*Func // those that are no programs, in the same order
	Maps      []*Map  // with types by their order there; legacy ones; of sections by their order; of settings; struct_ops
	Variables []*Variable
	Externs   []*Extern // settings in the order of their map, then symbols of the kernel by name

	BTF     *btf.Spec // nil without a section ".BTF"; sizes of its sections are those of the file
	Records []Records // by section of code, as in the section ".BTF.ext"
}

// Open reads the object in a file, which may be compressed.
func Open(path string) (*Object, error) {
	data, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	o, err := Read(data)
	if err != nil {
		return nil, err
	}
	o.Name, _, _ = strings.Cut(filepath.Base(path), ".")
	return o, nil
}

// ReadFile returns the bytes of the ELF file in a file, which may be compressed.
func ReadFile(path string) ([]byte, error) {
	f, err := unpack.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	// A kernel, or what is not ELF at all, is not read to its end.
	if _, err := checkHeader(f.Head); err != nil {
		return nil, f.Within(err)
	}
	data, err := io.ReadAll(io.LimitReader(f.Reader(), unpack.Max))
	return data, f.Within(err)
}

// Read reads an object, whose bytes it keeps: they must not change.
//
// It takes memory and time by the length of data, whatever that says.
func Read(data []byte) (*Object, error) {
	f, err := parseFile(data)
	if err != nil {
		return nil, err
	}
	r := newReader(f)
	for _, step := range []func() error{
		r.readPlain, r.readBTF, r.readExt, r.readFuncs, r.readCatches, r.readExterns, r.readMaps, r.readVariables,
		r.readSlots, r.readRelocs,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if len(r.object.Programs)+len(r.object.Funcs)+len(r.object.Maps) == 0 && !f.isBPF() {
		return nil, errors.New("neither programs, functions nor maps, nor does the header say so: not a BPF object")
	}
	return r.object, nil
}

// A reader puts an object together.
type reader struct {
	*file
	object   *Object
	roles    []role                // by number of section
	first    map[string]int        // number of the first section with a name that is of interest
	datasecs map[string]btf.Type   // types of sections, by name
	records  map[string]int        // number among the object's records, by name of section
	says     map[int]*Records      // records by number of section
	funcs    map[place]*Func       // the first one of each place
	defs     map[place]*Map        // maps with a definition
	areas    map[int]*Map          // maps that have what is in a section, by its number
	externs  map[string]*Extern    // by name
	targets  map[targetKey][]int   // tables of instructions
	tables   uint64                // how long they are together, in bytes
	byName   map[symbolKey]*symbol // global and weak ones
}

// A symbolKey is what is unique about a global symbol.
type symbolKey struct {
	section int
	name    string
}

func newReader(f *file) *reader {
	r := &reader{
		file:     f,
		object:   &Object{Order: f.order},
		roles:    make([]role, len(f.sections)),
		first:    make(map[string]int),
		datasecs: make(map[string]btf.Type),
		records:  make(map[string]int),
		says:     make(map[int]*Records),
		funcs:    make(map[place]*Func),
		defs:     make(map[place]*Map),
		areas:    make(map[int]*Map),
		externs:  make(map[string]*Extern),
		targets:  make(map[targetKey][]int),
		byName:   make(map[symbolKey]*symbol),
	}
	for i := range f.sections {
		s := &f.sections[i]
		if r.roles[i] = roleOf(s); r.roles[i] == otherRole {
			continue
		}
		if _, ok := r.first[s.name]; !ok {
			r.first[s.name] = i
		}
	}
	for i := range f.symbols {
		if s := &f.symbols[i]; s.bind != localSymbol {
			r.byName[symbolKey{s.section, s.name}] = s
		}
	}
	return r
}

// find returns the first section with a role, or nil.
func (r *reader) find(want role) *section {
	for i, role := range r.roles {
		if role == want {
			return &r.sections[i]
		}
	}
	return nil
}

// readPlain reads the sections that have one value each.
func (r *reader) readPlain() error {
	if s := r.find(licenseRole); s != nil {
		r.object.License, _, _ = strings.Cut(string(s.data[:min(len(s.data), maxLicense)]), "\x00")
	}
	s := r.find(versionRole)
	if s == nil {
		return nil
	}
	if len(s.data) != 4 {
		return fmt.Errorf("section version: %d bytes, want 4", len(s.data))
	}
	r.object.Version = r.order.Uint32(s.data)
	return nil
}

// maxLicense is how long the name of a license may be for the kernel, in bytes.
const maxLicense = 127
