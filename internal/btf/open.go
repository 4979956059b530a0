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
	data, err := read(path)
	if err != nil {
		return nil, err
	}
	return Parse(data, base)
}

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var start [4]byte
	switch _, err := io.ReadFull(f, start[:]); {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, errors.New("too short for BTF")
	case err != nil:
		return nil, err
	case string(start[:]) != elf.ELFMAG:
		return os.ReadFile(path) // raw
	}
	object, err := elf.NewFile(f)
	if err != nil {
		return nil, err
	}
	section := object.Section(".BTF")
	if section == nil {
		return nil, fmt.Errorf("no section .BTF")
	}
	return section.Data()
}
