package cmd

import (
	"cmp"
	"strings"

	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/grammar"
)

// A candidate is a word that may stand where the user asks for completion.
type candidate struct {
	word  string
	about string // what it is, or empty
}

// complete returns the candidates for the last of the given words, all of which
// follow the name of the tool. Options may stand among them.
func complete(objects []call.Object, words []string) []candidate {
	typed, last := []string(nil), ""
	if n := len(words) - 1; n >= 0 {
		typed, last = words[:n:n], words[n]
	}
	_, plain, err := permute(objects, typed)
	if err != nil {
		if _, _, err := permute(objects, append(typed, "x")); err == nil {
			return []candidate{{word: wantFiles}} // the argument of an option
		}
		return nil
	}
	var list []candidate
	switch o := typedObject(objects, plain); {
	case strings.HasPrefix(last, "-") && optionsGoOn(objects, typed):
		list = optionWords(o, last)
	case len(plain) == 0:
		list = objectWords(objects)
	case o == nil:
	case o.Verbs == nil:
		list = after(o.Args, o.Terms, plain[1:])
	case len(plain) == 1:
		list = verbWords(o)
	default:
		if v := findVerb(o, plain[1]); v != nil && works(o, v) {
			list = after(resolve(o, v).Args, o.Terms, plain[2:])
		}
	}
	return starting(list, last)
}

// starting returns those of list that start with a prefix, and what is no word.
func starting(list []candidate, prefix string) []candidate {
	var some []candidate
	for _, c := range list {
		if strings.HasPrefix(c.word, prefix) || isWant(c.word) {
			some = append(some, c)
		}
	}
	return some
}

func typedObject(objects []call.Object, plain []string) *call.Object {
	if len(plain) == 0 {
		return nil
	}
	return findObject(objects, plain[0])
}

// optionsGoOn reports whether there may be an option after the typed words.
func optionsGoOn(objects []call.Object, typed []string) bool {
	opts, _, _ := permute(objects, typed)
	more, _, _ := permute(objects, append(typed, "-j"))
	return len(more) > len(opts)
}

// objectWords are the objects of which something works.
func objectWords(objects []call.Object) []candidate {
	var list []candidate
	for i := range objects {
		if o := &objects[i]; o.Name == call.Help || o.Run != nil || isBuilt(o) {
			list = append(list, candidate{o.Name, o.Short})
		}
	}
	return list
}

// verbWords are the verbs of o that work.
func verbWords(o *call.Object) []candidate {
	var list []candidate
	for i := range o.Verbs {
		if v := &o.Verbs[i]; works(o, v) {
			about := resolve(o, v).Short
			if v.Name == call.Help {
				about = "Show how " + o.Name + " is used"
			}
			list = append(list, candidate{v.Name, about})
		}
	}
	return list
}

// optionWords are the options that mean something to o, in their long forms if
// they have one, or all of them if o is nil. Instead of an option whose
// argument has begun in the same word, files are wanted.
func optionWords(o *call.Object, word string) []candidate {
	if name, _, ok := strings.Cut(word, "="); ok && strings.HasPrefix(name, "--") {
		if known := byLong(name[2:]); known != nil && known.arg != "" {
			return []candidate{{word: wantFiles}}
		}
		return nil
	}
	var list []candidate
	for i := range options {
		if p := &options[i]; meansSomething(o, p) {
			list = append(list, candidate{cmp.Or(p.longForm(), p.shortForm()), p.help})
		}
	}
	return list
}

// meansSomething reports whether an option changes what o does, or anything if
// o is nil.
func meansSomething(o *call.Object, p *option) bool {
	return o == nil || strings.IndexByte(commonOptions+o.Options, p.short) >= 0
}

// after returns what may follow words in arguments with the given syntax. In
// place of a variable it is what exists now.
func after(syntax string, terms []call.Term, words []string) []candidate {
	g, err := grammar.Parse(syntax, grammarTerms(terms))
	if err != nil {
		return nil
	}
	var list []candidate
	for _, n := range g.Next(words) {
		if n.Variable {
			list = append(list, values(n.Word)...)
		} else {
			list = append(list, candidate{word: n.Word})
		}
	}
	return list
}

func grammarTerms(terms []call.Term) []grammar.Term {
	list := make([]grammar.Term, len(terms))
	for i, t := range terms {
		list[i] = grammar.Term(t)
	}
	return list
}
