package unpack

import (
	"encoding/binary"
	"fmt"
)

// A payload is what a boot image carries: the compressed kernel.
type payload struct {
	name           string // of the image's kind
	offset, length int64  // bytes, in the image
}

// findPayload reads the header of a boot image that has size bytes. The result
// is nil if it is none.
func findPayload(head []byte, size int64) (*payload, error) {
	p, err := bzImage(head)
	if p == nil && err == nil {
		p = zboot(head)
	}
	if p == nil {
		return nil, err
	}
	if p.offset+p.length > size {
		return nil, fmt.Errorf("%s: payload at %d has %d bytes, the file ends at %d", p.name, p.offset, p.length, size)
	}
	return p, nil
}

// Offsets in the header of a kernel for x86.
//
// Source: Documentation/arch/x86/boot.rst.
const (
	bootSectors    = 0x1f1 // 1 byte: setup code in sectors, 0 for 4
	bootMagic      = 0x202 // "HdrS"
	bootProtocol   = 0x206 // 2 bytes: version of the boot protocol
	bootPayload    = 0x248 // 4 bytes: offset of the payload from the code after the setup
	bootPayloadLen = 0x24c // 4 bytes
	bootHeaderEnd  = 0x250

	bootSector = 512   // bytes
	bootSince  = 0x208 // the first version with a payload
)

func bzImage(head []byte) (*payload, error) {
	if len(head) < bootHeaderEnd || string(head[bootMagic:][:4]) != "HdrS" {
		return nil, nil
	}
	le := binary.LittleEndian
	if v := le.Uint16(head[bootProtocol:]); v < bootSince {
		return nil, fmt.Errorf("bzImage: offset %#x: boot protocol %d.%02d, want at least 2.08", bootProtocol, v>>8, v&0xff)
	}
	sectors := int64(head[bootSectors])
	if sectors == 0 {
		sectors = 4
	}
	return &payload{
		name:   "bzImage",
		offset: (sectors+1)*bootSector + int64(le.Uint32(head[bootPayload:])),
		length: int64(le.Uint32(head[bootPayloadLen:])),
	}, nil
}

// zboot reads the header of an EFI program that carries a kernel, as for arm64,
// riscv and loongarch.
//
// Source: drivers/firmware/efi/libstub/zboot-header.S.
func zboot(head []byte) *payload {
	if len(head) < 16 || string(head[:2]) != "MZ" || string(head[4:8]) != "zimg" {
		return nil
	}
	le := binary.LittleEndian
	return &payload{"EFI zboot image", int64(le.Uint32(head[8:])), int64(le.Uint32(head[12:]))}
}

// IsImage reports whether the kernel itself is inside, as it will lie in memory:
// the flat image of arm64, riscv or loongarch, or what a zboot image carries.
//
// Source: Documentation/arch/{arm64/booting,riscv/boot-image-header}.rst, and
// arch/loongarch/include/asm/image.h, of the kernel.
func (f *File) IsImage() bool {
	if len(f.Head) < 64 {
		return false
	}
	switch string(f.Head[0x38:0x3c]) {
	case "ARM\x64", "RSC\x05":
		return true
	}
	return string(f.Head[:2]) == "MZ" && string(f.Head[0x38:0x3c]) == "\xcd\x23\x82\x81"
}
