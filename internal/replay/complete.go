package replay

import (
	"slices"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// Complete checks that a directory has a recording for each row of package
// fixture. Rows that are in none have a reason in missing.
func Complete(t *testing.T, dir string, rows []fixture.Row, missing map[string]string) {
	names := recordings(t, dir)
	for _, row := range rows {
		why, ok := missing[row.Type]
		switch recorded := slices.Contains(names, row.Type); {
		case recorded && ok:
			t.Errorf("%s is recorded, although %q", row.Type, why)
		case !recorded && !ok:
			t.Errorf("%s is not recorded; see package record", row.Type)
		}
	}
	for name := range missing {
		if _, ok := fixture.Find(rows, name); !ok {
			t.Errorf("nothing is called %s", name)
		}
	}
}
