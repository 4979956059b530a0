package btfval

import (
	"encoding/binary"
	"fmt"
	"strings"

	cilium "github.com/cilium/ebpf/btf"
)

// A source makes types and values out of bytes, which may be random or those of
// a fuzzer. Where they end, zeros follow.
type source struct {
	bytes []byte
	names int // that were given
}

// n returns a number below limit, which is at most 256.
func (s *source) n(limit int) int {
	if len(s.bytes) == 0 {
		return 0
	}
	b := s.bytes[0]
	s.bytes = s.bytes[1:]
	return int(b) % limit
}

func (s *source) name(prefix string) string {
	s.names++
	return fmt.Sprintf("%s%d", prefix, s.names)
}

// of returns one of several things.
func of[T any](s *source, all ...T) T { return all[s.n(len(all))] }

// root returns a type of any kind.
func (s *source) root() cilium.Type {
	switch s.n(8) {
	case 0:
		return &cilium.Var{Name: s.name("v"), Type: s.typ(3)}
	case 1, 2:
		sec := &cilium.Datasec{Name: s.name(".data.")}
		for range s.n(5) {
			v := &cilium.Var{Name: s.name("v"), Type: s.typ(3)}
			at := sec.Size + uint32(s.n(4))
			size := uint32(sizeOf(v))
			sec.Vars = append(sec.Vars, cilium.VarSecinfo{Type: v, Offset: at, Size: size})
			sec.Size = at + size
		}
		return sec
	}
	return s.typ(4)
}

// typ returns a type that has values or is within one that has, and has others
// within it so many times.
func (s *source) typ(depth int) cilium.Type {
	if depth == 0 {
		return s.leaf()
	}
	switch s.n(8) {
	case 0:
		return arrayOf(s.typ(depth-1), uint32(s.n(5)))
	case 1:
		return arrayOf(of[cilium.Type](s, char, wchar, &cilium.Const{Type: char}, arrayOf(char, 5)), uint32(s.n(8)))
	case 2, 3:
		return s.structure(depth - 1)
	case 4:
		return s.union(depth - 1)
	case 5:
		return s.alias(s.typ(depth - 1))
	}
	return s.leaf()
}

// alias returns a typedef of a type, or a qualified one.
func (s *source) alias(t cilium.Type) cilium.Type {
	return of[cilium.Type](s, &cilium.Typedef{Name: s.name("t"), Type: t}, &cilium.Const{Type: t}, &cilium.Volatile{Type: t}, &cilium.Restrict{Type: t}, &cilium.TypeTag{Value: "tag", Type: t})
}

func (s *source) leaf() cilium.Type {
	switch s.n(12) {
	case 0, 1, 2:
		return &cilium.Int{Name: s.name("int"), Size: of[uint32](s, 1, 2, 4, 8, 16, 3), Encoding: of(s, cilium.Unsigned, cilium.Signed)}
	case 3:
		return &cilium.Int{Name: s.name("bool"), Size: of[uint32](s, 1, 1, 2, 4, 8), Encoding: cilium.Bool}
	case 4:
		return of[cilium.Type](s, wchar, char)
	case 5, 6, 7:
		return s.enum()
	case 8, 9:
		return &cilium.Float{Name: s.name("float"), Size: of[uint32](s, 2, 4, 8, 12, 16)}
	case 10:
		return &cilium.Pointer{Target: u32}
	}
	return of[cilium.Type](s, &cilium.Fwd{Name: s.name("fwd")}, &cilium.Void{}, &cilium.Pointer{Target: &cilium.Void{}})
}

func (s *source) enum() cilium.Type {
	e := &cilium.Enum{Name: s.name("enum"), Size: of[uint32](s, 1, 2, 4, 8), Signed: s.n(2) == 1}
	for range s.n(6) {
		value := uint64(s.n(256))
		if s.n(2) == 1 && e.Signed {
			value = -value
		} else if e.Size == 8 {
			value *= 1 << 56
		} else if e.Size == 4 {
			value *= 1 << 24
		}
		if e.Signed && e.Size < 8 {
			value = uint64(int64(int32(value)))
		}
		e.Values = append(e.Values, cilium.EnumValue{Name: s.name("E"), Value: value})
	}
	return e
}

// structure returns a struct of fields and bitfields with holes between them.
// Some have no names.
func (s *source) structure(depth int) cilium.Type {
	t := &cilium.Struct{Name: s.name("s")}
	bits := 0
	for range s.n(6) {
		m := cilium.Member{Name: of(s, s.name("m"), "")}
		if s.n(3) == 0 {
			m.Type, m.BitfieldSize = s.bitfield()
			m.Offset = cilium.Bits(bits)
			bits += int(m.BitfieldSize)
		} else {
			m.Type = s.typ(depth)
			m.Offset = cilium.Bits((bits+7)/8*8 + 8*s.n(3))
			bits = int(m.Offset) + 8*sizeOf(m.Type)
		}
		t.Members = append(t.Members, m)
	}
	t.Size = uint32((bits+7)/8 + s.n(3))
	return t
}

// bitfield returns a type and the width of a member of that type, in bits.
func (s *source) bitfield() (cilium.Type, cilium.Bits) {
	t := of[cilium.Type](s, u32, s32, u64, u128, s128, boole, s.enum(), &cilium.Int{Name: "long long", Size: 8, Encoding: cilium.Signed})
	width := cilium.Bits(1 + s.n(min(8*sizeOf(t), 128)))
	if s.n(2) == 1 {
		t = s.alias(t)
	}
	return t, width
}

func (s *source) union(depth int) cilium.Type {
	t := &cilium.Union{Name: s.name("u")}
	for range s.n(4) {
		m := cilium.Member{Name: of(s, s.name("m"), ""), Type: s.typ(depth)}
		t.Members = append(t.Members, m)
		t.Size = max(t.Size, uint32(sizeOf(m.Type)))
	}
	return t
}

// value returns n bytes, many of which are special to some type.
func (s *source) value(n int) []byte {
	var b []byte
	for len(b) < n {
		switch s.n(8) {
		case 0:
			b = append(b, strings.Repeat("\x00", 1+s.n(8))...)
		case 1:
			b = append(b, strings.Repeat("\xff", 1+s.n(8))...)
		case 2:
			b = append(b, of(s, "a\"\\\x00", "text\x00", "\x00", "~ \x7f\x00")...)
		case 3:
			odd := of[uint64](s, 0x7fc00000, 0x7fa00001, 0xff800000, 0x7f800000, 0x7e00, 0x7c01, 0x7ff8000000000000, 0xfff0000000000000, 1)
			b = of[binary.AppendByteOrder](s, binary.LittleEndian, binary.BigEndian).AppendUint64(b, odd)
		default:
			b = append(b, byte(s.n(256)), byte(s.n(256)), byte(s.n(256)))
		}
	}
	return b[:n:n]
}

// sizeOf returns the size of a type in bytes.
func sizeOf(t cilium.Type) int {
	switch t := cilium.UnderlyingType(t).(type) {
	case *cilium.Int:
		return int(t.Size)
	case *cilium.Float:
		return int(t.Size)
	case *cilium.Enum:
		return int(t.Size)
	case *cilium.Struct:
		return int(t.Size)
	case *cilium.Union:
		return int(t.Size)
	case *cilium.Datasec:
		return int(t.Size)
	case *cilium.Var:
		return sizeOf(t.Type)
	case *cilium.Array:
		return int(t.Nelems) * sizeOf(t.Type)
	case *cilium.Pointer:
		return 8
	}
	return 0
}
