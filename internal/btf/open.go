package btf

import (
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
)

// Open reads the BTF in a file: raw BTF, or the section .BTF of an ELF object.
// base is nil unless it is split BTF.
func Open(path string, base *Spec) (*Spec, error) {
	data, pointer, err := read(path)
	if err != nil {
		return nil, err
	}
	return parse(data, base, pointer)
}

// read returns the BTF in a file, and the size in bytes of the pointers of the
// machine that the file is for.
func read(path string) (data []byte, pointer uint32, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	var start [4]byte
	switch _, err := io.ReadFull(f, start[:]); {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, 0, errors.New("too short for BTF")
	case err != nil:
		return nil, 0, err
	case string(start[:]) != elf.ELFMAG:
		data, err := os.ReadFile(path)
		return data, 8, err // raw
	}
	object, err := elf.NewFile(f)
	if err != nil {
		return nil, 0, err
	}
	section := object.Section(".BTF")
	if section == nil {
		return nil, 0, fmt.Errorf("no section .BTF")
	}
	pointer = 8
	if object.Class == elf.ELFCLASS32 {
		pointer = 4
	}
	data, err = section.Data()
	return data, pointer, err
}
