package btfval

import (
	"iter"
	"strings"
)

// How far a search for a name that was meant goes at the most.
const (
	maxNear       = 64      // bytes of a name
	maxCandidates = 1 << 14 // names
)

// hint returns the end of an error about a name that is not known: which one of
// those known may have been meant. All may be in quotes.
func hint(name string, known iter.Seq[string]) string {
	want := strings.ToLower(unquoted(name))
	best, least, n := "", 2+len(want)/4, 0
	if len(want) > maxNear {
		return ""
	}
	for candidate := range known {
		candidate = unquoted(candidate)
		if n++; n > maxCandidates {
			break
		}
		if candidate == "" || len(candidate) > maxNear {
			continue
		}
		if d := distance(want, strings.ToLower(candidate)); d < least {
			best, least = candidate, d
		}
	}
	if best == "" {
		return ""
	}
	return ": did you mean '" + shown(best) + "'?"
}

// distance is how many bytes must be put in, left out, replaced, or exchanged
// with the next one to make b of a.
func distance(a, b string) int {
	var before, last, row [maxNear + 4]int // rows of the table: for two bytes less of a, one, and none
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
