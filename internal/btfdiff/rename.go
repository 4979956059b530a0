package btfdiff

import "slices"

// rename joins the matches of a part that is gone and of a new one at its spot,
// if it is the same and there is no other pair for either.
func rename[S comparable](l *limit, list []match, oldSpot, newSpot func(int) S, same func(old, new int) bool) []match {
	gone := make(map[S][]int)
	for _, m := range list {
		if m.new == none {
			gone[oldSpot(m.old)] = append(gone[oldSpot(m.old)], m.old)
		}
	}
	var pairs []match
	olds, news := make(map[int]int), make(map[int]int) // in how many pairs each is
	for _, m := range list {
		if m.old != none || len(gone) == 0 {
			continue
		}
		for _, o := range gone[newSpot(m.new)] {
			if l.err == nil && same(o, m.new) {
				pairs = append(pairs, match{o, m.new})
				olds[o]++
				news[m.new]++
			}
		}
	}
	pairs = slices.DeleteFunc(pairs, func(p match) bool { return olds[p.old] > 1 || news[p.new] > 1 })
	return joined(list, pairs)
}

// joined puts pairs into a list in place of what they are made of.
func joined(list, pairs []match) []match {
	was, became := make(map[int]int), make(map[int]bool)
	for _, p := range pairs {
		was[p.new], became[p.old] = p.old, true
	}
	for i, m := range list {
		if from, ok := was[m.new]; ok && m.old == none {
			list[i].old = from
		}
	}
	return slices.DeleteFunc(list, func(m match) bool { return m.new == none && became[m.old] })
}
