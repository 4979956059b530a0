package btf

import (
	"bytes"
	"compress/gzip"
	"debug/elf"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A part is a section of an ELF object.
type part struct {
	name string
	data []byte
}

// object writes an ELF object. Before its sections is code, after them are their
// headers, as in a kernel.
func object(t testing.TB, class elf.Class, order binary.ByteOrder, parts ...part) []byte {
	t.Helper()
	names := []byte{0}
	parts = append([]part{{}}, parts...) // section 0 is none
	parts = append(parts, part{name: ".shstrtab"})
	offsets := make([]uint32, len(parts))
	for i, p := range parts {
		offsets[i] = uint32(len(names))
		names = append(append(names, p.name...), 0)
	}
	parts[len(parts)-1].data = names

	body := make([]byte, 128)
	var headers bytes.Buffer
	for i, p := range parts {
		kind := uint32(elf.SHT_PROGBITS)
		switch i {
		case 0:
			kind = uint32(elf.SHT_NULL)
		case len(parts) - 1:
			kind = uint32(elf.SHT_STRTAB)
		}
		var h any = elf.Section64{Name: offsets[i], Type: kind, Off: uint64(len(body)), Size: uint64(len(p.data))}
		if class == elf.ELFCLASS32 {
			h = elf.Section32{Name: offsets[i], Type: kind, Off: uint32(len(body)), Size: uint32(len(p.data))}
		}
		binary.Write(&headers, order, h)
		body = append(body, p.data...)
	}
	ident := [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(class), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)}
	if order == binary.BigEndian {
		ident[elf.EI_DATA] = byte(elf.ELFDATA2MSB)
	}
	var h any = elf.Header64{Ident: ident, Type: 1, Version: 1, Shoff: uint64(len(body)), Shentsize: 64, Shnum: uint16(len(parts)), Shstrndx: uint16(len(parts) - 1)}
	if class == elf.ELFCLASS32 {
		h = elf.Header32{Ident: ident, Type: 1, Version: 1, Shoff: uint32(len(body)), Shentsize: 40, Shnum: uint16(len(parts)), Shstrndx: uint16(len(parts) - 1)}
	}
	var start bytes.Buffer
	binary.Write(&start, order, h)
	copy(body, start.Bytes())
	return append(body, headers.Bytes()...)
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// flatImage writes the image of a kernel, with a mark in its header.
func flatImage(mark string, parts ...[]byte) []byte {
	b := make([]byte, 64)
	copy(b, "MZ")
	copy(b[0x38:], mark)
	return append(append(b, bytes.Join(parts, nil)...), "more code"...)
}

// byteOrders are both of what package binary has for a byte order.
type byteOrders interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// A raw is BTF in the making.
type raw struct {
	order   byteOrders
	names   uint32 // bytes of strings in the base
	types   []byte
	strings []byte
}

// newRaw starts BTF with a base, or nil.
func newRaw(order byteOrders, base *Spec) *raw {
	if base == nil {
		return &raw{order: order, strings: []byte{0}}
	}
	return &raw{order: order, names: base.textLen()}
}

// name adds a string.
func (r *raw) name(s string) uint32 {
	n := r.names + uint32(len(r.strings))
	r.strings = append(append(r.strings, s...), 0)
	return n
}

// add adds a type with the words that follow its name and kind.
func (r *raw) add(kind Kind, vlen int, name uint32, words ...uint32) {
	for _, w := range append([]uint32{name, uint32(kind)<<24 | uint32(vlen)}, words...) {
		r.types = r.order.AppendUint32(r.types, w)
	}
}

func (r *raw) bytes() []byte {
	b := r.order.AppendUint16(nil, magic)
	b = append(b, 1, 0)
	for _, n := range []int{headerLen, 0, len(r.types), len(r.types), len(r.strings)} {
		b = r.order.AppendUint32(b, uint32(n))
	}
	return append(append(b, r.types...), r.strings...)
}

func write(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpen(t *testing.T) {
	le, be := binary.LittleEndian, binary.BigEndian
	tests := []struct {
		name  string
		order binary.ByteOrder
		file  []byte
	}{
		{"raw", le, sample(t, le)},
		{"raw big endian", be, sample(t, be)},
		{"compressed raw", le, gzipped(t, sample(t, le))},
		{"ELF", le, object(t, elf.ELFCLASS64, le, part{".BTF", sample(t, le)})},
		{"ELF big endian", be, object(t, elf.ELFCLASS64, be, part{".BTF", sample(t, be)})},
		{"ELF of 32 bits", le, object(t, elf.ELFCLASS32, le, part{".text", nil}, part{".BTF", sample(t, le)})},
		{"ELF of 32 bits big endian", be, object(t, elf.ELFCLASS32, be, part{".BTF", sample(t, be)})},
		{"flat image for arm64", le, flatImage("ARM\x64", sample(t, le))},
		{"flat image for riscv", le, flatImage("RSC\x05", imageMark, sample(t, le))},
		{"flat image for loongarch", le, flatImage("\xcd\x23\x82\x81", sample(t, le))},
		{"compressed flat image", le, gzipped(t, flatImage("ARM\x64", sample(t, le)))},
		{"compressed ELF", le, gzipped(t, object(t, elf.ELFCLASS64, le, part{".BTF", sample(t, le)}))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Open(write(t, tt.file), nil)
			if err != nil {
				t.Fatal(err)
			}
			if find(t, s, Struct, "record"); s.ByteOrder() != tt.order {
				t.Errorf("ByteOrder() = %v", s.ByteOrder())
			}
		})
	}
}

func TestOpenErrors(t *testing.T) {
	le := binary.LittleEndian
	good := object(t, elf.ELFCLASS64, le, part{".BTF", sample(t, le)})
	long := object(t, elf.ELFCLASS64, le, part{".BTF", sample(t, le)})
	le.PutUint64(long[len(long)-2*64+0x20:], 1<<20) // the size of .BTF
	huge := bytes.Clone(long)
	le.PutUint64(huge[len(huge)-2*64+0x20:], 1<<40)
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "neither ELF nor BTF: BTF of 0 bytes"},
		{"flat image without BTF", flatImage("ARM\x64"), "kernel image without BTF"},
		{"flat image with the start of BTF", flatImage("ARM\x64", imageMark), "BTF at 0x40 of a kernel image: "},
		{"flat image full of starts", flatImage("ARM\x64", bytes.Repeat(imageMark, 1<<20)), "BTF at 0xb8 of a kernel image: "},
		{"text", []byte("this is not BTF, is it? No."), "neither ELF nor BTF: offset 0: magic number 0x6874"},
		{"compressed text", gzipped(t, []byte("this is not BTF, is it? No.")), "in gzip: neither ELF nor BTF"},
		{"no section", object(t, elf.ELFCLASS64, le), "ELF without section .BTF"},
		{"bad section", object(t, elf.ELFCLASS64, le, part{".BTF", []byte("bad")}), "section .BTF: BTF of 3 bytes"},
		{"bad base", object(t, elf.ELFCLASS64, le, part{".BTF", sample(t, le)}, part{".BTF.base", []byte("bad")}), "section .BTF.base: BTF of 3 bytes"},
		{"cut", good[:len(good)-1], "ELF: the file ends before its headers do"},
		{"cut header", good[:20], "ELF: the file ends before its headers do"},
		{"cut and compressed", gzipped(t, good[:len(good)-1]), "in gzip: ELF: the file ends before its headers do"},
		{"section beyond the end", long, "section .BTF: 1048576 bytes at 0x80, which is beyond the end"},
		{"huge section", huge, "section .BTF of 1099511627776 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Open(write(t, tt.file), nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Open() = %v, want %q in it", err, tt.want)
			}
		})
	}
}

