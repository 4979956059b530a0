package btf

// twinDepth is how many structs, unions and prototypes within or behind each
// other are looked at to see that a part has a type twice.
//
// Source: btf_dedup_is_equiv of libbpf.
const twinDepth = 16

// twins reports whether two own types look the same, so that their part may have
// one type twice. Arrays need to have the same length only, as for the reference.
func (m *merger) twins(x, y ID, depth int) bool {
	for depth > 0 && m.spend(1) {
		a, b := m.node(x), m.node(y)
		switch {
		case a.kind == Enum && b.kind == Enum, a.kind == Enum64 && b.kind == Enum64:
			return m.declares(x, y)
		case a.shape != b.shape:
			return false
		}
		switch a.kind {
		case Void, Int, Forward, Float, Array:
			return true
		case Struct, Union, FuncProto:
			return m.twinRefs(m.refs(a), m.refs(b), depth-1)
		case Var, Datasec, DeclTag:
			return false
		}
		x, y = m.refs(a)[0], m.refs(b)[0]
	}
	return false
}

// twinRefs reports whether what two types refer to are twins, or the same.
func (m *merger) twinRefs(x, y []ID, depth int) bool {
	for i := range x {
		if x[i] != y[i] && !m.twins(x[i], y[i], depth) {
			return false
		}
	}
	return true
}
