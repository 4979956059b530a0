// Package call describes the commands of gobpftool and one invocation of them.
package call

import (
	"context"
	"errors"
	"io"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// An Object is the first word of a command line, such as "prog". Help, man
// pages and completion are made from it.
type Object struct {
	Name  string
	Short string // one line, no final period
	Long  string // paragraphs for the man page

	// Args and Run are of an object without verbs, such as "version".
	Args string
	Run  Func

	// Verbs is searched in order for the first name that the second word of the
	// command line is a prefix of, so the order is part of the interface. With
	// no second word, the first verb runs.
	Verbs []Verb

	Terms   []Term // what the words in capitals in the verbs' arguments stand for
	Options string // the short options with a meaning for it, besides the common ones
}

// A Verb is the second word of a command line, such as "show".
//
// Its arguments are written as in the man pages: words in capitals stand for
// what the user fills in, [x] may be left out, { x | y } is a choice, and ...
// repeats what is before it.
type Verb struct {
	Name  string
	Like  string // another verb of the object of which this is a second name
	Args  string // what may follow
	Short string // one line for the help text, no final period
	Long  string // paragraphs for the man page; those that start with a tabulator are examples

	// Flags says that what follows is not looked at for the tool's options: the verb has flags of its own.
	Flags bool

	// Run carries the verb out. It is nil if Like is set, for the verb "help",
	// which the command line answers from the table, and for a verb that is not
	// built yet: it keeps its place so that abbreviations keep their meaning.
	Run Func
}

// A Func carries out a command.
type Func func(context.Context, *Call) error

// A Term explains a word in capitals in the arguments of a verb.
type Term struct {
	Name   string
	Syntax string // in the notation of [Verb]
}

// Help is the name of the verb that every object has.
const Help = "help"

// ErrHelp is returned by a verb whose arguments ended too soon, and makes the
// command line print the help of the object.
var ErrHelp = errors.New("the arguments ended too soon")

// ErrNo is returned by a command whose answer, already printed, is no: a check
// that failed, things compared that differ.
var ErrNo = errors.New("the answer is no")

// ErrUnknown is returned by a command whose answer, already printed, is that it cannot be
// known, or not by whoever asks.
var ErrUnknown = errors.New("the answer is not known")

// Answered returns what a command returns that has printed an answer: its exit status tells
// the answer, too.
func Answered(a verdict.Answer) error {
	switch a {
	case verdict.Yes:
		return nil
	case verdict.No:
		return ErrNo
	}
	return ErrUnknown
}

// A Call is one command line being answered.
type Call struct {
	Args *args.Args      // what follows the verb
	In   io.Reader       // standard input
	Out  *render.Printer // where the answer goes
	Talk *render.Talk    // what is said besides
	Options
}

// Options are the global options that commands look at.
type Options struct {
	Program string // the name that the tool was started under
	Pinned  bool   // -f, --bpffs: show where objects are pinned
	NoMount bool   // -n, --nomount: never mount a file system
	Debug   bool   // -d, --debug: say what is going on
	Loader  bool   // -L, --use-loader: load by means of a loader program

	BaseBTF *btf.Spec // -B, --base-btf: base of split BTF, or nil
}
