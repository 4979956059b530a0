package elfobj

import "slices"

// A Placed is a function where it stands in a program as that is loaded.
type Placed struct {
	*Func
	Start int // number of its first instruction in the program

	// Code is that of the function with the distances of calls, and of addresses
	// of functions, as they are in the program. Maps, variables and externs are
	// not there yet.
	Code []byte
}

// Link returns the program f as it is loaded: f itself, and then the functions that
// it calls, or of which it needs the address, and those that they need, each once; last the one
// that handles its exceptions.
//
// They have the order in which libbpf appends them: where a function that is not
// there yet is met, it comes next, and what it needs comes before anything else
// that f needs. Functions may call each other in a circle: the kernel refuses that.
func (o *Object) Link(f *Func) []Placed {
	starts := make(map[*Func]int)
	var list []Placed
	end := 0
	add := func(f *Func) visit {
		starts[f] = end
		list = append(list, Placed{f, end, slices.Clone(f.Code)})
		end += len(f.Code) / insnLen
		return visit{f.Relocs}
	}
	follow := func(f *Func) {
		if _, ok := starts[f]; f == nil || ok {
			return
		}
		for stack := []visit{add(f)}; len(stack) > 0; {
			top := &stack[len(stack)-1]
			if len(top.left) == 0 {
				stack = stack[:len(stack)-1]
				continue
			}
			to := top.left[0].Func
			top.left = top.left[1:]
			if _, ok := starts[to]; to != nil && !ok {
				stack = append(stack, add(to))
			}
		}
	}
	follow(f)
	follow(f.Catch)
	for _, p := range list {
		p.adjust(o, starts)
	}
	return list
}

// A visit is a function whose references are being followed. A stack of them,
// unlike calls of functions of Go, may be as long as the object says.
type visit struct{ left []Reloc }

// adjust sets the distances from each instruction that refers to a function.
func (p Placed) adjust(o *Object, starts map[*Func]int) {
	for _, r := range p.Relocs {
		if r.Func == nil {
			continue
		}
		in := insn{p.Code[r.Insn*insnLen:], o.Order}
		in.setImm(int32(starts[r.Func] - p.Start - r.Insn - 1))
		if r.Kind == ToFunc {
			in.setSrc(funcAddr)
		}
	}
}

// Uncalled returns the functions that no program calls. libbpf does their relocations, too, and refuses the object for
// some of them.
func (o *Object) Uncalled() (list []*Func) {
	called := make(map[*Func]bool)
	for _, p := range o.Programs {
		for _, f := range o.Link(p) {
			called[f.Func] = true
		}
	}
	for _, f := range o.Funcs {
		if !called[f] {
			list = append(list, f)
		}
	}
	return list
}
