package elfobj

import (
	"bytes"
	"encoding/binary"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// seeds are the objects of both byte orders.
func seeds(t testing.TB) [][]byte {
	var list [][]byte
	for _, name := range objects {
		list = append(list, bytesOf(t, name+".bpfel"), bytesOf(t, name+".bpfeb"))
	}
	return list
}

// use does with an object what readers of it do.
func use(o *Object) {
	for _, f := range append(o.Programs, o.Funcs...) {
		o.Link(f)
	}
	dump(o)
}

func FuzzRead(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := Read(data)
		if (o == nil) == (err == nil) {
			t.Fatalf("Read() = %v, %v", o, err)
		}
		if err == nil {
			use(o)
		}
	})
}

func TestTruncated(t *testing.T) {
	for _, s := range seeds(t) {
		for n := 0; n < len(s); n += 64 {
			if _, err := Read(s[:n:n]); err == nil {
				t.Fatalf("%d bytes of %d are an object", n, len(s))
			}
		}
	}
}

// TestFlipped flips a bit of each byte, and sets words to what is extreme. All
// files together take a minute: fuzzing does more.
func TestFlipped(t *testing.T) {
	bad := 0
	try := func(data []byte) {
		if o, err := Read(data); err == nil {
			use(o)
		} else {
			bad++
		}
	}
	for _, name := range []string{"calls.bpfel", "slots.bpfeb", "structops.bpfel"} {
		s := bytesOf(t, name)
		for i := range s {
			data := bytes.Clone(s)
			data[i] ^= 1 << (i % 8)
			try(data)
		}
		for i := 0; i+8 <= len(s); i += 4 {
			for _, word := range []uint64{1<<64 - 1, 1 << 63, 1<<32 - 1, 0} {
				data := bytes.Clone(s)
				binary.LittleEndian.PutUint64(data[i:], word)
				try(data)
			}
		}
	}
	if bad < 1000 {
		t.Errorf("only %d of these are errors", bad)
	}
}

