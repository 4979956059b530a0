package grammar

import "strings"

// A Next is a word that may come next.
type Next struct {
	Word     string
	Variable bool // Word is in capitals and stands for what the user fills in
}

// Next returns what may follow the given words, in the order of the notation.
// There is nothing if they have no place in the grammar.
//
// A word that abbreviates a keyword is that keyword, and the first one of
// several, even where any word could stand.
func (g *Grammar) Next(words []string) []Next {
	w := &walk{frames: make(map[frame]*frame)}
	leaves := w.leaves([]*frame{w.frame(g.root, 0, nil)})
	for _, word := range words {
		leaves = w.leaves(accept(leaves, word))
	}
	var list []Next
	seen := make(map[Next]bool)
	for _, f := range leaves {
		n := Next{f.node.text, f.node.kind == variable}
		if !seen[n] {
			list = append(list, n)
		}
		seen[n] = true
	}
	return list
}

// accept returns the places that word leads to from leaves.
func accept(leaves []*frame, word string) []*frame {
	text := ""
	for _, f := range leaves {
		if t := f.node.text; f.node.kind == keyword && strings.HasPrefix(t, word) && (text == "" || t == word) {
			text = t
		}
	}
	var list []*frame
	for _, f := range leaves {
		if text == "" && f.node.kind == variable || text != "" && f.node.text == text {
			list = append(list, f.next)
		}
	}
	return list
}

// A frame is a place in a grammar: before a node, and what is to come after it.
// Nil is the end.
type frame struct {
	node *node
	used uint64 // what is done already: of anyOrder, a bit each; of repeated, 1
	next *frame
}

// A walk is one pass through a grammar. There is only one frame for each place,
// so that pointers tell whether places are the same.
type walk struct {
	frames map[frame]*frame
	seen   map[*frame]bool
	found  []*frame
}

func (w *walk) frame(n *node, used uint64, next *frame) *frame {
	f := frame{n, used, next}
	if w.frames[f] == nil {
		w.frames[f] = &f
	}
	return w.frames[f]
}

// leaves returns the places before keywords and variables that can be reached
// from list without a word.
func (w *walk) leaves(list []*frame) []*frame {
	w.seen, w.found = make(map[*frame]bool), nil
	for _, f := range list {
		w.reach(f)
	}
	return w.found
}

func (w *walk) reach(f *frame) {
	if f == nil || w.seen[f] {
		return
	}
	w.seen[f] = true
	switch n := f.node; n.kind {
	case keyword, variable:
		w.found = append(w.found, f)
	case sequence:
		next := f.next
		for i := len(n.of) - 1; i >= 0; i-- {
			next = w.frame(n.of[i], 0, next)
		}
		w.reach(next)
	case choice:
		for _, x := range n.of {
			w.reach(w.frame(x, 0, f.next))
		}
	case optional:
		w.reach(w.frame(n.of[0], 0, f.next))
		w.reach(f.next)
	case repeated:
		w.reach(w.frame(n.of[0], 0, w.frame(n, 1, f.next)))
		if f.used != 0 {
			w.reach(f.next)
		}
	case anyOrder:
		w.reachAnyOrder(f)
	}
}

func (w *walk) reachAnyOrder(f *frame) {
	for i, x := range f.node.of {
		used := f.used
		if x.kind == repeated {
			x = x.of[0]
		} else {
			used |= 1 << i
		}
		if f.used&(1<<i) == 0 {
			w.reach(w.frame(x.of[0], 0, w.frame(f.node, used, f.next)))
		}
	}
	w.reach(f.next)
}
