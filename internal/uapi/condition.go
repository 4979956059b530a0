package uapi

import "strings"

// An answer is whether a condition of the preprocessor holds.
type answer uint8

const (
	no answer = iota
	maybe
	yes
)

func (a answer) not() answer { return yes - a }

// isUndefined reports whether BPF programs do without a macro: those of other languages,
// of the kernel itself, of other systems and of machines of 32 bits.
func isUndefined(macro string) bool {
	switch macro {
	case "__KERNEL__", "__cplusplus", "__ASSEMBLY__", "__ASSEMBLER__",
		"DJGPP", "__CYGWIN32__", "__NetBSD__", "__FreeBSD__", "__i386__", "__ILP32__":
		return true
	}
	return false
}

// whether returns whether a macro is defined.
func whether(macro string) answer {
	if isUndefined(macro) {
		return no
	}
	return maybe
}

// holds returns whether the expression of an #if holds, as far as that is worth
// knowing.
func holds(expression string) answer {
	e := strings.Join(strings.Fields(expression), "")
	for _, part := range strings.Split(e, "||") {
		if a := all(strings.Split(part, "&&")); a != no {
			return a
		}
	}
	return no
}

// all returns whether all terms hold.
func all(terms []string) answer {
	a := yes
	for _, t := range terms {
		a = min(a, term(t))
	}
	return a
}

// term returns whether a term of an expression without white space holds.
//
// The macros __UAPI_DEF_* are 1 unless the C library has defined the same types.
// Either way there are such types.
//
// Source: include/uapi/linux/libc-compat.h.
func term(t string) answer {
	if rest, ok := strings.CutPrefix(t, "!"); ok {
		return term(rest).not()
	}
	rest, ok := strings.CutPrefix(t, "defined")
	macro := strings.TrimSuffix(strings.TrimPrefix(rest, "("), ")")
	switch {
	case !isName(macro):
		return maybe
	case ok:
		return whether(macro)
	case t == "0", isUndefined(t):
		return no
	case t == "1", strings.HasPrefix(t, "__UAPI_DEF_"):
		return yes
	}
	return maybe
}

// isName reports whether s is a name or a number.
func isName(s string) bool {
	for i := range len(s) {
		if !isNameByte(s[i]) {
			return false
		}
	}
	return s != ""
}

// A branch is one #if with all that belongs to it.
type branch struct {
	now   answer // whether what follows counts
	taken answer // whether a part before it has counted
	guard string // the macro of a guard that is still to be seen as such
	depth int    // braces that are open at its start
}

// enter begins an #if.
func (s *scanner) enter(b branch) {
	b.depth = s.depth
	s.branches = append(s.branches, b)
}

// orElse begins another part of an #if. There is no telling parts apart that open
// a brace each, of which one is closed: the first of them stands for all.
func (s *scanner) orElse(condition answer) {
	if len(s.branches) == 0 {
		return
	}
	b := &s.branches[len(s.branches)-1]
	b.taken = max(b.taken, b.now)
	switch {
	case b.taken == yes, s.depth != b.depth:
		b.now, b.taken = no, yes
	case b.taken == maybe:
		b.now = min(condition, maybe)
	default:
		b.now = condition
	}
}

func (s *scanner) leave() {
	if n := len(s.branches); n > 0 {
		s.branches = s.branches[:n-1]
	}
}

// counts returns whether what is at this place of the header counts.
func (s *scanner) counts() answer {
	a := yes
	for _, b := range s.branches {
		a = min(a, b.now)
	}
	return a
}
