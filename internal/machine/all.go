package machine

import (
	"runtime"
	"slices"
	"sync"
)

// partLen is how much code is worth a goroutine of its own, in bytes.
const partLen = 32 << 10

// usualLen is less than most instructions take, in bytes.
const usualLen = 3

// All returns the instructions of a function, as [Arch.Insts] yields them.
//
// starts are offsets in code at which instructions are known to start, in increasing
// order; there may be none. With them, much code is read in parts at the same time,
// where the meaning of instructions does not depend on those before.
func (a *Arch) All(code []byte, pc uint64, starts []int) []Inst {
	parts := 1
	if a.Parallel {
		parts = min(runtime.GOMAXPROCS(0), 1+len(code)/partLen)
	}
	cuts := []int{0}
	for p := 1; p < parts; p++ {
		i, _ := slices.BinarySearch(starts, len(code)*p/parts)
		if i < len(starts) && starts[i] > cuts[len(cuts)-1] && starts[i] < len(code) {
			cuts = append(cuts, starts[i])
		}
	}
	cuts = append(cuts, len(code))
	lists := make([][]Inst, len(cuts)-1)
	var wait sync.WaitGroup
	for i := range lists {
		wait.Go(func() { lists[i] = a.list(code[cuts[i]:cuts[i+1]], pc+uint64(cuts[i])) })
	}
	wait.Wait()
	if len(lists) == 1 {
		return lists[0]
	}
	return slices.Concat(lists...)
}

func (a *Arch) list(code []byte, pc uint64) []Inst {
	list := make([]Inst, 0, len(code)/usualLen)
	for _, inst := range a.Insts(code, pc) {
		list = append(list, inst)
	}
	return list
}
