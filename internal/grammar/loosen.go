package grammar

// maxAnyOrder bounds what may come in any order. It keeps the number of places
// in a grammar small.
const maxAnyOrder = 12

// loosen puts neighbours in a sequence that start with keywords and may be left
// out into one node, since commands take them in any order.
func loosen(list []*node) []*node {
	var loose []*node
	for i := 0; i < len(list); {
		n := 0
		for n < maxAnyOrder && i+n < len(list) && isLoose(list[i+n]) {
			n++
		}
		if n < 2 {
			loose = append(loose, list[i])
			i++
			continue
		}
		loose = append(loose, &node{kind: anyOrder, of: list[i : i+n]})
		i += n
	}
	return loose
}

func isLoose(n *node) bool {
	if n.kind == repeated {
		n = n.of[0]
	}
	return n.kind == optional && startsWithKeyword(n.of[0])
}

// startsWithKeyword reports whether nothing but a keyword can be the first word
// of n.
func startsWithKeyword(n *node) bool {
	switch n.kind {
	case keyword:
		return true
	case variable:
		return false
	case choice:
		for _, x := range n.of {
			if !startsWithKeyword(x) {
				return false
			}
		}
		return true
	}
	return len(n.of) > 0 && startsWithKeyword(n.of[0])
}
