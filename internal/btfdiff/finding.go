package btfdiff

import "encoding/json"

// A Change is what happened to a type or a part of one.
type Change string

// The changes. A part that moved did nothing else.
const (
	Added   Change = "added"
	Removed Change = "removed"
	Changed Change = "changed"
	Renamed Change = "renamed"
	Moved   Change = "moved"
)

// A Finding is what changed about a type, a function, a variable or a section.
//
// Of what only one side has there is only this side in the pairs. They are nil
// for what did not change, and for what a type of its kind does not have.
type Finding struct {
	Change Change `json:"change"` // added, removed or changed
	Kind   string `json:"kind"`   // struct, union, enum, typedef, int, float, func, var or section
	Name   string `json:"name"`
	Was    string `json:"was,omitempty"` // the kind that it had

	Defined   *Pair[bool]   `json:"defined,omitempty"` // false for a struct or union that is only declared
	Size      *Pair[uint32] `json:"size,omitempty"`    // bytes
	Signed    *Pair[bool]   `json:"signed,omitempty"`
	Type      *Pair[string] `json:"type,omitempty"` // of a typedef or variable, in C
	Linkage   *Pair[string] `json:"linkage,omitempty"`
	Prototype *Pair[string] `json:"prototype,omitempty"` // in C
	Result    *Pair[string] `json:"result,omitempty"`    // type in C

	Fields []Field `json:"fields,omitempty"`
	Values []Value `json:"values,omitempty"`
	Params []Field `json:"parameters,omitempty"`
}

// A Field is what changed about a field of a struct or union, a variable of a
// section or a parameter of a function.
type Field struct {
	Change   Change        `json:"change"`
	Name     string        `json:"name"`               // with what it is in: "u.ip4", "list[].next", "ops->open"
	Was      string        `json:"was,omitempty"`      // the name that it had
	Position *Pair[int]    `json:"position,omitempty"` // of a parameter, from 0
	Type     *Pair[string] `json:"type,omitempty"`
	Offset   *Pair[uint64] `json:"bits_offset,omitempty"`   // from the start of the struct
	Bits     *Pair[uint32] `json:"bitfield_size,omitempty"` // 0 for what is no bitfield
	Size     *Pair[uint32] `json:"size,omitempty"`          // bytes, of what has no name, if nothing else tells that it changed
}

// A Value is what changed about a name of an enumeration.
type Value struct {
	Change Change            `json:"change"` // added, removed or changed
	Name   string            `json:"name"`
	Value  Pair[json.Number] `json:"value"`
}

// A Pair is a property on both sides, or on the one that has it.
type Pair[T any] struct {
	Old *T `json:"old,omitempty"`
	New *T `json:"new,omitempty"`
}

// pair returns a property that changed, or nil.
func pair[T comparable](old, new T) *Pair[T] {
	if old == new {
		return nil
	}
	return both(old, new)
}

func both[T any](old, new T) *Pair[T] { return &Pair[T]{&old, &new} }

// sides says which of the two has something.
type sides bool

const (
	onOld sides = false
	onNew sides = true
)

func one[T any](on sides, v T) *Pair[T] {
	if on == onOld {
		return &Pair[T]{Old: &v}
	}
	return &Pair[T]{New: &v}
}

// isEmpty reports whether nothing was found.
func (f *Finding) isEmpty() bool {
	return f.Was == "" && f.Defined == nil && f.Size == nil && f.Signed == nil &&
		f.Type == nil && f.Linkage == nil && f.Prototype == nil && f.Result == nil &&
		f.Fields == nil && f.Values == nil && f.Params == nil
}
