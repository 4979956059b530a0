package graph

import (
	"cmp"
	"container/heap"
	"slices"
)

// runOutside gives lines at the right of all else to the ways that have no vertices.
// Those that pass no row both share one.
func (p *places) runOutside() {
	right := 0
	for i, x := range p.x {
		right = max(right, x+p.half[i])
	}
	var list []int
	for i, w := range p.ways {
		if w.first < 0 {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(p.ways[a].top, p.ways[b].top) })
	free := &lanes{}
	count := 0
	for _, i := range list {
		w := p.ways[i]
		use := lane{number: count}
		if free.Len() > 0 && (*free)[0].bottom+1 < w.top {
			use = heap.Pop(free).(lane)
		} else {
			count++
		}
		use.bottom = w.bottom
		heap.Push(free, use)
		p.x[p.nodes+i] = right + nodeGap + use.number*lineGap
	}
}

// A lane is a line outside, and the last row where it is taken.
type lane struct{ number, bottom int }

// Lanes are a heap of them: the one that is free first comes first.
type lanes []lane

func (l lanes) Len() int { return len(l) }
func (l lanes) Less(i, j int) bool {
	return l[i].bottom < l[j].bottom || l[i].bottom == l[j].bottom && l[i].number < l[j].number
}
func (l lanes) Swap(i, j int) { l[i], l[j] = l[j], l[i] }
func (l *lanes) Push(x any)   { *l = append(*l, x.(lane)) }
func (l *lanes) Pop() any {
	last := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return last
}
