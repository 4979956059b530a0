package decl

import (
	"fmt"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// Types come from anywhere, and a few hundred bytes of them can describe loops,
// or declarations longer than any disk. What is done about them is limited.
const (
	maxDepth     = 256     // types within or behind each other; the deepest of a kernel is below 50
	minSteps     = 1 << 18 // looks at types
	stepsPerType = 64
)

// A limit counts what has been done.
type limit struct {
	depth int // types being looked at
	steps int // looks at types that are left
}

// enter begins to look at a type, and reports whether it may be. It must be
// followed by leave if it may.
func (p *printer) enter(id btf.ID) bool {
	switch {
	case p.err != nil:
	case p.depth == maxDepth:
		p.fail(fmt.Errorf("type %d: more than %d types in a row", id, maxDepth))
	case p.step(id):
		p.depth++
		return true
	}
	return false
}

func (p *printer) leave() { p.depth-- }

// step counts a piece of work for a type, and reports whether it may be done.
func (p *printer) step(id btf.ID) bool {
	if p.steps == 0 {
		p.fail(fmt.Errorf("type %d: the declarations are too long", id))
		return false
	}
	p.steps--
	return p.err == nil
}

// spend is step for work that takes n steps more.
func (p *printer) spend(id btf.ID, n int) bool {
	p.steps = max(p.steps-n, 0)
	return p.step(id)
}
