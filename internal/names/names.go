// Package names maps kernel enumerations to the words bpftool uses for them.
//
// A number newer than these tables stays a number: a JSON number instead of a
// string, decimal digits in plain text.
package names

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// ProgType is enum bpf_prog_type.
type ProgType uint32

// String returns the word for t, or its number.
func (t ProgType) String() string { return word(progTypes, t) }

// Heading returns the word for t, or "type" and its number, as the first line
// of an object's description has it.
func (t ProgType) Heading() string { return heading(progTypes, t) }

// Known reports whether there is a word for t.
func (t ProgType) Known() bool { return uint64(t) < uint64(len(progTypes)) }

// MarshalJSON implements [json.Marshaler].
func (t ProgType) MarshalJSON() ([]byte, error) { return marshal(progTypes, t) }

// UnmarshalJSON implements [json.Unmarshaler].
func (t *ProgType) UnmarshalJSON(b []byte) error { return unmarshal(progTypes, t, b) }

// MapType is enum bpf_map_type.
type MapType uint32

// String returns the word for t, or its number.
func (t MapType) String() string { return word(mapTypes, t) }

// Heading returns the word for t, or "type" and its number.
func (t MapType) Heading() string { return heading(mapTypes, t) }

// MarshalJSON implements [json.Marshaler].
func (t MapType) MarshalJSON() ([]byte, error) { return marshal(mapTypes, t) }

// UnmarshalJSON implements [json.Unmarshaler].
func (t *MapType) UnmarshalJSON(b []byte) error { return unmarshal(mapTypes, t, b) }

// LinkType is enum bpf_link_type.
type LinkType uint32

// String returns the word for t, or its number.
func (t LinkType) String() string { return word(linkTypes, t) }

// Heading returns the word for t, or "type" and its number.
func (t LinkType) Heading() string { return heading(linkTypes, t) }

// MarshalJSON implements [json.Marshaler].
func (t LinkType) MarshalJSON() ([]byte, error) { return marshal(linkTypes, t) }

// UnmarshalJSON implements [json.Unmarshaler].
func (t *LinkType) UnmarshalJSON(b []byte) error { return unmarshal(linkTypes, t, b) }

// AttachType is enum bpf_attach_type.
type AttachType uint32

// String returns the word for t, or its number.
func (t AttachType) String() string { return word(attachTypes, t) }

// MarshalJSON implements [json.Marshaler].
func (t AttachType) MarshalJSON() ([]byte, error) { return marshal(attachTypes, t) }

// UnmarshalJSON implements [json.Unmarshaler].
func (t *AttachType) UnmarshalJSON(b []byte) error { return unmarshal(attachTypes, t, b) }

// PerfType is enum perf_type_id, the kind of a perf event.
type PerfType uint32

// String returns the word for t, or its number and a space, as bpftool prints
// the number of a dynamic event source.
func (t PerfType) String() string {
	if int(t) < len(perfTypes) {
		return perfTypes[t]
	}
	return fmt.Sprintf("%d ", uint32(t))
}

// MarshalJSON implements [json.Marshaler].
func (t PerfType) MarshalJSON() ([]byte, error) { return marshal(perfTypes, t) }

// UnmarshalJSON implements [json.Unmarshaler].
func (t *PerfType) UnmarshalJSON(b []byte) error { return unmarshal(perfTypes, t, b) }

func word[T ~uint32](table []string, n T) string {
	if uint64(n) < uint64(len(table)) {
		return table[n]
	}
	return strconv.FormatUint(uint64(n), 10)
}

func heading[T ~uint32](table []string, n T) string {
	if uint64(n) < uint64(len(table)) {
		return table[n]
	}
	return fmt.Sprintf("type %d", uint32(n))
}

func marshal[T ~uint32](table []string, n T) ([]byte, error) {
	if uint64(n) < uint64(len(table)) {
		return strconv.AppendQuote(nil, table[n]), nil
	}
	return strconv.AppendUint(nil, uint64(n), 10), nil
}

func unmarshal[T ~uint32](table []string, n *T, b []byte) error {
	if len(b) == 0 || b[0] != '"' {
		var number uint32
		err := json.Unmarshal(b, &number)
		*n = T(number)
		return err
	}
	var name string
	if err := json.Unmarshal(b, &name); err != nil {
		return err
	}
	i := slices.Index(table, name)
	if i < 0 {
		return fmt.Errorf("unknown name %q", name)
	}
	*n = T(i)
	return nil
}

// ParseMapType returns the type of maps that bpftool calls by a word.
func ParseMapType(word string) (MapType, bool) { return parse[MapType](mapTypes, word) }

// ParseProgType returns the type of programs that bpftool calls by a word.
func ParseProgType(word string) (ProgType, bool) { return parse[ProgType](progTypes, word) }

// ParseAttachType returns the type of attachment that bpftool calls by a word.
func ParseAttachType(word string) (AttachType, bool) { return parse[AttachType](attachTypes, word) }

func parse[T ~uint32](table []string, word string) (T, bool) {
	i := slices.Index(table, word)
	return T(max(i, 0)), i >= 0
}

// MapTypes returns the words for all types of maps that there are, in order of
// their numbers.
func MapTypes() []string { return slices.Clone(mapTypes[1:]) }

// ProgTypes returns the words for all types of programs, by their numbers.
func ProgTypes() []string { return slices.Clone(progTypes) }

// AttachTypes returns the words for all types of attachment, by their numbers.
func AttachTypes() []string { return slices.Clone(attachTypes) }

// LinkTypes returns the words for all types of links, by their numbers.
func LinkTypes() []string { return slices.Clone(linkTypes) }
