package mapcmd

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/btfval"
)

// isText reports whether the next word is a key or value of size bytes as its type
// spells it, and not the first of its bytes: it begins like JSON, or it is the only
// word where there are types and one byte would not do.
func (t *table) isText(a *args.Args, size uint32) bool {
	word := a.Peek()
	if a.Len() == 0 || word == "" {
		return false
	}
	if strings.ContainsRune(`{["`, rune(word[0])) {
		return true
	}
	if !t.BTF || strings.HasPrefix("hex", word) || !endsData(a.After()) {
		return false
	}
	return size > 1 || !isByte(word)
}

// endsData reports whether a word follows a key or value: none, or a keyword.
func endsData(word string) bool {
	for _, keyword := range []string{"key", "value", "any", "noexist", "exist"} {
		if strings.HasPrefix(keyword, word) {
			return true
		}
	}
	return false
}

// isByte reports whether a word is a number of a byte.
func isByte(word string) bool {
	_, err := args.New("", []string{word}).Bytes("", 1)
	return err == nil
}

// readKeyText reads a key as its type spells it.
func (t *table) readKeyText(a *args.Args) ([]byte, error) {
	return t.readText(a, "key", t.Info.KeySize, func(text string, key []byte) ([]byte, error) {
		if t.Key == nil {
			return key, parseIndex(key, text)
		}
		return key, parseWord(t.Key, key, text)
	})
}

// hasIndex reports whether keys are the numbers of slots, of which BTF may say nothing:
// so it is with the data of programs.
func (t *table) hasIndex() bool { return t.Info.KeySize == 4 && strings.HasSuffix(t.Type(), "array") }

// parseIndex reads the number of a slot.
func parseIndex(key []byte, text string) error {
	n, err := strconv.ParseUint(text, 0, 32)
	if err != nil {
		return fmt.Errorf("%s: no number of a slot", text)
	}
	binary.NativeEndian.PutUint32(key, uint32(n))
	return nil
}

// readValueText reads a value as its type spells it. A list has the values of the
// CPUs of a per-CPU map, the others of which are zero; anything else is the value
// of all of them.
func (t *table) readValueText(a *args.Args) ([]byte, error) {
	return t.readText(a, "value", t.Info.ValueSize, func(text string, one []byte) ([]byte, error) {
		if t.CPUs == 0 {
			return one, parseWord(t.Value, one, text)
		}
		all := make([]byte, t.ValueLen())
		return all, t.parseCPUs(all, text)
	})
}

// readText reads a word by the types of the map. parse gets room for a key or value.
func (t *table) readText(a *args.Args, what string, size uint32, parse func(text string, data []byte) ([]byte, error)) ([]byte, error) {
	word, err := a.Next(1)
	if err != nil {
		return nil, err
	}
	if err := t.CompileTypes(); err != nil {
		return nil, err
	}
	if what == "key" && t.Key == nil && !t.hasIndex() || what == "value" && t.Value == nil {
		return nil, args.Errorf("%s: map %d has no type for it: it is written in bytes", what, t.Info.ID)
	}
	data, err := parse(word, make([]byte, size))
	if err != nil && isByte(word) { // one byte of several: as without types
		return nil, args.Errorf("%s expected %d bytes got 1", what, size)
	}
	if err != nil {
		return nil, args.Errorf("%s", inside(what, err))
	}
	return data, nil
}

// inside puts what is being read before the path in an error.
func inside(what string, err error) string {
	if text := err.Error(); strings.HasPrefix(text, ".") || strings.HasPrefix(text, "[") {
		return what + text
	}
	return what + ": " + err.Error()
}

// parseWord reads a word of a command line, where strings may lack their quotes.
func parseWord(typ *btfval.Type, data []byte, word string) error {
	err := typ.Parse(data, []byte(word))
	if err == nil || strings.ContainsRune(`{["`, rune(word[0])) {
		return err
	}
	again := typ.Parse(data, []byte(strconv.Quote(word)))
	if again != nil && strings.ContainsRune("-0123456789", rune(word[0])) {
		return err // of a number
	}
	return again
}

// parseCPUs reads the values of all CPUs: a list, as it is or as dumps have it, or one
// value for all.
func (t *table) parseCPUs(all []byte, text string) error {
	var list []json.RawMessage
	if json.Unmarshal([]byte(text), &list) != nil {
		return t.parseOne(all, text)
	}
	err := t.parseList(all, list)
	if numbered, ok := unnumbered(list); err != nil && ok {
		err = t.parseList(all, numbered)
	}
	if err != nil && t.parseOne(all, text) == nil {
		return nil // an array, for all of them
	}
	return err
}

// parseOne reads one value for all CPUs.
func (t *table) parseOne(all []byte, text string) error {
	one := all[:t.Info.ValueSize]
	if err := parseWord(t.Value, one, text); err != nil {
		return err
	}
	copy(all, t.EveryCPU(one))
	return nil
}

// parseList reads a value for each CPU. Those of further ones are zero.
func (t *table) parseList(all []byte, list []json.RawMessage) error {
	if len(list) > t.CPUs {
		return fmt.Errorf("%d values, but there are %d CPUs", len(list), t.CPUs)
	}
	clear(all)
	for cpu, value := range list {
		if err := t.Value.Parse(all[cpu*t.Stride():][:t.Info.ValueSize], value); err != nil {
			return fmt.Errorf("%s", inside(fmt.Sprintf("[%d]", cpu), err))
		}
	}
	return nil
}

// unnumbered takes the values out of objects with "cpu" and "value", as dumps have them,
// in the order of CPUs. It reports whether all are such.
func unnumbered(list []json.RawMessage) ([]json.RawMessage, bool) {
	var values []json.RawMessage
	for i, raw := range list {
		var numbered struct {
			CPU   *int            `json:"cpu"`
			Value json.RawMessage `json:"value"`
		}
		if json.Unmarshal(raw, &numbered) != nil || numbered.CPU == nil || *numbered.CPU != i || numbered.Value == nil {
			return nil, false
		}
		values = append(values, numbered.Value)
	}
	return values, true
}
