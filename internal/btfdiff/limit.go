package btfdiff

import (
	"fmt"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// Types come from anywhere, and a few hundred bytes of them can describe loops
// and nests without end. What is done about them is limited.
const (
	maxDepth     = 64      // types that refer to, or are within, each other
	minSteps     = 1 << 18 // looks at types and their parts
	stepsPerType = 64      // two kernels take about 3
)

// A limit counts what has been done.
type limit struct {
	depth int   // types being looked at
	steps int   // looks that are left
	err   error // the first error; nothing is the same after it
}

func newLimit(old, new *btf.Spec) limit {
	return limit{steps: minSteps + stepsPerType*(int(old.Len())+int(new.Len()))}
}

// step counts a look at a type of each side, or at their parts, and reports
// whether it may be done.
func (l *limit) step(old, new btf.ID) bool {
	if l.steps == 0 {
		l.fail(old, new, "there is too much in them to compare")
		return false
	}
	l.steps--
	return l.err == nil
}

// enter begins to look into two types, and reports whether it may be done. It
// must be followed by leave if it may.
func (l *limit) enter(old, new btf.ID) bool {
	if l.depth == maxDepth {
		l.fail(old, new, fmt.Sprintf("more than %d types in a row", maxDepth))
	}
	if !l.step(old, new) {
		return false
	}
	l.depth++
	return true
}

func (l *limit) leave() { l.depth-- }

// fail keeps the first error.
func (l *limit) fail(old, new btf.ID, why string) {
	if l.err == nil {
		l.err = fmt.Errorf("type %d and what became of it, type %d: %s", old, new, why)
	}
}
