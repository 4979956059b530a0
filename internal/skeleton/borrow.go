package skeleton

import (
	"embed"
	"fmt"
	"go/scanner"
	"go/token"
	"strings"
)

// usdtPath is the path of the package whose code is copied into the skeletons that use it, as it stands: this tool
// uses it as well. Files of directory support import it.
const usdtPath = "github.com/gobpftool/gobpftool/internal/usdt"

// borrowedPrefix is what names of that package have in front of them in skeletons. They are not public, so that no type
// of the object has one of them.
const borrowedPrefix = "skelUSDT"

func borrowed(name string) string { return borrowedPrefix + strings.ToUpper(name[:1]) + name[1:] }

// unqualify gives what a file of support has of that package the names that it has in skeletons.
func unqualify(text string) string {
	parts := strings.Split(text, "usdt.")
	for i, part := range parts[1:] {
		if part != "" && token.IsExported(part) {
			parts[i] += borrowedPrefix
		} else {
			parts[i] += "usdt."
		}
	}
	return strings.Join(parts, "")
}

// borrow makes one file of support of the files of a package, with other names for all that is at package level.
func borrow(source embed.FS) (*supportFile, error) {
	all := &supportFile{}
	entries, err := source.ReadDir(".")
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		b, err := source.ReadFile(entry.Name())
		if err != nil {
			return nil, err
		}
		f, err := parseSupport(string(b))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", entry.Name(), err)
		}
		all.imports, all.text = append(all.imports, f.imports...), all.text+f.text
	}
	all.text = rename(all.text)
	return all, nil
}

// A word is a token of Go.
type word struct {
	at   int // bytes before it
	kind token.Token
	text string
}

// words takes text in Go apart.
func words(text string) (list []word) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, []byte(text), nil, scanner.ScanComments)
	list = make([]word, 0, len(text)/4)
	for {
		pos, kind, literal := s.Scan()
		if kind == token.EOF {
			return list
		}
		list = append(list, word{file.Offset(pos), kind, literal})
	}
}

// rename gives what is declared at package level the names that it has in skeletons. It takes for a field
// or method only what stands behind a dot, so no other one may have a name of these.
func rename(text string) string {
	list := words(text)
	names := declared(list)
	var b strings.Builder
	end := 0
	for i, w := range list {
		name, skip := w.text, 0 // bytes before it
		switch {
		case w.kind == token.COMMENT: // one of a declaration starts with its name
			name = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(name, "// "), "A "), "An ")
			skip = len(w.text) - len(name)
			name, _, _ = strings.Cut(name, " ")
		case w.kind != token.IDENT || list[max(i, 1)-1].kind == token.PERIOD:
			continue
		}
		if names[name] {
			b.WriteString(text[end:w.at+skip] + borrowed(name))
			end = w.at + skip + len(name)
		}
	}
	return b.String() + text[end:]
}

// declared returns the names that are declared at package level.
func declared(list []word) map[string]bool {
	names := make(map[string]bool)
	depth := 0
	var of, before token.Token // what is being declared; what stands before a word
	for _, w := range list {
		switch w.kind {
		case token.COMMENT:
			continue
		case token.LBRACE, token.LPAREN, token.LBRACK:
			depth++
		case token.RBRACE, token.RPAREN, token.RBRACK:
			depth--
		case token.TYPE, token.FUNC, token.CONST, token.VAR:
			if depth == 0 {
				of = w.kind
			}
		case token.IDENT:
			inList := of == token.CONST && depth == 1 && (before == token.LPAREN || before == token.SEMICOLON)
			if depth == 0 && before == of || inList {
				names[w.text] = true
			}
		}
		before = w.kind
	}
	return names
}
