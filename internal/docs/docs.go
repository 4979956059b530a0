// Package docs writes man pages and scripts for completion from a description
// of the command line.
package docs

import "cmp"

// A Tool is the command line as a whole.
type Tool struct {
	Name    string
	Options []Option
	Objects []*Object
	Planned []string // objects that keep a place and do nothing yet
}

// An Object is the first word of a command line. It has either verbs, or none
// and maybe arguments.
type Object struct {
	Name, Args  string
	Short, Long string
	Words       []Word // what may follow, second names and "help" included
	Verbs       []Verb // without these
	Terms       []Term
	Options     []Option // those that mean something to it
	Planned     []string // verbs that keep a place and do nothing yet
}

// A Word is the second word of a command line.
type Word struct{ Name, About string }

// A Verb describes a command.
type Verb struct {
	Usage string // its names and arguments
	Short string // one line, no final period
	Long  string // paragraphs
}

// A Term is what a word in capitals stands for.
type Term struct{ Name, Syntax string }

// An Option is a global option.
type Option struct {
	Short, Long string // with dashes, or empty
	Arg         string // what its argument is called, or empty
	About       string // one line, no final period
}

// Form is the long form of o, or the short one if there is no other.
func (o Option) Form() string { return cmp.Or(o.Long, o.Short) }
