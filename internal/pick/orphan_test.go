package pick

import (
	"testing"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

func TestOrphan(t *testing.T) {
	info := orphan("pos:\t0\nprog_type:\t6\nprog_jited:\t1\nprog_tag:\t3b185187f1855c4c\nmemlock:\t4096\nprog_id:\t31\n")
	want := [8]byte{0x3b, 0x18, 0x51, 0x87, 0xf1, 0x85, 0x5c, 0x4c}
	if info.ID != 31 || info.Type != 6 || info.Tag != want {
		t.Errorf("orphan() = %d, %d, %x", info.ID, info.Type, info.Tag)
	}
	if info := orphan(bpf.FDInfo("prog_tag:\tno tag\n")); info.ID != 0 || info.Tag != [8]byte{} {
		t.Errorf("without procfs: %d, %x", info.ID, info.Tag)
	}
}
