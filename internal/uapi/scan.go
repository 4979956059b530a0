package uapi

import (
	"fmt"
	"strings"
)

// A header is what one file defines.
type header struct {
	tags        map[string]bool // whether under all conditions
	typedefs    map[string]typedef
	enumerators map[string]bool // as for tags
	macros      map[string]bool // whether other uses of the name would be replaced
	names       []string        // what it needs, and perhaps has
	values      []string        // tags of which it needs the definitions
	includes    []string        // as written, with their quotes or angle brackets
	guard       string          // the macro that keeps it from being read twice, or ""
}

// A typedef is what a header says of a name.
type typedef struct {
	words string // of the type, if it is only words, such as "unsigned int"
	sure  bool
}

// Limits of what is read. The largest header of Linux 7.3 has some 400 KiB.
const (
	maxText     = 1 << 20 // bytes of a header
	maxBranches = 64      // conditions within each other
)

// A scanner reads one header.
type scanner struct {
	header
	lexer
	branches []branch
	tokens   []token
	depth    int // of braces
	lines    int // of the preprocessor that have been read
}

// scan reads a header.
//
// The error is that of a header that is too long or nests too deep. Anything
// else is read as well as it can be: no error says that a text is not C.
func scan(text string) (*header, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("%d bytes, at most %d are read", len(text), maxText)
	}
	s := scanner{lexer: lexer{text: text, bol: true}}
	s.tags, s.enumerators, s.macros = map[string]bool{}, map[string]bool{}, map[string]bool{}
	s.typedefs = map[string]typedef{}
	for word := s.next(); word != ""; word = s.next() {
		if word[0] == '#' && len(word) > 1 {
			if s.directive(word[1:]); len(s.branches) > maxBranches {
				return nil, fmt.Errorf("offset %d: more than %d conditions within each other", s.at, maxBranches)
			}
			continue
		}
		s.token(word)
	}
	p := parser{tokens: s.tokens, header: &s.header}
	p.parse()
	p.needed()
	h := s.header // by itself, without the text and the tokens
	return &h, nil
}

// isCompilers reports whether a header comes with the compiler and needs no C library. Of the
// types that these define the kernel's differ in wchar_t.
func isCompilers(header string) bool {
	return header == "<stddef.h>" || header == "<stdarg.h>" || header == "<stdbool.h>"
}

// token keeps a token that counts.
func (s *scanner) token(word string) {
	counts := s.counts()
	if counts == no {
		return
	}
	switch word {
	case "{":
		s.depth++
	case "}":
		s.depth--
	}
	s.tokens = append(s.tokens, token{word, counts == yes})
}

// directive reads a line of the preprocessor without its '#'.
func (s *scanner) directive(line string) {
	line = strings.TrimSpace(line)
	n := 0
	for n < len(line) && isNameByte(line[n]) {
		n++
	}
	word, rest := line[:n], strings.TrimSpace(line[n:])
	s.lines++
	switch word {
	case "ifdef":
		s.enter(branch{now: whether(rest)})
	case "ifndef":
		s.enterUnless(rest)
	case "if":
		s.enter(branch{now: holds(rest)})
	case "elif":
		s.orElse(holds(rest))
	case "else":
		s.orElse(yes)
	case "endif":
		s.leave()
	case "define":
		s.define(rest)
	case "include":
		if s.counts() != no && !isCompilers(rest) {
			s.includes = append(s.includes, rest)
		}
	}
}

// enterUnless begins an #ifndef. The first line of a header, if the second one
// defines the same macro, is what keeps the header from being read twice.
func (s *scanner) enterUnless(macro string) {
	b := branch{now: whether(macro).not()}
	if s.lines == 1 {
		b.guard = macro
	}
	s.enter(b)
}

func (s *scanner) define(rest string) {
	n := 0
	for n < len(rest) && isNameByte(rest[n]) {
		n++
	}
	name := rest[:n]
	if s.lines == 2 && len(s.branches) == 1 && s.branches[0].guard == name {
		s.guard, s.branches[0].now = name, yes
		return
	}
	if name == "" || s.counts() == no {
		return
	}
	isFunction := n < len(rest) && rest[n] == '('
	s.macros[name] = s.macros[name] || !isFunction && strings.TrimSpace(rest[n:]) != name
}