// TestErrors makes files of an object that are wrong in one way each.
func TestErrors(t *testing.T) {
	base := bytesOf(t, "calls.bpfel")
	le := binary.LittleEndian
	headers := int(le.Uint64(base[40:]))
	header := func(b []byte, name string) []byte {
		o, _ := parseFile(base)
		i := slices.IndexFunc(o.sections, func(s section) bool { return s.name == name })
		return b[headers+sectionLen*i:]
	}
	inSection := func(b []byte, name string, at int) []byte { return b[int(le.Uint64(header(b, name)[24:]))+at:] }
	symbolOf := func(b []byte, name string) []byte {
		o, _ := parseFile(base)
		i := slices.IndexFunc(o.symbols, func(s symbol) bool { return s.name == name })
		return inSection(b, ".symtab", symbolLen*i)
	}
	tests := []struct {
		name   string
		change func(b []byte) []byte
		want   string
	}{
		{"empty", func(b []byte) []byte { return nil }, "ELF header of 0 bytes, want 64"},
		{"not ELF", func(b []byte) []byte { b[0] = 'x'; return b }, "not an ELF file"},
		{"32 bits", func(b []byte) []byte { b[4] = 1; return b }, "a 32-bit ELF file, which BPF objects never are"},
		{"byte order", func(b []byte) []byte { b[5] = 3; return b }, "ELF header: byte order 3, want 1 or 2"},
		{"machine", func(b []byte) []byte { b[18] = 62; return b }, "an ELF file for another machine, X86_64, not for BPF"},
		{"linked", func(b []byte) []byte { b[16] = 2; return b }, "not a relocatable object as compilers make it, but ELF type 2"},
		{"cut off", func(b []byte) []byte { return b[:len(b)-64] }, "section headers at"},
		{"no symbols", func(b []byte) []byte { header(b, ".symtab")[4] = 1; return b }, "no table of symbols"},
		{"section beyond the file", func(b []byte) []byte { le.PutUint64(header(b, "tc")[32:], 1<<40); return b },
			"section 4: 1099511627776 bytes at 0x"},
		{"overlapping", func(b []byte) []byte {
			le.PutUint64(header(b, "tc")[24:], 0)
			le.PutUint64(header(b, "tc")[32:], uint64(len(b)))
			return b
		}, "overlaps others"},
		{"function beyond its section", func(b []byte) []byte { le.PutUint64(symbolOf(b, "across")[16:], 800); return b },
			"section tc: function across: 800 bytes at 16, but the section ends at 80"},
		{"half an instruction", func(b []byte) []byte { le.PutUint64(symbolOf(b, "across")[16:], 63); return b },
			"section tc: function across: 63 bytes at 16, want instructions of 8 bytes"},
		{"functions overlap", func(b []byte) []byte { le.PutUint64(symbolOf(b, "across")[8:], 8); return b },
			"section tc: function across at 8 is within function plain"},
		{"call of nothing", func(b []byte) []byte { le.PutUint32(inSection(b, ".text", 4), 100); return b },
			"section .text: function shared: instruction 0: no function at 808 of section .text"},
		{"symbol beyond all", func(b []byte) []byte { le.PutUint32(inSection(b, ".reltc", 12), 999); return b },
			"section .reltc: relocation 0: symbol 999 of "},
		{"relocation of another instruction", func(b []byte) []byte { le.PutUint64(inSection(b, ".reltc", 0), 16); return b },
			"section tc: function across: instruction 0: symbol weak: code 0xbf cannot be relocated"},
		{"undefined", func(b []byte) []byte { le.PutUint16(symbolOf(b, "weak")[6:], 0); return b },
			`symbol "weak" is not defined`},
		{"BTF", func(b []byte) []byte { inSection(b, ".BTF", 0)[0] = 0; return b }, "section .BTF: offset 0: magic number 0xeb00, want 0xeb9f"},
		{"BTF.ext", func(b []byte) []byte { inSection(b, ".BTF.ext", 0)[0] = 0; return b }, "section .BTF.ext: magic number 0xeb00, want 0xeb9f"},
		{"short records", func(b []byte) []byte { le.PutUint32(inSection(b, ".BTF.ext", 32), 4); return b },
			"section .BTF.ext: functions: records of 4 bytes, want at least 8"},
		{"too many records", func(b []byte) []byte { le.PutUint32(inSection(b, ".BTF.ext", 40), 1<<31); return b },
			"section .BTF.ext: functions: section .text: records of 17179869184 bytes in"},
		{"record within an instruction", func(b []byte) []byte { le.PutUint32(inSection(b, ".BTF.ext", 44), 4); return b },
			"section .BTF.ext: functions: section .text: record 0: offset 4 is within an instruction"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(tt.change(bytes.Clone(base)))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Read() = %v, want %q", err, tt.want)
			}
		})
	}
}

// TestOthers opens files that are no BPF objects.
func TestOthers(t *testing.T) {
	for path, want := range map[string]string{
		"elfobj.go":         "not an ELF file",
		"/proc/self/exe":    "an ELF file for another machine",
		"testdata/no/where": "no such file",
	} {
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Open(%s) = %v, want %q", path, err, want)
		}
	}
}

// TestMemory reads files that say much in few bytes.
func TestMemory(t *testing.T) {
	long := append(bytes.Repeat([]byte{'x'}, 500000), 0)
	tests := []struct {
		name string
		data []byte
		want string // of the error
	}{
		{"symbols with one long name", writeELF(long, symbolsNamed(20000), nil), "names of more than 64 bytes for each byte of the file"},
		{"sections with one long name", writeELF(long, symbolsNamed(1), slices.Repeat([]part{{}}, 20000)), "names of more than 64 bytes for each byte of the file"},
		{"sections with one list of variables", writeELF([]byte(".data\x00.BTF\x00"), symbolsNamed(1),
			append(slices.Repeat([]part{{data: []byte{0}}}, 5000), part{name: 6, data: manyVariables(20000)})), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			o, err := Read(tt.data)
			runtime.ReadMemStats(&after)
			if tt.want == "" && (err != nil || len(o.Maps) != 5000) || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("Read() = %v, want %q", err, tt.want)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 30*uint64(len(tt.data)) {
				t.Errorf("%d bytes for a file of %d", used, len(tt.data))
			}
		})
	}
}