// module returns split BTF with a typedef of type id of the base.
func module(base *Spec, id ID) []byte {
	m := newRaw(binary.LittleEndian, base)
	m.add(Typedef, 0, m.name("mine"), uint32(id))
	return m.bytes()
}

func TestOpenSplit(t *testing.T) {
	le := binary.LittleEndian
	base, err := Parse(sample(t, le), nil)
	if err != nil {
		t.Fatal(err)
	}
	small := newRaw(le, nil)
	small.add(Int, 0, small.name("int"), 4, 32)
	other, err := Parse(small.bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	bigEndian, err := Parse(sample(t, binary.BigEndian), nil)
	if err != nil {
		t.Fatal(err)
	}
	anonymous := newRaw(le, nil) // no string tells that it is split
	anonymous.strings = nil
	anonymous.add(Pointer, 0, 0, uint32(base.Len())-1)
	badFunc := newRaw(le, base)
	badFunc.add(Func, 0, badFunc.name("f"), uint32(find(t, base, Struct, "record").ID))

	tests := []struct {
		name string
		file []byte
		base *Spec
		want error
	}{
		{"its base", module(base, base.Len()-1), base, nil},
		{"ELF", object(t, elf.ELFCLASS64, le, part{".BTF", module(base, base.Len()-1)}), base, nil},
		{"no base", module(base, 1), nil, ErrNoBase},
		{"no base for an ID", anonymous.bytes(), nil, ErrNoBase},
		{"IDs beyond the base", module(base, base.Len()+1), base, ErrOtherBase},
		{"names beyond the base", module(base, 1), other, ErrOtherBase},
		{"another kind of type", badFunc.bytes(), base, ErrOtherBase},
		{"another byte order", module(base, 1), bigEndian, ErrOtherBase},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Open(write(t, tt.file), tt.base)
			if !errors.Is(err, tt.want) {
				t.Fatalf("Open() = %v, want %v", err, tt.want)
			}
			if err == nil {
				if mine, _ := s.Type(base.Len()); mine.Name != "mine" || mine.Ref() != base.Len()-1 {
					t.Errorf("its own type = %+v", mine)
				}
			}
		})
	}
}

