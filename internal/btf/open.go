package btf

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/gobpftool/gobpftool/internal/unpack"
)

// Open reads the BTF in a file: raw BTF, or the section .BTF of an ELF object
// such as a module, either of them compressed or not, or that of the kernel in
// a boot image. base is nil unless it is split BTF.
//
// The section .BTF.base of a module has those types of its kernel that the
// module uses. It is the base if there is no other; else the types of the other
// take their place.
//
// All types and names that the BTF refers to exist. The error wraps [ErrNoBase]
// or [ErrOtherBase] if they might in a base.
func Open(path string, base *Spec) (*Spec, error) {
	f, err := unpack.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Read(f, base)
}

// Read reads the BTF in a file that is open, as [Open] does.
func Read(f *unpack.File, base *Spec) (*Spec, error) {
	s, err := read(f, base)
	return s, f.Within(err)
}

func read(f *unpack.File, base *Spec) (*Spec, error) {
	if f.IsELF() {
		return readELF(f, base)
	}
	if f.IsImage() {
		return readImage(f, base)
	}
	order, err := byteOrder(f.Head)
	if err != nil {
		return nil, fmt.Errorf("neither ELF nor BTF: %w", err)
	}
	n := length(f.Head, order)
	var b bytes.Buffer
	b.Grow(int(min(n, expected)) + bytes.MinRead)
	if _, err := b.ReadFrom(io.LimitReader(f.Reader(), n)); err != nil {
		return nil, err
	}
	return complete(b.Bytes(), base, wide)
}

// expected is a length of BTF that is believed before it is there, in bytes.
const expected = 16 << 20

// length returns how many bytes BTF has by its header.
func length(head []byte, order binary.ByteOrder) int64 {
	word := func(at int) int64 { return int64(order.Uint32(head[at:])) }
	return word(4) + max(word(8)+word(12), word(16)+word(20))
}

// The sections of an ELF object that have BTF.
const (
	ownSection  = ".BTF"
	baseSection = ".BTF.base"
)

func readELF(f *unpack.File, base *Spec) (*Spec, error) {
	object, err := elf.NewFile(f)
	if errors.Is(err, io.EOF) {
		err = errors.New("the file ends before its headers do")
	}
	if err != nil {
		return nil, fmt.Errorf("ELF: %w", err)
	}
	var pointer uint32 = wide
	if object.Class == elf.ELFCLASS32 {
		pointer = 4
	}
	own, err := section(object, ownSection)
	if err != nil {
		return nil, err
	}
	if own == nil {
		return nil, fmt.Errorf("ELF without section %s", ownSection)
	}
	distilled, err := section(object, baseSection)
	switch {
	case err != nil:
		return nil, err
	case distilled == nil:
		s, err := complete(own, base, pointer)
		return s, inSection(ownSection, err)
	}
	return parseDistilled(own, distilled, base, pointer)
}

// parseDistilled reads split BTF that brings the types that it needs of its
// base.
func parseDistilled(own, distilled []byte, base *Spec, pointer uint32) (*Spec, error) {
	small, err := complete(distilled, nil, pointer)
	if err != nil {
		return nil, inSection(baseSection, err)
	}
	s, err := complete(own, small, pointer)
	if err != nil || base == nil {
		return s, inSection(ownSection, err)
	}
	s, err = s.relocate(base)
	return s, inSection(baseSection, err)
}

// section reads the first section with a name. The result is nil if there is
// none.
func section(object *elf.File, name string) ([]byte, error) {
	i := slices.IndexFunc(object.Sections, func(s *elf.Section) bool { return s.Name == name })
	if i < 0 {
		return nil, nil
	}
	s := object.Sections[i]
	if s.Size > unpack.Max {
		return nil, fmt.Errorf("section %s of %d bytes", name, s.Size)
	}
	data, err := s.Data()
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("%d bytes at %#x, which is beyond the end of the file", s.FileSize, s.Offset)
	}
	return data, inSection(name, err)
}

func inSection(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("section %s: %w", name, err)
}
