package uapi

// What a header needs complete must be in what it includes: some headers want
// programs to include another one before them, or some of the C library.

// isKeyword reports whether a word needs no definition.
func isKeyword(word string) bool {
	switch word {
	case "struct", "union", "enum", "typedef", "static", "extern", "inline", "__inline__", "const",
		"volatile", "unsigned", "signed", "__signed__", "void", "char", "short", "int", "long", "float",
		"double", "_Bool", "__int128", "sizeof", "__extension__", "__attribute__", "__asm__",
		"__volatile__", "offsetof", "__builtin_offsetof", "packed", "aligned", "size_t", "ptrdiff_t":
		return true
	}
	return false
}

// needed finds the names that a header cannot do without.
func (p *parser) needed() {
	var open []byte // braces: 'e' of an enumeration, 's' of a struct, 'f' of a function
	brackets, value, start := 0, false, true
	for p.at = 0; p.at < len(p.tokens); {
		t := p.tokens[p.at]
		p.at++
		inside := byte(0)
		if len(open) > 0 {
			inside = open[len(open)-1]
		}
		first := start
		start = false
		switch t.text {
		case "struct", "union", "enum":
			p.needTag(t.text)
		case "typedef":
			start = true
		case "{":
			open = append(open, p.body())
			start = true
		case "}":
			open = open[:max(len(open)-1, 0)]
			value, start = false, len(open) == 0
		case ";":
			start = true
		case "[":
			brackets++
		case "]":
			brackets = max(brackets-1, 0)
		case "=":
			value = inside == 'e'
		case ",":
			value = value && inside != 'e'
		default:
			isType := first && inside != 'e'
			if inside != 'f' && (isType || brackets > 0 || value) {
				p.need(t)
			}
		}
	}
}

// body tells what the brace before this place opens.
func (p *parser) body() byte {
	switch {
	case p.isEnum():
		return 'e'
	case p.at >= 2 && p.tokens[p.at-2].text == ")" && !p.isAttribute():
		return 'f'
	}
	return 's'
}

// isAttribute reports whether the parenthesis before the brace before this place
// ends an attribute.
func (p *parser) isAttribute() bool { return p.at >= 3 && p.tokens[p.at-3].text == ")" }

// need notes a name.
func (p *parser) need(t token) {
	if t.sure && t.isName() && !isKeyword(t.text) {
		p.names = append(p.names, t.text)
	}
}

// needTag notes the tag behind a keyword, and skips it, if a value of the type
// follows and no pointer.
func (p *parser) needTag(keyword string) {
	if p.at+1 >= len(p.tokens) || !p.tokens[p.at].isName() {
		return
	}
	tag, next := p.tokens[p.at], p.tokens[p.at+1]
	if next.text == "{" || isKeyword(tag.text) {
		return
	}
	p.at++
	if keyword == "enum" || next.isName() && !isKeyword(next.text) {
		p.values = append(p.values, tag.text)
	}
}

// Limits of how much headers include each other. Those of Linux 7.3 take some
// millions of steps.
const (
	maxClosure = 256     // headers that one includes, by others too
	maxSteps   = 1 << 27 // names that are looked up
)

// A checker tells which headers can be included alone.
type checker struct {
	files map[string]*header
	steps int // that are left
}

// closure returns a header and what it includes, or nil if that is too much, is in
// no directory, or is <asm/ptrace.h>.
func (c *checker) closure(name string) []*header {
	seen := map[string]bool{name: true}
	todo := []string{name}
	var list []*header
	for len(todo) > 0 {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		f := c.files[name]
		if f == nil || name == registers || len(list) == maxClosure {
			return nil
		}
		list = append(list, f)
		for _, included := range f.includes {
			if !seen[included] {
				seen[included] = true
				todo = append(todo, included)
			}
		}
	}
	return list
}

// isIndependent reports whether a header can be included alone: whether what it
// includes is there, needs no C library, and has the names that are needed.
//
// What needs <asm/ptrace.h> is not independent, because programs decide whether
// to have that header.
func (c *checker) isIndependent(name string) bool {
	list := c.closure(name)
	for _, f := range list {
		if !c.all(f.names, list, (*header).defines) || !c.all(f.values, list, (*header).hasTag) {
			return false
		}
	}
	return list != nil
}

// all reports whether each name is in one of the headers.
func (c *checker) all(names []string, list []*header, has func(*header, string) bool) bool {
	for _, name := range names {
		found := false
		for i := 0; i < len(list) && !found; i++ {
			if c.steps == 0 {
				return false
			}
			c.steps--
			found = has(list[i], name)
		}
		if !found {
			return false
		}
	}
	return true
}

// defines reports whether a header has a name that is not a tag.
func (h *header) defines(name string) bool {
	if _, ok := h.typedefs[name]; ok {
		return true
	}
	_, isValue := h.enumerators[name]
	_, isMacro := h.macros[name]
	return isValue || isMacro
}

func (h *header) hasTag(tag string) bool {
	_, ok := h.tags[tag]
	return ok
}
