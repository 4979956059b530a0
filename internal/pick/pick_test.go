package pick

import (
	"fmt"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

func TestMain(m *testing.M) { fixture.Main(m) }

// TestReadOnly opens maps in all ways that there are: for reading.
func TestReadOnly(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	row, _ := fixture.Find(fixture.Maps, "hash")
	m := row.Named("readonly").For(t)
	path := filepath.Join(fixture.BPFFS(), "readonly")
	if err := m.Pin(path); err != nil {
		t.Fatal(err)
	}
	defer unix.Unlink(path)
	for _, words := range [][]string{{"id", fmt.Sprint(m.ID)}, {"name", "readonly"}, {"pinned", path}} {
		fds, err := Maps(args.New("show", words))
		if err != nil {
			t.Fatal(err)
		}
		for _, fd := range fds {
			flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
			if err != nil || flags&unix.O_ACCMODE != unix.O_RDONLY {
				t.Errorf("%v: flags %#x, %v", words, flags, err)
			}
		}
		closeAll(fds)
	}
}

func TestListed(t *testing.T) {
	tests := []struct {
		kind  bpf.Kind
		errno unix.Errno
		want  string
	}{
		{bpf.Prog, unix.EPERM, "can't get next program: Operation not permitted"},
		{bpf.Map, unix.EINVAL, "can't get next map: Invalid argument -- kernel too old?"},
		{bpf.Link, unix.EINVAL, "can't get next link: Invalid argument -- kernel too old?"},
		{bpf.BTF, unix.EPERM, "can't get next BTF object: Operation not permitted"},
	}
	for _, tt := range tests {
		if got := listed(words[tt.kind].next, bpf.Errno(tt.errno)).Error(); got != tt.want {
			t.Errorf("listed(%s, %v) = %q, want %q", tt.kind, tt.errno, got, tt.want)
		}
	}
}
