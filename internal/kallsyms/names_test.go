package kallsyms

import (
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func TestAddresses(t *testing.T) {
	const table = "ffffffff81000000 T one\nffffffff81000010 t two\t[m]\nffffffff81000020 t two\nffffffff81000010 t two\n0000000000000000 t hidden\nffffffff81000030 T last"
	want := map[string][]uint64{"one": {0xffffffff81000000}, "two": {0xffffffff81000010, 0xffffffff81000020}, "hidden": {0}, "last": {0xffffffff81000030}}
	names := map[string]bool{"one": true, "two": true, "hidden": true, "last": true, "none": true}
	got, err := addresses(iotest.OneByteReader(strings.NewReader(table)), names)
	if err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("addresses: %v, %s", err, cmp.Diff(want, got))
	}
}
