package gen

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/outfile"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/skeleton"
)

// skeletonWords is what the words of "gen skeleton" ask for.
type skeletonWords struct {
	sub    bool     // it is about a subskeleton
	object string   // path
	lang   string   // go or c
	name   string   // of the skeleton
	pkg    string   // of Go
	types  []string // names of types that are declared, too
	dir    string   // where the files go, or "" for standard output
	check  bool     // whether they are there as they should be, instead of writing them
}

// genSkeleton answers "gen skeleton".
func genSkeleton(_ context.Context, c *call.Call) error {
	w := skeletonWords{lang: defaultLang(c.Program)}
	err := w.read(c.Args)
	switch {
	case err != nil:
		return err
	case c.Loader:
		return errors.New("light skeletons are not built yet")
	case w.lang == "c":
		return genC(c, w, false)
	}
	return genGo(c, w)
}

// genGo writes a skeleton in Go.
func genGo(c *call.Call, w skeletonWords) error {
	data, err := elfobj.ReadFile(w.object)
	if err != nil {
		return fmt.Errorf("%s: %s", w.object, names.Reason(err))
	}
	object, err := elfobj.Read(data)
	if err != nil {
		return fmt.Errorf("%s: %w", w.object, err)
	}
	stem := skeleton.FileName(object, w.name)
	options := skeleton.Options{Name: w.name, Package: w.pkg, Types: w.types, Sub: w.sub}
	if w.dir != "" && !w.sub {
		options.File = stem + ".o"
	}
	s, err := skeleton.New(object, data, options)
	if err != nil {
		return fmt.Errorf("%s: %w", w.object, err)
	}
	for _, note := range s.Notes() {
		c.Talk.Warn("%s", note)
	}
	if w.dir == "" {
		out, err := c.Out.Text(w.what())
		if err != nil {
			return err
		}
		return s.Write(out)
	}
	var code bytes.Buffer
	if err := s.Write(&code); err != nil {
		return fmt.Errorf("%s: %w", w.object, err)
	}
	files := []skeletonFile{{filepath.Join(w.dir, stem+".go"), code.Bytes()}}
	if !w.sub {
		files = slices.Insert(files, 0, skeletonFile{filepath.Join(w.dir, options.File), s.Object()})
	}
	if w.check {
		return checkFiles(c.Out, files)
	}
	return writeFiles(files)
}

// defaultLang returns what skeletons are in if nothing is said, by the name under which the tool was started.
func defaultLang(program string) string {
	if filepath.Base(program) == "bpftool" {
		return "c"
	}
	return "go"
}

// read reads the object, and what is said about its skeleton.
func (w *skeletonWords) read(a *args.Args) (err error) {
	if w.object, err = a.Next(1); err != nil {
		return err
	}
	for a.Len() > 0 && err == nil {
		switch {
		case a.Is("name"):
			err = w.rename(a)
		case a.Is("package"):
			w.pkg, err = a.Next(1)
		case a.Is("type"):
			var name string
			name, err = a.Next(1)
			w.types = append(w.types, name)
		case a.Is("out"):
			w.dir, err = a.Next(1)
		case a.Is("lang"):
			w.lang, err = a.Next(1)
		case a.Is("check"):
			w.check = true
		case w.lang == "c":
			return args.Errorf("unknown arg %s", a.Peek())
		default:
			return args.Errorf("expected 'name', 'package', 'type', 'lang', 'out' or 'check', got: '%s'?", a.Peek())
		}
	}
	switch {
	case err != nil:
		return err
	case w.lang == "c":
		return w.checkC()
	case w.lang != "go":
		return args.Errorf("%ss are in 'go' or 'c', got: '%s'?", w.what(), w.lang)
	}
	return w.checkGo()
}

// what is what is written.
func (w *skeletonWords) what() string {
	if w.sub {
		return "subskeleton"
	}
	return "skeleton"
}

// checkGo refuses what cannot be in Go, and finds out what was not said.
func (w *skeletonWords) checkGo() error {
	if w.check && w.dir == "" {
		return args.Errorf("'check' compares with the files in a directory: 'out DIR' is missing")
	}
	if w.name == "" {
		w.name = objectName(w.object)
	}
	if !isIdentifier(w.name) || w.name[0] == '_' { // which begins files that Go passes over
		return args.Errorf("a name has letters, digits and '_' only, and begins with a letter, got: '%s'?", w.name)
	}
	w.pkg = cmp.Or(w.pkg, os.Getenv("GOPACKAGE"), strings.ToLower(strings.ReplaceAll(w.name, "_", "")))
	if !token.IsIdentifier(w.pkg) || w.pkg == "_" {
		return args.Errorf("'%s' cannot be the name of a package: 'package' says another one", w.pkg)
	}
	return nil
}

// rename reads the name of a skeleton.
func (w *skeletonWords) rename(a *args.Args) (err error) {
	if w.name != "" {
		return args.Errorf("object name already specified")
	}
	w.name, err = a.Next(1)
	return err
}

// checkC refuses words that say something about Go.
func (w *skeletonWords) checkC() error {
	if w.pkg != "" || w.types != nil || w.dir != "" || w.check {
		return render.Hinted{Err: args.Errorf("'package', 'type', 'out' and 'check' are for %ss in Go", w.what()), Hint: "'lang go' asks for one"}
	}
	return nil
}

// objectName makes a name of the path of an object: of "a/trace-open.bpf.o" trace_open.
func objectName(path string) string {
	name, _, _ := strings.Cut(filepath.Base(path), ".")
	name = strings.Map(func(r rune) rune {
		if isIdentifier("_" + string(r)) {
			return r
		}
		return '_'
	}, name)
	switch {
	case name != "" && name[0] == '_':
		name = "object" + name
	case !isIdentifier(name):
		name = "object_" + name
	}
	return name
}

// isIdentifier reports whether name is one in C.
func isIdentifier(name string) bool {
	for i, r := range name {
		letter := r == '_' || 'a' <= r|0x20 && r|0x20 <= 'z' && r < 0x80
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}

// A skeletonFile is a file that is to be in the directory of a skeleton.
type skeletonFile struct {
	path string
	data []byte
}

// writeFiles writes all files or none.
func writeFiles(files []skeletonFile) error {
	if len(files) == 0 {
		return nil
	}
	return outfile.Write(files[0].path, 0o666, func(w *bufio.Writer) error {
		if _, err := w.Write(files[0].data); err != nil {
			return err
		}
		return writeFiles(files[1:])
	})
}

// A Drift is a file of a skeleton, and whether it is as it is generated now.
type Drift struct {
	File  string `json:"file"`
	State string `json:"state"` // same, different or missing
}

// Plain writes the file and its state.
func (d *Drift) Plain(w *bufio.Writer) { fmt.Fprintf(w, "%s: %s\n", d.File, d.State) }

// checkFiles tells which files are not as they should be.
func checkFiles(out *render.Printer, files []skeletonFile) error {
	var list []*Drift
	var answer error
	for _, f := range files {
		d := &Drift{f.path, "same"}
		have, err := os.ReadFile(f.path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			d.State = "missing"
		case err != nil:
			return err
		case !bytes.Equal(have, f.data):
			d.State = "different"
		}
		if d.State != "same" {
			answer = call.ErrNo
		}
		list = append(list, d)
	}
	if err := render.Some(out, list); err != nil {
		return err
	}
	return answer
}
