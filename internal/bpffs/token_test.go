package bpffs

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

func TestMain(m *testing.M) { fixture.Main(m) }

func TestDelegations(t *testing.T) {
	const table = `bpf /sys/fs/bpf bpf rw,nosuid,relatime,mode=700 0 0
bpf /a\040b bpf rw,delegate_cmds=map_create:prog_load:0x8000000000,delegate_maps=any 0 0
none /under bpf rw,delegate_cmds=any 0 0
bpf /under bpf rw,delegate_progs=xdp,delegate_attachs=xdp:tcx_ingress 0 0
bpf /hidden bpf rw,delegate_cmds=any 0 0
tmpfs /hidden tmpfs rw 0 0
tmpfs /other tmpfs rw,delegate_cmds=any 0 0
`
	want := []Delegation{
		{Dir: "/a b", Cmds: Allowed{"map_create", "prog_load", "0x8000000000"}, Maps: Allowed{"any"}},
		{Dir: "/under", Progs: Allowed{"xdp"}, Attachs: Allowed{"xdp", "tcx_ingress"}},
	}
	if diff := cmp.Diff(want, delegations(table)); diff != "" {
		t.Errorf("delegations() mismatch (-want +got):\n%s", diff)
	}
}

func TestAllowed(t *testing.T) {
	for _, tt := range []struct {
		set    Allowed
		word   string
		number uint32
		want   bool
	}{
		{nil, "hash", 1, false},
		{Allowed{"any"}, "hash", 1, true},
		{Allowed{"array", "hash"}, "hash", 1, true},
		{Allowed{"array"}, "hash", 1, false},
		{Allowed{"array", "0x6"}, "hash", 1, true},
		{Allowed{"0x6"}, "unspec", 0, false},
		{Allowed{"0x6"}, "99", 99, false},
	} {
		if got := tt.set.Has(tt.word, tt.number); got != tt.want {
			t.Errorf("%q.Has(%q, %d) = %v", tt.set, tt.word, tt.number, got)
		}
	}
}

// TestFindToken looks for tokens where there are none. That they are found is tested where they are
// used, in package denied.
func TestFindToken(t *testing.T) {
	t.Run("none is wanted", func(t *testing.T) {
		t.Setenv(tokenVar, "")
		if _, ok, err := FindToken(); ok || err != nil {
			t.Error(ok, err)
		}
	})
	t.Run("nothing is there", func(t *testing.T) {
		dir := t.TempDir() + "/none"
		t.Setenv(tokenVar, dir)
		if _, ok, err := FindToken(); ok || err == nil || !strings.Contains(err.Error(), dir+": No such file or directory") {
			t.Error(ok, err)
		}
	})
	t.Run("nothing is delegated", func(t *testing.T) {
		fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
		t.Setenv(tokenVar, fixture.BPFFS())
		if _, ok, err := FindToken(); ok || err == nil {
			t.Error(ok, err)
		}
	})
}
