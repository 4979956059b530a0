package graph

import "slices"

// swapRounds is how often neighbours of all rows are looked at in turn.
const swapRounds = 8

// swap lets neighbours in a row change their places as long as fewer links cross then.
func (o *order) swap() {
	for range swapRounds {
		changed := false
		for r := range o.rows {
			row := o.row.of(r)
			for i := 1; i < len(row); i++ {
				if a, b := row[i-1], row[i]; o.maySwap(a, b, r) && o.gain(a, b) > 0 {
					row[i-1], row[i] = b, a
					o.place[a], o.place[b] = i, i-1
					changed = true
				}
			}
		}
		if !changed {
			return
		}
	}
}

// maySwap reports whether two vertices of row r are not of ways that would cross then.
func (o *order) maySwap(a, b, r int) bool {
	v, w := o.way(a), o.way(b)
	return v == nil || w == nil || max(v.top, w.top) == r && r == min(v.bottom, w.bottom)
}

// gain returns how many crossings fewer there are if a and b, at its right, change
// places.
func (o *order) gain(a, b int) int {
	return gainOn(o.neighbours(&o.left, o.up.of(a), true), o.neighbours(&o.right, o.up.of(b), true)) +
		gainOn(o.neighbours(&o.left, o.down.of(a), false), o.neighbours(&o.right, o.down.of(b), false))
}

// neighbours returns the places of the other ends of links, sorted. They stay in room
// until the next call.
func (o *order) neighbours(room *[]int, links []int, above bool) []int {
	*room = (*room)[:0]
	for _, k := range links {
		v := o.links[k].lower
		if above {
			v = o.links[k].upper
		}
		*room = append(*room, o.place[v])
	}
	slices.Sort(*room)
	return *room
}

// gainOn counts the pairs of two sorted lists in which the number of the first is
// greater, less those in which it is smaller.
func gainOn(a, b []int) (gain int) {
	less, notGreater := 0, 0 // of b, compared with the number of a
	for _, n := range a {
		for less < len(b) && b[less] < n {
			less++
		}
		for notGreater < len(b) && b[notGreater] <= n {
			notGreater++
		}
		gain += less - (len(b) - notGreater)
	}
	return gain
}
