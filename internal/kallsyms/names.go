package kallsyms

import (
	"io"
	"os"
	"slices"
)

// Addresses returns the addresses of the symbols with some names, each once, in the order of
// the table. They are 0 for those who may not see them (sysctl kernel.kptr_restrict).
func Addresses(names map[string]bool) (map[string][]uint64, error) {
	f, err := os.Open(Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return addresses(f, names)
}

func addresses(r io.Reader, names map[string]bool) (map[string][]uint64, error) {
	found := make(map[string][]uint64, len(names))
	var read []byte
	for end := false; !end; {
		var err error
		if read, err = readPiece(r, read); err != nil && err != io.EOF {
			return nil, err
		}
		end = err == io.EOF
		part := whole(read, end)
		for s := range lines(part) {
			if name := string(s.name); names[name] && !slices.Contains(found[name], s.addr) {
				found[name] = append(found[name], s.addr)
			}
		}
		read = append(read[:0], read[len(part):]...)
	}
	return found, nil
}
