package attach

import (
	"os"
	"testing"

	"github.com/gobpftool/gobpftool/internal/usdt"
)

// FuzzImage looks for functions and tracepoints in a file of anyone.
func FuzzImage(f *testing.F) {
	for _, name := range []string{"testdata/target", "testdata/pie/target"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := t.TempDir() + "/image"
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := openImage(path)
		if err != nil {
			return
		}
		defer m.close()
		_, _ = m.offset("lab_one@V")
		_, _ = m.offsets("*")
		_, _ = usdt.Places(m.elf, "lab", "args")
	})
}
