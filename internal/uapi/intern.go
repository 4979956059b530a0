package uapi

import (
	"slices"
	"strings"
)

// interned are the words of headers. Each is kept once, and no text of a header for
// the sake of a word in it.
type interned map[string]string

func (w interned) own(word string) string {
	if own, ok := w[word]; ok {
		return own
	}
	own := strings.Clone(word)
	w[own] = own
	return own
}

// list returns each word of a list once.
func (w interned) list(list []string) []string {
	slices.Sort(list)
	list = slices.Clone(slices.Compact(list))
	for i, word := range list {
		list[i] = w.own(word)
	}
	return list
}

// header replaces the words of h, and takes no more space than they need.
func (w interned) header(h *header) {
	h.tags, h.enumerators, h.macros = ownKeys(w, h.tags), ownKeys(w, h.enumerators), ownKeys(w, h.macros)
	h.typedefs = ownKeys(w, h.typedefs)
	for name, t := range h.typedefs {
		t.words = w.own(t.words)
		h.typedefs[name] = t
	}
	h.names, h.values = w.list(h.names), w.list(h.values)
	for i, name := range h.includes {
		h.includes[i] = w.own(name)
	}
	h.guard = w.own(h.guard)
}

func ownKeys[V any](w interned, names map[string]V) map[string]V {
	own := make(map[string]V, len(names))
	for name, v := range names {
		own[w.own(name)] = v
	}
	return own
}
