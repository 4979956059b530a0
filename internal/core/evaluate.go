package core

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
)

// Evaluate returns the relocations of a program of an object, or of a function that none
// calls, those of the functions that it calls included, in the order of its instructions as [elfobj.Object.Link] puts them.
//
// What several types of a kernel can stand for depends on what the other programs of the
// object ask for that are loaded unless something else is said, as in libbpf.
func Evaluate(object *elfobj.Object, program *elfobj.Func, target *Target) []Result {
	_, results := Link(object, program, target)
	return results
}

// Link returns a program as it is loaded on a kernel, as [elfobj.Object.Link] does, but with
// the kernel's values, and its relocations.
func Link(object *elfobj.Object, program *elfobj.Func, target *Target) ([]elfobj.Placed, []Result) {
	return target.of(object).link(program)
}

func (r *resolution) link(program *elfobj.Func) ([]elfobj.Placed, []Result) {
	linked := r.object.Link(program)
	results := r.results(linked)
	guard(program, linked, r.object.Order, results)
	return linked, results
}

// results returns the relocations of a program, whose instructions it changes.
func (r *resolution) results(linked []elfobj.Placed) (results []Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range linked {
		done := r.relocate(p.Func)
		for _, result := range done.results {
			done.put(p, result.Insn)
			result.Func, result.Slot = p.Func, p.Start+result.Insn
			if result.Outcome >= Absent {
				result.Reason = r.reason(&result, result.finding)
			}
			results = append(results, result)
		}
	}
	return results
}

// guard tells failures that a program comes to from those that it does not. Nobody comes to
// those of functions that no program calls.
func guard(program *elfobj.Func, linked []elfobj.Placed, order binary.ByteOrder, results []Result) {
	if !slices.ContainsFunc(results, func(r Result) bool { return r.Outcome == Poisoned }) {
		return
	}
	var reached []bool
	if program.Program {
		reached = reach(linked, order)
	}
	for i := range results {
		if r := &results[i]; r.Outcome == Poisoned && !(program.Program && reached[r.Slot]) {
			r.Outcome = Guarded
		}
	}
}

// put puts a relocated instruction into a program.
func (done *relocated) put(p elfobj.Placed, insn int) {
	at := insn * bytecode.Size
	end := at + bytecode.Size
	if p.Func.Code[at] == wideCode {
		end += bytecode.Size
	}
	// One that is as it was may have got another distance since.
	if !bytes.Equal(p.Func.Code[at:end], done.code[at:end]) {
		copy(p.Code[at:end], done.code[at:end])
	}
}

// describe changes an instruction and says what has become of it.
func (r *resolution) describe(relo elfobj.CORERelo, f *finding, code patch) Result {
	res := Result{Insn: relo.Insn, Kind: names.Relocation(relo.Kind), Local: relo.Type, Access: relo.Access}
	res.Field, res.way = r.path(relo, f.access)
	res.Path = res.Field
	in, next := code.decode()
	res.Old, _ = operand(in, next)
	if f.match != nil {
		res.Target, res.TargetID, res.Module, res.BitOffset = f.match.text(res.Kind), f.match.root, f.from.name, f.match.bits
	}
	a := f.answer
	err := f.err
	if err == nil && f.other == nil {
		_, err = code.apply(&a)
	}
	res.New, res.OldSize, res.NewSize = a.target.value, a.local.size, a.target.size
	after, _ := code.decode()
	res.Adapted = !a.poison && in.Code != after.Code
	res.Outcome = outcome(&res, f, a, err)
	res.finding, res.refusal = f, err
	return res
}

// outcome returns what becomes of an instruction.
func outcome(res *Result, f *finding, a answer, err error) Outcome {
	switch {
	case err != nil:
		return Refused
	case f.other != nil:
		return Ambiguous
	case a.poison:
		return Poisoned
	case f.match == nil && res.Kind != localID:
		return Absent
	case res.Adapted, res.Old != res.New && (res.Kind == byteSize || res.Kind == typeSize):
		return Resized
	case res.Old != res.New:
		return Moved
	}
	return Resolved
}
