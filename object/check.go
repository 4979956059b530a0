package object

import (
	"bufio"
	"context"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/kernels"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// A checkWords is what the words of "object check" ask for.
type checkWords struct {
	objects []string // paths
	kernels []string // paths of files, directories and archives
	page    bool     // as HTML
}

// check answers "object check": its status tells whether all that is required is there.
func check(ctx context.Context, c *call.Call) error {
	w, err := readCheckWords(c.Args)
	if err != nil {
		return err
	}
	var page *bufio.Writer
	if w.page {
		if page, err = c.Out.Text("object check format html"); err != nil {
			return err
		}
	}
	m := newMatrix(w.objects)
	if err := m.fill(ctx, kernels.Find(w.kernels), c.Talk); err != nil {
		return err
	}
	if page != nil {
		m.writePage(page)
	} else if err := c.Out.One(m); err != nil {
		return err
	}
	return m.status()
}

// readCheckWords reads objects, the word btf, kernels, and maybe a format.
func readCheckWords(a *args.Args) (w checkWords, err error) {
	if w.objects, err = upTo(a, "btf"); err != nil {
		return w, err
	}
	if a.Len() == 0 {
		return w, args.Errorf("after the objects comes 'btf' with the kernels that they are for")
	}
	a.Is("btf")
	if w.kernels, err = upTo(a, "format"); err != nil || !a.Is("format") {
		return w, err
	}
	switch {
	case a.Len() == 0:
		_, err := a.Next(1)
		return w, err
	case a.Is("text"):
	case a.Is("html"):
		w.page = true
	}
	return w, a.Done()
}

// upTo reads words up to one that abbreviates a keyword: at least one, whatever that is.
func upTo(a *args.Args, keyword string) ([]string, error) {
	first, err := a.Next(1)
	if err != nil {
		return nil, err
	}
	words := []string{first}
	for a.Len() > 0 && !abbreviates(a.Peek(), keyword) {
		word, _ := a.Next(1)
		words = append(words, word)
	}
	return words, nil
}

// status is what the exit status tells of a matrix: whether every object fits every kernel.
func (m *Matrix) status() error {
	var answers []verdict.Answer
	for _, r := range m.Kernels {
		for _, c := range r.Cells {
			answers = append(answers, c.Answer)
		}
	}
	return call.Answered(verdict.All(answers...))
}

func abbreviates(word, keyword string) bool { return word != "" && strings.HasPrefix(keyword, word) }
