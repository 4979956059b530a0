package gen

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"go/build/constraint"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
)

// goWords is what the words of "gen go" ask for. Flags and variables of the environment are those of bpf2go of
// cilium/ebpf v0.22.
type goWords struct {
	ident  string
	source string // path of the file in C, or of an object

	compiler  []string // with the words before the flags
	flags     []string // of the compiler
	strip     string   // what takes DWARF out of objects, or ""
	targets   []target
	makeBase  string // absolute path of the directory of the Makefile, or ""
	types     []string
	noGlobals bool // no types of keys, values and variables
	tags      tags
	stem      string // of the files' names, or ""
	suffix    string
	dir       string // where the files go
	pkg       string
	verbose   bool

	set *flag.FlagSet
}

// tags are words for a build, separated by commas of which all must be there.
type tags struct{ constraint.Expr }

func (t *tags) String() string {
	if t.Expr == nil {
		return ""
	}
	return t.Expr.String()
}

func (t *tags) Set(text string) (err error) {
	if !regexp.MustCompile(`^[A-Za-z0-9_.!, ]+$`).MatchString(text) {
		return errors.New("tags have letters, digits, '_' and '.', and '!' before them")
	}
	t.Expr, err = constraint.Parse("// +build " + text)
	return err
}

// typeNames are names of types, each of which may be said once.
type typeNames []string

func (n *typeNames) String() string { return strings.Join(*n, " ") }

func (n *typeNames) Set(name string) error {
	switch {
	case !regexp.MustCompile(`^[A-Za-z0-9_]+$`).MatchString(name):
		return errors.New("names of types have letters, digits and '_' only")
	case slices.Contains(*n, name):
		return errors.New("it is said twice")
	}
	*n = append(*n, name)
	return nil
}

// readGoWords reads flags, and what follows them. The error is [flag.ErrHelp] if help is asked for.
func readGoWords(words []string) (*goWords, error) {
	w := &goWords{set: flag.NewFlagSet("gen go", flag.ContinueOnError)}
	fs := w.set
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	verbose, _ := strconv.ParseBool(os.Getenv("V"))
	suffix := ""
	if strings.HasSuffix(os.Getenv("GOFILE"), "_test.go") {
		suffix = "_test"
	}
	noStrip := false
	fs.BoolVar(&w.verbose, "verbose", verbose, "say what is done ($V)")
	cc := fs.String("cc", environment("BPF2GO_CC", "clang"), "`COMMAND` that compiles C to BPF ($BPF2GO_CC)")
	fs.StringVar(&w.strip, "strip", os.Getenv("BPF2GO_STRIP"), "`COMMAND` that takes DWARF out of objects ($BPF2GO_STRIP); llvm-strip of the same version if it is not said")
	fs.BoolVar(&noStrip, "no-strip", false, "leave DWARF in")
	cflags := fs.String("cflags", os.Getenv("BPF2GO_CFLAGS"), "`FLAGS` of the compiler, with quotes as in a shell ($BPF2GO_CFLAGS)")
	fs.Var(&w.tags, "tags", "`TAGS` that a build must have, separated by commas")
	targets := fs.String("target", "bpfel,bpfeb", "`TARGETS`, separated by commas")
	fs.StringVar(&w.makeBase, "makebase", os.Getenv("BPF2GO_MAKEBASE"), "write rules for make as well, relative to `DIR` ($BPF2GO_MAKEBASE)")
	fs.Var((*typeNames)(&w.types), "type", "declare the type of that `NAME` in C; may be repeated")
	fs.BoolVar(&w.noGlobals, "no-global-types", false, "do not declare the types of keys, values and variables")
	fs.StringVar(&w.stem, "output-stem", "", "`NAME` that files begin with, instead of IDENT in small letters")
	fs.StringVar(&w.suffix, "output-suffix", suffix, "`TEXT` before the dot in the names of files; _test by $GOFILE")
	fs.StringVar(&w.dir, "output-dir", ".", "`DIR` where the files go")
	fs.StringVar(&w.pkg, "go-package", "", "`PACKAGE` of the code ($GOPACKAGE)")
	if err := fs.Parse(words); err != nil {
		if err == flag.ErrHelp {
			return w, err
		}
		return w, args.Errorf("%s", err)
	}
	w.pkg, w.dir = cmp.Or(w.pkg, os.Getenv("GOPACKAGE")), cmp.Or(w.dir, ".")
	w.compiler = strings.Fields(*cc)
	if err := w.readRest(fs.Args(), *cflags); err != nil {
		return w, err
	}
	if err := w.readTargets(*targets); err != nil {
		return w, err
	}
	if err := w.check(); err != nil {
		return w, err
	}
	switch version, isClang := strings.CutPrefix(w.compiler[0], "clang"); {
	case noStrip:
		w.strip = ""
	case w.strip == "" && isClang:
		w.strip = "llvm-strip" + version
	case w.strip == "":
		w.strip = "llvm-strip"
	}
	var err error
	if w.makeBase != "" {
		w.makeBase, err = filepath.Abs(w.makeBase)
	}
	return w, err
}

// readRest reads what follows the flags: IDENT, SOURCE, and the flags of the compiler.
func (w *goWords) readRest(rest []string, cflags string) (err error) {
	if w.flags, err = splitQuoted(cflags); err != nil {
		return args.Errorf("-cflags: %s", err)
	}
	if i := slices.Index(rest, "--"); i >= 0 {
		w.flags = append(w.flags, rest[i+1:]...)
		rest = rest[:i]
	}
	switch len(rest) {
	case 0, 1:
		return args.Errorf("IDENT and SOURCE are needed, got: '%s'?", strings.Join(rest, " "))
	case 2:
		w.ident, w.source = rest[0], rest[1]
		return nil
	}
	return args.Errorf("there can be one source only, which may include others; flags are before IDENT, those of the compiler behind '--', got: '%s'?", strings.Join(rest[2:], " "))
}

func (w *goWords) readTargets(text string) error {
	for word := range strings.SplitSeq(text, ",") {
		t, err := findTarget(word)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(w.targets, func(have target) bool { return have.suffix() == t.suffix() }) {
			w.targets = append(w.targets, t)
		}
	}
	return nil
}

// usage tells what flags there are.
func (w *goWords) usage() string {
	var b strings.Builder
	b.WriteString("Usage: gobpftool gen go [FLAG]... IDENT SOURCE [-- CFLAG...]\n\n")
	w.set.SetOutput(&b)
	w.set.PrintDefaults()
	b.WriteString("\nTARGETS: bpf, bpfel, bpfeb, native, " + strings.Join(targetWords(), ", ") + "\n")
	return b.String()
}

// environment returns a variable, which may be empty, or what holds if there is none.
func environment(name, otherwise string) string {
	if value, ok := os.LookupEnv(name); ok {
		return value
	}
	return otherwise
}

// splitQuoted takes text apart at spaces, but for those in quotes and behind a backslash.
func splitQuoted(text string) (words []string, err error) {
	var word strings.Builder
	var quote rune
	escaped, open := false, false // the next character is what it is; there is a word, if an empty one
	for _, r := range text {
		switch {
		case escaped:
			word.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped, open = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, open = r, true
		case quote == 0 && r == ' ':
			if open {
				words = append(words, word.String())
			}
			word.Reset()
			open = false
		default:
			word.WriteRune(r)
			open = true
		}
	}
	switch {
	case escaped:
		return nil, errors.New("nothing follows the last backslash")
	case quote != 0:
		return nil, fmt.Errorf("%c is missing", quote)
	case open:
		words = append(words, word.String())
	}
	return words, nil
}
