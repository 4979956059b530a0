package btfval

import (
	"encoding/binary"
	"strconv"
)

// scalar is how a number of 1, 2, 4 or 8 bytes is stored.
type scalar struct {
	size uint8 // bytes
	big  bool  // endian
}

// isScalar reports whether numbers of some bytes can be read as a [scalar].
func isScalar(size uint32) bool { return size == 1 || size == 2 || size == 4 || size == 8 }

// uint reads the number at the start of data. There is no [binary.ByteOrder]:
// that would take longer than the rest.
func (s scalar) uint(data []byte) uint64 {
	switch {
	case s.size == 1:
		return uint64(data[0])
	case s.size == 2 && s.big:
		return uint64(binary.BigEndian.Uint16(data))
	case s.size == 2:
		return uint64(binary.LittleEndian.Uint16(data))
	case s.size == 4 && s.big:
		return uint64(binary.BigEndian.Uint32(data))
	case s.size == 4:
		return uint64(binary.LittleEndian.Uint32(data))
	case s.big:
		return binary.BigEndian.Uint64(data)
	}
	return binary.LittleEndian.Uint64(data)
}

// int reads the number at the start of data as a signed one.
func (s scalar) int(data []byte) int64 {
	unused := 64 - 8*uint(s.size)
	return int64(s.uint(data)<<unused) >> unused
}

// unsigned is an integer without a sign, and without an encoding.
type unsigned struct{ scalar }

func (n unsigned) append(b, data []byte, _ face) []byte {
	return strconv.AppendUint(b, n.uint(data), 10)
}

// signed is an integer with a sign.
type signed struct{ scalar }

func (n signed) append(b, data []byte, _ face) []byte {
	return strconv.AppendInt(b, n.int(data), 10)
}

// boolean is true unless all its bits are 0.
type boolean struct{ scalar }

func (n boolean) append(b, data []byte, _ face) []byte {
	return strconv.AppendBool(b, n.uint(data) != 0)
}

// pointer is an address, which JSON has in decimal.
type pointer struct{ scalar }

func (n pointer) append(b, data []byte, f face) []byte {
	p := n.uint(data)
	switch {
	case f == inJSON:
		return strconv.AppendUint(b, p, 10)
	case p == 0:
		return append(b, `"(nil)"`...)
	}
	b = append(b, `"0x`...)
	b = strconv.AppendUint(b, p, 16)
	return append(b, '"')
}
