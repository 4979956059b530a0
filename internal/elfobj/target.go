package elfobj

import "fmt"

// A targetKey is what is unique about a table of instructions: the function that
// uses it, and where it is in its section, in bytes.
type targetKey struct {
	f  *Func
	at uint64
}

// readTargets reads the table of instructions of f at a symbol. Each is where it
// stands in the section, in bytes.
//
// Source: objects of clang 22, and how libbpf 1.8 uses them.
func (r *reader) readTargets(f *Func, at *symbol) ([]int, error) {
	s := &r.sections[at.section]
	if at.value > s.size || at.size > s.size-at.value || at.size == 0 || at.size%pointerLen != 0 {
		return nil, fmt.Errorf("symbol %s: %d bytes at %d of section %s, which has %d", at.name, at.size, at.value, s.name, s.size)
	}
	key := targetKey{f, at.value}
	table, ok := r.targets[key]
	if !ok {
		// Else few bytes of a file could be many tables.
		if r.tables += at.size; r.tables > s.size {
			return nil, fmt.Errorf("symbol %s: overlaps another table", at.name)
		}
		table = make([]int, at.size/pointerLen)
		for i := range table {
			off := r.order.Uint64(s.data[at.value+uint64(i)*pointerLen:])
			if off%insnLen != 0 || off < f.Offset || off-f.Offset >= uint64(len(f.Code)) {
				return nil, fmt.Errorf("symbol %s: target %d: no instruction at %d", at.name, i, off)
			}
			table[i] = int(off-f.Offset) / insnLen
		}
		r.targets[key] = table
	}
	return table, nil
}