// A part is a section to write.
type part struct {
	name int // where its name starts, in bytes
	data []byte
}

// writeELF returns an ELF file with some sections and symbols, whose names start
// in text.
func writeELF(text, symbols []byte, parts []part) []byte {
	le := binary.LittleEndian
	text = append([]byte{0}, text...)
	var body []byte
	header := func(name, kind uint32, size int, link uint32) []byte {
		h := make([]byte, sectionLen)
		le.PutUint32(h, name)
		le.PutUint32(h[4:], kind)
		le.PutUint64(h[24:], uint64(headerLen+len(body)))
		le.PutUint64(h[32:], uint64(size))
		le.PutUint32(h[40:], link)
		return h
	}
	table := make([]byte, sectionLen)
	for _, p := range []struct {
		kind uint32
		data []byte
	}{{3, text}, {2, symbols}} {
		table = append(table, header(0, p.kind, len(p.data), 1)...)
		body = append(body, p.data...)
	}
	for _, p := range parts {
		table = append(table, header(uint32(p.name+1), 1, len(p.data), 0)...)
		body = append(body, p.data...)
	}
	b := make([]byte, headerLen)
	copy(b, "\x7fELF\x02\x01\x01")
	le.PutUint16(b[16:], 1)
	le.PutUint16(b[18:], 247)
	le.PutUint64(b[40:], uint64(headerLen+len(body)))
	le.PutUint16(b[58:], sectionLen)
	le.PutUint16(b[60:], uint16(len(table)/sectionLen))
	le.PutUint16(b[62:], 1)
	return slices.Concat(b, body, table)
}

// symbolsNamed returns n symbols that have the first name.
func symbolsNamed(n int) []byte {
	b := make([]byte, n*symbolLen)
	for i := range n {
		binary.LittleEndian.PutUint32(b[i*symbolLen:], 1)
	}
	return b
}

// manyVariables returns BTF with n variables of no bytes in the section .data.
func manyVariables(n int) []byte {
	le := binary.LittleEndian
	var types []byte
	add := func(words ...uint32) {
		for _, w := range words {
			types = le.AppendUint32(types, w)
		}
	}
	add(1, 1<<24, 4, 32)        // int
	add(1, 14<<24, 1, 1)        // variable of it
	add(3, 15<<24|uint32(n), 0) // section
	for range n {
		add(2, 0, 0)
	}
	text := "\x00v\x00.data\x00"
	b := []byte{0x9f, 0xeb, 1, 0}
	for _, w := range []int{24, 0, len(types), len(types), len(text)} {
		b = le.AppendUint32(b, uint32(w))
	}
	return slices.Concat(b, types, []byte(text))
}

// TestRecursion links functions that call each other in a circle.
func TestRecursion(t *testing.T) {
	code := bytes.Repeat([]byte{0x85, 0x10, 0, 0, 0, 0, 0, 0}, 2)
	const n = 100000
	funcs := make([]*Func, n)
	for i := range funcs {
		funcs[i] = &Func{Code: code}
	}
	for i, f := range funcs {
		f.Relocs = []Reloc{{Insn: 0, Kind: ToCall, Func: funcs[(i+1)%n]}, {Insn: 1, Kind: ToCall, Func: f}}
	}
	list := (&Object{Order: binary.LittleEndian}).Link(funcs[0])
	if len(list) != n {
		t.Fatalf("%d functions", len(list))
	}
	for i, p := range list {
		if want := []int32{1, -2}; i < n-1 && (insn{p.Code, binary.LittleEndian}.imm() != want[0] || insn{p.Code[8:], binary.LittleEndian}.imm() != want[1]) {
			t.Fatalf("function %d: % x", i, p.Code)
		}
	}
	if code[4] != 0 {
		t.Error("the object has changed")
	}
}
