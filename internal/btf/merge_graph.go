package btf

// A graph has what comparisons ask for. They come back to the same types
// thousands of times, and to most of a kernel's never: nodes are made when they
// are first asked for.
type graph struct {
	nodes  []node            // by ID
	refs   []ID              // of all nodes
	shapes map[string]uint32 // by a record without the types that it refers to
}

// A node is a type in a graph.
type node struct {
	shape    uint32 // from 1; types that are the same but for those that they refer to have the same
	from, to uint32 // refs[from:to] are the types that it refers to, in the order of comparison
	kind     Kind
}

// node returns the node of a type.
func (m *merger) node(id ID) node {
	if n := m.graph.nodes[id]; n.shape != 0 {
		return n
	}
	return m.newNode(id)
}

func (m *merger) newNode(id ID) node {
	g := &m.graph
	n := node{kind: m.kind(id), from: uint32(len(g.refs))}
	key := m.shape(id, func(to ID) { g.refs = append(g.refs, to) })
	if n.to = uint32(len(g.refs)); n.kind == Array { // its numbers come before its elements
		refs := g.refs[n.from:n.to]
		refs[0], refs[1] = refs[1], refs[0]
	}
	n.shape = g.shapes[string(key)]
	if n.shape == 0 {
		n.shape = uint32(len(g.shapes)) + 1
		g.shapes[string(key)] = n.shape
	}
	g.nodes[id] = n
	return n
}

// shape returns the record of a type without the types that it refers to, which
// are given to ref. It is valid until the next call.
func (m *merger) shape(id ID, ref func(ID)) []byte {
	m.scratch = append(m.scratch[:0], m.records[id]...)
	m.s.renumber(m.scratch, func(to ID) ID {
		ref(to)
		return 0
	})
	return m.scratch
}

// refs returns the types that the type of a node refers to.
func (m *merger) refs(n node) []ID { return m.graph.refs[n.from:n.to] }
