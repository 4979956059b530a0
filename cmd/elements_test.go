package cmd_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestElements compares what the tool and the reference do with single elements of
// maps of every type: what one writes, the other reads.
func TestElements(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.ReferenceTool, fixture.Isolation)
	for _, row := range fixture.Maps {
		if inGuest() && row.Base() != row.Type {
			continue // guests are slow, and types matter most there
		}
		t.Run(row.Type, func(t *testing.T) {
			e := &elements{script: newScript(t), bloom: row.Base() == "bloom_filter", lru: strings.HasPrefix(row.Base(), "lru")}
			e.have(row)
			e.both("getnext")
			if e.first(); e.key == nil {
				e.withoutKeys()
				return
			}
			e.read()
			e.write()
			if row.Base() != "struct_ops" { // where the first deletion undoes what registered the value
				e.remove()
			}
		})
	}
}

// elements are what is known of the elements of a map.
type elements struct {
	*script
	key   []string // of the first, or nil if there is none
	value []string // its bytes, or nil if they cannot be read
	bloom bool     // it is a bloom filter
	lru   bool     // any update may remove any key
}

// both compares what the tools do, in each format.
//
// The reference asks bloom filters about bytes that happen to be in its memory.
func (e *elements) both(verb string, words ...string) {
	e.t.Helper()
	if e.bloom && (verb == "peek" || verb == "lookup") {
		return
	}
	formats := [][]string{nil, {"-j"}, {"-p"}}
	if inGuest() {
		formats = formats[:2]
	}
	for _, format := range formats {
		args := append(slices.Clone(format), "map", verb, e.vars["BY"], e.vars["WHICH"])
		if err := e.same(append(args, words...)); err != nil {
			e.t.Errorf("%v %s %.100v: %v", format, verb, strings.Join(words, " "), err)
		}
	}
}

// first reads the first key and its value.
func (e *elements) first() {
	var step struct {
		Next []string `json:"next_key"`
	}
	if e.gobpftool([]string{"-j", "map", "getnext", "id", e.vars["ID"]}); e.status != 0 {
		return
	}
	check(e.t, json.Unmarshal([]byte(e.stdout), &step))
	e.key = append([]string{"key"}, step.Next...)
	e.value = e.valueOf(e.key)
}

// valueOf returns the words for the value of a key: that of the first CPU, if each has
// its own.
func (e *elements) valueOf(key []string) []string {
	var entry struct {
		Value  json.RawMessage // an object if it cannot be read
		Values []struct{ Value []string }
	}
	if e.gobpftool(append([]string{"-j", "map", "lookup", "id", e.vars["ID"]}, key...)); e.status != 0 {
		return nil
	}
	check(e.t, json.Unmarshal([]byte(e.stdout), &entry))
	var value []string
	if len(entry.Values) > 0 {
		value = entry.Values[0].Value
	} else if json.Unmarshal(entry.Value, &value) != nil {
		return nil
	}
	return append([]string{"value"}, value...)
}

// read looks elements up, by a key that is there and by one that is not.
func (e *elements) read() {
	e.both("lookup", e.key...)
	e.both("getnext", e.key...)
	e.both("lookup", e.absent()...)
	e.both("getnext", e.absent()...)
	e.both("peek", e.key...)
}

// absent are the words for a key that is not there.
func (e *elements) absent() []string {
	return append([]string{"key"}, slices.Repeat([]string{"0xee"}, len(e.key)-1)...)
}

// write sets values, each with one of the tools, and looks at them with both.
func (e *elements) write() {
	if e.value == nil {
		return
	}
	other := slices.Clone(e.value)
	for i := range other[1:] {
		other[i+1] = []string{"0x01", "2", "03"}[i%3]
	}
	for i, value := range [][]string{other, e.value} {
		e.alone(i, "update", slices.Concat(value, e.key)...)
		e.both("lookup", e.key...)
		e.both("update", slices.Concat(e.key, value)...)
		if e.lru {
			continue
		}
		e.both("update", slices.Concat(e.key, value, []string{"exist"})...)
		e.both("update", slices.Concat([]string{"noexist"}, e.key, value)...)
	}
}

// alone has one of the tools do something: they take turns.
func (e *elements) alone(turn int, verb string, words ...string) {
	args := append([]string{"map", verb, e.vars["BY"], e.vars["WHICH"]}, words...)
	if turn%2 == 0 {
		_ = e.reference(args) // what comes of it is compared later
	} else {
		e.gobpftool(args)
	}
}

// remove deletes an element with one tool, and looks for it with both.
func (e *elements) remove() {
	e.both("delete", e.absent()...)
	for turn := range 2 {
		e.alone(turn, "delete", e.key...)
		e.both("lookup", e.key...)
		e.both("delete", e.key...)
		if e.value != nil {
			e.both("update", slices.Concat(e.key, e.value)...)
		}
	}
	e.both("dump")
}

// withoutKeys tries what there is to do with a map that has no keys, or none now.
func (e *elements) withoutKeys() {
	e.both("peek")
	e.both("lookup")
	_, size := e.sizes()
	for turn, value := range []string{"7", "9"} {
		e.alone(turn, "push", slices.Concat([]string{"value"}, slices.Repeat([]string{value}, size))...)
		e.both("peek")
	}
	e.both("push", "value")
	e.both("push")
	if key, _ := e.sizes(); key == 0 {
		e.both("delete", "key")
		e.popAll()
	}
}

// popAll takes values out in turns, until there is none.
func (e *elements) popAll() {
	for turn := range 2 * fixture.Entries {
		e.alone(turn, "pop")
	}
	e.both("pop")
	e.both("peek")
	_, size := e.sizes()
	for _, format := range []string{"", "-j", "-p"} {
		for turn := range 2 {
			e.alone(turn, "push", slices.Concat([]string{"value"}, slices.Repeat([]string{"6"}, size))...)
		}
		args := append(strings.Fields(format), "map", "pop", e.vars["BY"], e.vars["WHICH"])
		if err := e.same(args); err != nil {
			e.t.Errorf("%s pop: %v", format, err)
		}
	}
}

// sizes returns the sizes of keys and values in bytes.
func (e *elements) sizes() (key, value int) {
	var m struct {
		Key   int `json:"bytes_key"`
		Value int `json:"bytes_value"`
	}
	check(e.t, e.run([]string{"gobpftool", "-j", "map", "show", "id", e.vars["ID"]}))
	check(e.t, json.Unmarshal([]byte(e.stdout), &m))
	return m.Key, m.Value
}
