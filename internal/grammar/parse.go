// Package grammar reads the notation in which the arguments of commands are
// written, and tells which words may come next on a command line.
//
//	word        a keyword; any prefix of it does, too
//	WORD        stands for another text in the notation, or for any one word
//	[x]         may be left out
//	{ x | y }   a choice; the braces may be left out around a whole text
//	x...        once or more often
package grammar

import (
	"fmt"
	"strings"
)

// A Grammar is a text in the notation, read.
type Grammar struct{ root *node }

// A Term is a text that a word in capitals stands for.
type Term struct{ Name, Syntax string }

// Parse reads text. Words in capitals among the terms stand for their texts.
//
// The error says in which column, counted from 1, the text is wrong. A term may
// not stand for itself, directly or by way of others.
func Parse(text string, terms []Term) (*Grammar, error) {
	root, err := parse(text, terms, nil)
	if err != nil {
		return nil, err
	}
	return &Grammar{root}, nil
}

type kind int

const (
	keyword  kind = iota
	variable      // any one word
	sequence      // all, one after the other
	choice        // one of them
	optional      // the only one may be left out
	repeated      // the only one, once or more often
	anyOrder      // each is optional or a repeated optional
)

// A node is a part of a grammar.
type node struct {
	kind kind
	text string  // of a keyword or variable
	of   []*node // parts, of the other kinds
}

// parse reads text, which is what the terms named in inside stand for.
func parse(text string, terms []Term, inside []string) (*node, error) {
	p := &parser{tokens: scan(text), end: len(text) + 1, terms: terms, inside: inside}
	if p.peek() == "" {
		return &node{kind: sequence}, nil
	}
	n, err := p.choice()
	if err == nil && p.peek() != "" {
		err = p.unexpected()
	}
	return n, err
}

type parser struct {
	tokens []token
	end    int // column of the end of the text
	terms  []Term
	inside []string
}

// choice reads what stands between braces, brackets, or the ends of the text.
func (p *parser) choice() (*node, error) {
	n := &node{kind: choice}
	for {
		s, err := p.sequence()
		if err != nil {
			return nil, err
		}
		n.of = append(n.of, s)
		if p.peek() != "|" {
			break
		}
		p.next()
	}
	if len(n.of) == 1 {
		return n.of[0], nil
	}
	return n, nil
}

func (p *parser) sequence() (*node, error) {
	var list []*node
	for !strings.Contains("|]}", p.peek()) { // nor at the end
		n, err := p.item()
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	if len(list) == 0 {
		return nil, p.unexpected()
	}
	if list = loosen(list); len(list) == 1 {
		return list[0], nil
	}
	return &node{kind: sequence, of: list}, nil
}

// item reads one part of a sequence, with the dots after it.
func (p *parser) item() (n *node, err error) {
	switch t := p.peek(); t {
	case "[":
		if n, err = p.enclosed("]"); err == nil {
			n = &node{kind: optional, of: []*node{n}}
		}
	case "{":
		n, err = p.enclosed("}")
	case "...":
		err = p.unexpected()
	default:
		n, err = p.word(t)
	}
	if err != nil {
		return nil, err
	}
	for p.peek() == "..." {
		p.next()
		n = &node{kind: repeated, of: []*node{n}}
	}
	return n, nil
}

func (p *parser) enclosed(closing string) (*node, error) {
	p.next()
	n, err := p.choice()
	if err != nil {
		return nil, err
	}
	if p.peek() != closing {
		return nil, p.unexpected()
	}
	p.next()
	return n, nil
}

// word reads a keyword, a variable or a term.
func (p *parser) word(text string) (*node, error) {
	column := p.column()
	p.next()
	if text[0] < 'A' || text[0] > 'Z' {
		return &node{kind: keyword, text: text}, nil
	}
	for _, t := range p.terms {
		if t.Name != text {
			continue
		}
		for _, name := range p.inside {
			if name == text {
				return nil, fmt.Errorf("column %d: %s stands for itself", column, text)
			}
		}
		inside := append(p.inside[:len(p.inside):len(p.inside)], text)
		n, err := parse(t.Syntax, p.terms, inside)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", text, err)
		}
		return n, nil
	}
	return &node{kind: variable, text: text}, nil
}

// peek returns the next token, or "" at the end.
func (p *parser) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0].text
}

func (p *parser) next() { p.tokens = p.tokens[1:] }

func (p *parser) column() int {
	if len(p.tokens) == 0 {
		return p.end
	}
	return p.tokens[0].column
}

func (p *parser) unexpected() error {
	what := "unexpected end"
	if t := p.peek(); t != "" {
		what = fmt.Sprintf("unexpected %q", t)
	}
	return fmt.Errorf("column %d: %s", p.column(), what)
}
