package adapt

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

var corpus = flag.String("corpus", "", "count the objects below this `directory` that load as adapted")

// TestCorpus counts how many objects of a directory are loaded as adapted, of those that internal/load loads.
func TestCorpus(t *testing.T) {
	if *corpus == "" {
		t.Skip("no -corpus")
	}
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	count := make(map[string]int)
	note := func(what, path string, err any) {
		count[what]++
		if err != nil {
			text := strings.ReplaceAll(fmt.Sprint(err), "\n", " ")
			t.Logf("%s: %s: %.600s", what, strings.TrimPrefix(path, *corpus), text)
		}
	}
	err := filepath.WalkDir(*corpus, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || filepath.Ext(path) != ".o" {
			return err
		}
		count["all"]++
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		o, err := elfobj.Read(data)
		if err != nil {
			note("unread", path, err)
			return nil
		}
		a, err := Object(data, o)
		if err != nil {
			note("not adapted", path, err)
			return nil
		}
		if _, ours := loadOurs(t, o, nil); ours != nil {
			count["not loaded by the tool"]++
			if _, err := openAdapted(a); err != nil && len(cannot(a)) == 0 && o.Order.Uint16([]byte{1, 0}) == 1 {
				note("not even read", path, fmt.Sprintf("%v (internal/load: %v)", err, ours))
			}
			return nil
		}
		count["loaded by the tool"]++
		if o.BTF != nil {
			count["loaded by the tool, with types"]++
		}
		_, theirs := loadTheirs(t, a)
		switch {
		case theirs != nil && len(cannot(a)) > 0:
			note("said", path, fmt.Sprint(cannot(a)))
		case theirs != nil:
			note("failed", path, theirs)
		case len(cannot(a)) > 0:
			note("loaded, but said not to", path, fmt.Sprint(cannot(a)))
		default:
			count["loaded"]++
			if o.BTF != nil {
				count["loaded, with types"]++
			}
			if len(a.Changes) > 0 {
				count["changed"]++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(count)
}
