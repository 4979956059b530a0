package cmd

import (
	"bufio"
	"context"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/docs"
)

// completion is the object that has shells complete words.
func completion(r *runner) call.Object {
	script := func(shell, long string) call.Verb {
		return call.Verb{Name: shell, Short: "Print the script for " + shell, Long: long, Run: func(_ context.Context, c *call.Call) error {
			return r.script(c, shell)
		}}
	}
	return call.Object{
		Name:  "completion",
		Short: "scripts that let a shell complete words",
		Long:  completionLong,
		Verbs: []call.Verb{
			script("bash", bashLong),
			script("zsh", zshLong),
			script("fish", fishLong),
			{Name: call.Help},
			{Name: "words", Args: "[WORD]...", Short: "Print what the last word may become", Long: wordsLong, Run: r.words},
		},
	}
}

const completionLong = `The scripts complete objects, commands, options, keywords, paths, ` +
	`and the IDs, names and tags of what is in the kernel. ` +
	`The latter can only be listed with the rights to do so: without them, there are none. ` +
	`The scripts serve both names of the tool, gobpftool and bpftool.`

// How the script for each shell is used.
const (
	bashLong = `Prints the script for bash. For one session:

	source <(gobpftool completion bash)

For all: put it into the file /usr/share/bash-completion/completions/gobpftool, and a link named bpftool beside it.`
	zshLong = `Prints the script for zsh. For one session, after compinit:

	source <(gobpftool completion zsh)

For all: put it into a file named _gobpftool in a directory of $fpath.`
	fishLong = `Prints the script for fish. For one session:

	gobpftool completion fish | source

For all: put it into the file /usr/share/fish/vendor_completions.d/gobpftool.fish, and a link named bpftool.fish beside it.`
)

const wordsLong = `Prints the words that the last one may become, for the scripts. ` +
	`The words are those of a command line after the name of the tool; the last one may be empty. ` +
	`Words that start with a dash are options of the command itself unless they follow "--", ` +
	`so that the scripts run:

	gobpftool -- completion words WORD...

Each line is a candidate, followed by a tabulator and a description if there is one. ` +
	`The lines ":files" and ":directories" say that paths may stand there as well.`

// script answers "completion SHELL".
func (r *runner) script(c *call.Call, shell string) error {
	if err := c.Args.Done(); err != nil {
		return err
	}
	text, err := docs.Script(describeTool(r.objects), shell)
	if err != nil {
		return err
	}
	return document(c, text)
}

// words answers "completion words".
func (r *runner) words(_ context.Context, c *call.Call) error {
	var words []string
	for c.Args.Len() > 0 {
		w, err := c.Args.Next(1)
		if err != nil {
			return err
		}
		words = append(words, w)
	}
	text := ""
	for _, w := range complete(r.objects, words) {
		text += w.word
		if w.about != "" {
			text += "\t" + w.about
		}
		text += "\n"
	}
	return document(c, text)
}

// document answers with text, which has no JSON form.
func document(c *call.Call, text string) error {
	if c.Out.IsJSON() {
		return args.Errorf("completion has no JSON form")
	}
	return c.Out.One(plainText(text))
}

// plainText is an answer that is a text.
type plainText string

// Plain implements [render.Fact].
func (t plainText) Plain(w *bufio.Writer) { fmt.Fprint(w, string(t)) }
