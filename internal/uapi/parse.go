package uapi

import (
	"slices"
	"strings"
)

// A parser finds definitions among the tokens of a header.
type parser struct {
	*header
	tokens []token
	at     int
}

// peek returns the text of a token from here on, or "" behind the end.
func (p *parser) peek(n int) string {
	if p.at+n >= len(p.tokens) {
		return ""
	}
	return p.tokens[p.at+n].text
}

// parse reads all declarations.
func (p *parser) parse() {
	for p.at < len(p.tokens) {
		from := p.at
		p.declaration()
		if p.tokens[from].text == "__extension__" {
			from++
		}
		if from < p.at && p.tokens[from].text == "typedef" {
			p.typedef(p.tokens[from+1 : p.at])
		}
	}
}

// declaration skips a declaration with its semicolon, or the body of a function,
// and notes what is defined within.
func (p *parser) declaration() {
	var open []bool // braces: whether each is that of an enumeration
	for p.at < len(p.tokens) {
		t := p.tokens[p.at]
		p.at++
		switch t.text {
		case "struct", "union", "enum":
			p.tag(t)
		case "__struct_group":
			if p.peek(0) == "(" && p.peek(2) == "," {
				note(p.tags, p.tokens[p.at+1])
			}
		case "{":
			open = append(open, p.isEnum())
			if open[len(open)-1] {
				p.enumerator()
			}
		case ",":
			if len(open) > 0 && open[len(open)-1] {
				p.enumerator()
			}
		case "(":
			if len(open) > 0 && open[len(open)-1] {
				p.skipParentheses()
			}
		case "}":
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
			if len(open) == 0 && p.endsBody() {
				return
			}
		case ";":
			if len(open) == 0 {
				return
			}
		}
	}
}

// note keeps a name. One definition that is sure is enough.
func note(names map[string]bool, t token) {
	if t.isName() {
		names[t.text] = names[t.text] || t.sure
	}
}

// maxAhead is how many tokens stand between a keyword and the body at most.
const maxAhead = 16

// tag notes the name behind a keyword if a body follows it.
func (p *parser) tag(keyword token) {
	var name token
	for at := p.at; at < min(p.at+maxAhead, len(p.tokens)); at++ {
		switch t := p.tokens[at]; {
		case t.text == "__attribute__", t.text == "(", t.text == ")":
		case t.text == "{":
			if name.text != "" {
				name.sure = name.sure && keyword.sure
				note(p.tags, name)
			}
			return
		case t.isName() && !strings.HasPrefix(p.tokens[at-1].text, "("):
			name = t
		case !t.isName():
			return
		}
	}
}

// parenthesis returns where the parenthesis that opens at some place is closed.
func (p *parser) parenthesis(at int) int {
	for depth := 0; at < len(p.tokens); at++ {
		switch p.tokens[at].text {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth <= 0 {
			break
		}
	}
	return at
}

func (p *parser) skipParentheses() { p.at = min(p.parenthesis(p.at-1)+1, len(p.tokens)) }

// isEnum reports whether the brace before this place opens an enumeration.
func (p *parser) isEnum() bool {
	for at := p.at - 2; at >= 0 && at >= p.at-3; at-- {
		if p.tokens[at].text == "enum" {
			return true
		}
	}
	return false
}

func (p *parser) enumerator() {
	if p.at < len(p.tokens) {
		note(p.enumerators, p.tokens[p.at])
	}
}

// starts are the words that declarations of headers start with.
var starts = []string{"__extension__", "enum", "extern", "inline", "static", "struct", "typedef", "union", ""}

// endsBody reports whether the brace before this place closed the body of a
// function: what follows starts a declaration and is no name of a variable.
func (p *parser) endsBody() bool {
	return slices.Contains(starts, p.peek(0))
}

// typedef notes the names that a declaration behind the word "typedef" gives.
func (p *parser) typedef(tokens []token) {
	outer := outside(tokens)
	from := 0
	for i, t := range outer {
		if t.text != "," && t.text != ";" {
			continue
		}
		if d := outer[from:i]; named(d) >= 0 {
			p.addTypedef(d[named(d)], words(d, named(d)))
		}
		from = i + 1
	}
}

// addTypedef keeps a typedef. One that is defined as two types is none of them.
func (p *parser) addTypedef(name token, words string) {
	known, again := p.typedefs[name.text]
	if again && known.words != words {
		words = ""
	}
	p.typedefs[name.text] = typedef{words, known.sure || name.sure}
}

// outside returns the tokens that are not in braces or brackets, nor attributes.
func outside(tokens []token) []token {
	var list []token
	p := parser{tokens: tokens}
	depth := 0
	for at := 0; at < len(tokens); at++ {
		switch t := tokens[at]; t.text {
		case "{", "[":
			if depth++; depth == 1 {
				list = append(list, t)
			}
		case "}", "]":
			depth--
		case "__attribute__":
			at = p.parenthesis(at + 1)
		case "__bitwise":
		default:
			if depth <= 0 {
				list = append(list, t)
			}
		}
	}
	return list
}

// named returns where the name stands that a declarator gives, or -1: behind the
// star of (*name), or else before the first parenthesis or array.
func named(tokens []token) int {
	at := -1
	for i, t := range tokens {
		switch {
		case t.text == "(" && i+2 < len(tokens) && tokens[i+1].text == "*" && tokens[i+2].isName():
			return i + 2
		case t.text == "(" && at >= 0, t.text == "[":
			return at
		case t.isName():
			at = i
		}
	}
	return at
}

// words returns the type of a declarator if there is nothing but its words and
// then its name.
func words(tokens []token, name int) string {
	if name != len(tokens)-1 {
		return ""
	}
	var list []string
	for _, t := range tokens[:name] {
		if !t.isName() {
			return ""
		}
		list = append(list, t.text)
	}
	return strings.Join(list, " ")
}
