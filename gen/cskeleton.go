package gen

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/cskeleton"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

// maxCName is how long the name of a skeleton in C is at most, in bytes. The rest is left out.
const maxCName = 63

// genSubskeleton answers "gen subskeleton".
func genSubskeleton(_ context.Context, c *call.Call) error {
	w := skeletonWords{sub: true, lang: "c"}
	err := w.read(c.Args)
	switch {
	case err != nil:
		return err
	case c.Loader:
		return args.Errorf("cannot use loader for subskeletons")
	case w.lang == "c":
		return genC(c, w, true)
	}
	return genGo(c, w)
}

// genC writes a skeleton or subskeleton in C.
func genC(c *call.Call, w skeletonWords, sub bool) error {
	data, err := readObject(w.object)
	if err != nil {
		return err
	}
	name := w.name
	if name == "" {
		name = cName(w.object)
	}
	name = name[:min(len(name), maxCName)]
	if !cskeleton.IsName(name) {
		return render.Hinted{Err: args.Errorf("'%s' cannot be the name of a struct in C", name), Hint: "'name' gives the skeleton another one"}
	}
	s, err := cskeleton.New(data, name, sub)
	if err != nil {
		return err
	}
	out, err := c.Out.Text("skeletons in C")
	if err != nil {
		return err
	}
	for _, note := range s.Notes() {
		c.Talk.Warn("%s", note)
	}
	return s.Write(out)
}

// readObject reads the file with an object.
func readObject(path string) ([]byte, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("failed to stat() %s: %s", path, names.Reason(err))
	}
	data, err := elfobj.ReadFile(path)
	switch {
	case errors.As(err, new(*fs.PathError)):
		return nil, fmt.Errorf("failed to open() %s: %s", path, names.Reason(err))
	case err != nil:
		return nil, fmt.Errorf("%s%w", cskeleton.NotOpened, err)
	}
	return data, nil
}

// cName makes a name of the path of an object, which may be none in C: of "a/trace-open.bpf.o"
// trace_open_bpf.
func cName(path string) string {
	name := filepath.Base(path)
	name = strings.TrimSuffix(name[:min(len(name), maxCName)], ".o")
	b := []byte(name)
	for i, r := range b {
		if !isIdentifier("_" + string(rune(r))) {
			b[i] = '_'
		}
	}
	return string(b)
}