// FuzzOpenSplit reads whatever is taken for split BTF, against a base that it
// was not made for, with and without one of its own.
func FuzzOpenSplit(f *testing.F) {
	le := binary.LittleEndian
	base, err := Parse(sample(f, le), nil)
	if err != nil {
		f.Fatal(err)
	}
	own := newRaw(le, nil)
	own.add(Int, 0, own.name("unsigned int"), 4, 32)
	f.Add(module(base, 1), own.bytes())
	f.Add(module(base, base.Len()), sample(f, le))
	f.Add(sample(f, le), module(base, 1))
	f.Fuzz(func(t *testing.T, data, distilled []byte) {
		for _, b := range []*Spec{nil, base} {
			if s, err := complete(data, b, wide); err == nil {
				readAll(t, s)
			}
			if s, err := parseDistilled(data, distilled, b, wide); err == nil {
				readAll(t, s)
			}
		}
	})
}

// readAll reads all that s refers to, which must exist.
func readAll(t *testing.T, s *Spec) {
	t.Helper()
	for id := ID(0); id < s.Len(); id++ {
		typ, err := s.Type(id)
		if err != nil {
			t.Fatalf("type %d of %d: %q, %v", id, s.Len(), typ.Name, err)
		}
		refs := []ID{}
		switch typ.Kind {
		case Struct, Union:
			for _, m := range all(typ, Type.Member) {
				refs = append(refs, m.Type)
			}
		case Datasec:
			for _, v := range all(typ, Type.Variable) {
				refs = append(refs, v.Type)
			}
		case FuncProto:
			for _, p := range all(typ, Type.Param) {
				refs = append(refs, p.Type)
			}
		case Array:
			elem, index, _ := typ.Array()
			refs = append(refs, elem, index)
		case Pointer, Typedef, Volatile, Const, Restrict, Func, Var, DeclTag, TypeTag:
			refs = append(refs, typ.Ref())
		}
		for _, r := range refs {
			if _, err := s.Type(r); err != nil {
				t.Fatalf("type %d: %v", id, err)
			}
		}
	}
}

// TestParseBadName has a number whose name is nowhere. Numbers are looked at by
// their names, which must not be before they are checked.
func TestParseBadName(t *testing.T) {
	r := newRaw(binary.LittleEndian, nil)
	r.add(Int, 0, 1<<20, 8, 64)
	if _, err := Parse(r.bytes(), nil); err == nil || !strings.Contains(err.Error(), "type 1: name at 1048576 of 1 bytes") {
		t.Errorf("Parse() = %v", err)
	}
}
