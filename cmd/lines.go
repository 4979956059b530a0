package cmd

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/names"
)

// Limits of a command in a batch.
const (
	maxLine  = 65535 // bytes, continuation lines included
	maxWords = 4095
)

// lines reads the commands of a batch: one a line, unless the line ends in a
// backslash, which joins it to the next as if there were no end between them.
// What follows a # is a comment.
type lines struct {
	scan *bufio.Scanner
}

func newLines(r io.Reader) *lines {
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, maxLine+2) // one byte for the end of the line, one to tell that it is too long
	scan.Split(splitLines)
	return &lines{scan}
}

// splitLines is a [bufio.SplitFunc] that leaves the ends of lines in place: the
// last line may have none, and then a backslash there is a word like others.
func splitLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i+1], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// next returns the words of the next command, or [io.EOF]. n is the number of
// commands before it, for messages.
func (l *lines) next(n int) ([]string, error) {
	for {
		line, err := l.join(n)
		if err != nil {
			return nil, err
		}
		words, err := splitWords(line, n)
		if err != nil || len(words) > 0 {
			return words, err
		}
	}
}

// join returns the next line with those that continue it.
func (l *lines) join(n int) (string, error) {
	var whole string
	for begun := false; ; begun = true {
		if !l.scan.Scan() {
			return "", l.end(begun, n)
		}
		line, _, _ := strings.Cut(l.scan.Text(), "#")
		line, more := strings.CutSuffix(line, "\\\n")
		whole += strings.TrimSuffix(line, "\n")
		if len(whole) > maxLine {
			return "", tooLong(n)
		}
		if !more {
			return whole, nil
		}
	}
}

// end tells why there is no further line, which may continue one that has begun.
func (l *lines) end(begun bool, n int) error {
	err := l.scan.Err()
	switch {
	case errors.Is(err, bufio.ErrTooLong):
		return tooLong(n)
	case err != nil:
		return fmt.Errorf("reading batch file failed: %s", names.Reason(err))
	case begun:
		return args.Errorf("missing continuation line on command %d", n)
	}
	return io.EOF
}

func tooLong(n int) error { return args.Errorf("command %d is too long", n) }

// splitWords splits a command at white space. A word that starts with a quote
// extends to the next one.
func splitWords(line string, n int) ([]string, error) {
	const space = " \t\r\n"
	var words []string
	for {
		line = strings.TrimLeft(line, space)
		if line == "" {
			return words, nil
		}
		if len(words) == maxWords {
			return nil, args.Errorf("too many arguments to command %d", n)
		}
		var word string
		if quote := line[0]; quote == '\'' || quote == '"' {
			end := strings.IndexByte(line[1:], quote)
			if end < 0 {
				return nil, args.Errorf("unterminated quoted string in command %d", n)
			}
			word, line = line[1:1+end], line[end+2:]
		} else {
			end := strings.IndexAny(line, space)
			if end < 0 {
				end = len(line)
			}
			word, line = line[:end], line[end:]
		}
		words = append(words, word)
	}
}
