package btfval

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// An enumeration is a number with names for some of its values.
type enumeration struct {
	scalar
	values []int64  // in increasing order
	names  []string // of each of values, in quotes
}

func (e *enumeration) append(b, data []byte, _ face) []byte {
	n := e.int(data)
	if i, ok := slices.BinarySearch(e.values, n); ok {
		return append(b, e.names[i]...)
	}
	return strconv.AppendInt(b, n, 10)
}

// enumeration returns the layout of an Enum or Enum64. Of several names for one
// value the first one stands.
func (c *compiler) enumeration(t btf.Type) (*layout, error) {
	if !isScalar(t.Size()) {
		return leaf(unsupported, t.Size()), nil
	}
	all := make([]btf.Enumerator, t.Len())
	for i := range all {
		all[i] = t.Enumerator(i)
		if err := c.read(t, all[i].Name); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b btf.Enumerator) int { return cmp.Compare(a.Value, b.Value) })
	all = slices.CompactFunc(all, func(a, b btf.Enumerator) bool { return a.Value == b.Value })

	e := &enumeration{scalar: c.scalar(t.Size()), values: make([]int64, len(all)), names: make([]string, len(all))}
	longest := 0
	for i, one := range all {
		e.values[i], e.names[i] = one.Value, quoted(one.Name)
		longest = max(longest, len(e.names[i]))
	}
	l := leaf(e, t.Size())
	l.parts += uint64(longest / textOfPart)
	return l, nil
}
