package replay

import (
	_ "embed"
	"io"
	"path"
	"testing"

	"github.com/gobpftool/gobpftool/internal/unpack"
)

// More files of the recordings of [Kernels].
const (
	Macros   = "macros"
	Settings = "settings" // lines PATH:VALUE
)

// A Kernel is what was recorded of one.
type Kernel struct {
	Release string            // as uname -r tells it
	Files   map[string]string // always JSON and Plain; of some Macros and Settings
}

//go:embed kernels/probes.tar.xz
var probes []byte

// Kernels returns what bpftool said of some kernels, the oldest first. kernels/README.md says which these are.
func Kernels(t testing.TB) (list []Kernel) {
	t.Helper()
	f, err := unpack.Content(probes)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for e, err := range f.Entries() {
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(e)
		if err != nil {
			t.Fatal(err)
		}
		release, name := path.Split(e.Name)
		release = path.Clean(release)
		if len(list) == 0 || list[len(list)-1].Release != release {
			list = append(list, Kernel{release, make(map[string]string)})
		}
		list[len(list)-1].Files[name] = string(text)
	}
	return list
}
