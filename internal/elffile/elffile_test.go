package elffile_test

import (
	"bytes"
	"debug/elf"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/elffile"
)

// objects are files of both byte orders.
func objects(t testing.TB) (list [][]byte) {
	for _, pattern := range []string{"../elfobj/testdata/*.o", "../../testdata/idioms/*.o"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal("no objects", pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, data)
		}
	}
	return list
}

// A content is what a file has, without where it has it.
type content struct {
	Sections []elf.SectionHeader
	Data     [][]byte
	Symbols  map[string][]elf.Symbol
}

// read reads a file by the standard library.
func read(t *testing.T, data []byte) content {
	t.Helper()
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := content{Symbols: make(map[string][]elf.Symbol)}
	for _, s := range f.Sections {
		h := s.SectionHeader
		h.Offset = 0
		switch h.Type {
		case elf.SHT_STRTAB, elf.SHT_REL: // symbols have other numbers
			h.FileSize, h.Size = 0, 0
		case elf.SHT_SYMTAB: // not all linkers say where those that are not local start
			h.Info = 0
		}
		c.Sections = append(c.Sections, h)
		if s.Type == elf.SHT_PROGBITS {
			b, err := s.Data()
			if err != nil {
				t.Fatal(err)
			}
			c.Data = append(c.Data, b)
		}
	}
	symbols, err := f.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range symbols {
		c.Symbols[s.Name] = append(c.Symbols[s.Name], s)
	}
	return c
}

// TestRoundTrip writes what it has read: the standard library finds the same, and so does Parse.
func TestRoundTrip(t *testing.T) {
	for _, data := range objects(t) {
		f, err := elffile.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		out := f.Bytes()
		if diff := cmp.Diff(read(t, data), read(t, out)); diff != "" {
			t.Fatalf("written (-before +after)\n%s", diff)
		}
		again, err := elffile.Parse(out)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(relocs(f), relocs(again)); diff != "" {
			t.Fatalf("relocations (-before +after)\n%s", diff)
		}
		if !bytes.Equal(again.Bytes(), out) {
			t.Error("other bytes the second time")
		}
	}
}

// relocs are those of all sections.
func relocs(f *elffile.File) (list []elffile.Reloc) {
	for _, s := range f.Sections {
		list = append(list, s.Relocs...)
	}
	return list
}

// TestChange adds, drops and renames.
func TestChange(t *testing.T) {
	f, err := elffile.Parse(objects(t)[0])
	if err != nil {
		t.Fatal(err)
	}
	dropped := slices.IndexFunc(f.Sections, func(s *elffile.Section) bool { return s.Type == elf.SHT_REL })
	f.Drop(f.Sections[dropped])
	n := f.Add(&elffile.Section{Name: ".data.new", Type: elf.SHT_PROGBITS, Flags: elf.SHF_ALLOC, Data: []byte{1, 2, 3}, Align: 8})
	f.Symbols = append(f.Symbols,
		&elffile.Symbol{Name: "global", Bind: elf.STB_GLOBAL, Type: elf.STT_OBJECT, Section: n, Value: 1, Size: 2},
		&elffile.Symbol{Name: "local", Bind: elf.STB_LOCAL, Type: elf.STT_OBJECT, Section: n})
	c := read(t, f.Bytes())
	if s := c.Sections[n]; s.Name != ".data.new" || s.Size != 3 || s.Addralign != 8 {
		t.Errorf("added %+v", s)
	}
	if s := c.Sections[dropped]; s.Type != elf.SHT_NULL || s.Name != "" {
		t.Errorf("dropped %+v", s)
	}
	for _, name := range []string{"global", "local"} {
		if s := c.Symbols[name]; len(s) != 1 || int(s[0].Section) != n {
			t.Errorf("symbol %s: %+v", name, s)
		}
	}
	locals := 1
	for _, list := range c.Symbols {
		for _, s := range list {
			if elf.ST_BIND(s.Info) == elf.STB_LOCAL {
				locals++
			}
		}
	}
	for _, s := range f.Sections {
		if got := int(s.Info); s.Type == elf.SHT_SYMTAB && got != locals {
			t.Errorf("%d local symbols, want %d", got, locals)
		}
	}
}

// FuzzParse reads anything: it is a file that can be written, or an error.
func FuzzParse(f *testing.F) {
	for _, data := range objects(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := elffile.Parse(data)
		if (file == nil) == (err == nil) {
			t.Fatalf("Parse() = %v, %v", file, err)
		}
		if err == nil {
			file.Bytes()
		}
	})
}
