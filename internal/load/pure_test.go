package load

import (
	"os"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/names"
)

func TestParseVersion(t *testing.T) {
	tests := []struct {
		name, ubuntu, version, release string
		want                           uint32
	}{
		{"of the mainline", "", "#1 SMP", "6.18.44-fc", 0x6122c},
		{"Debian hides it behind its own", "", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-1 (2026-01-01)", "6.1.0-56-amd64", 0x601c0},
		{"Ubuntu has a file for it", "Ubuntu 5.15.0-91.101-generic 5.15.131\n", "#101-Ubuntu SMP", "5.15.0-91-generic", 0x50f83},
		{"a third number past a byte", "", "", "4.19.300", 0x413ff},
		{"two numbers", "", "", "7.0", 0x70000},
		{"no number", "", "", "x", 0},
	}
	for _, tt := range tests {
		if got := parseVersion(tt.ubuntu, tt.version, tt.release); got != tt.want {
			t.Errorf("%s: %#x, want %#x", tt.name, got, tt.want)
		}
	}
}

// TestRingSize has sizes that the kernel does not take made ones that it does.
func TestRingSize(t *testing.T) {
	page := uint32(os.Getpagesize())
	for n, want := range map[uint32]uint32{
		0: 0, 1: page, page - 1: page, page: page, page + 1: 2 * page, 2 * page: 2 * page, 3 * page: 4 * page,
		4*page + 1: 8 * page, 1 << 31: 1 << 31, 1<<31 + 1: 1<<31 + 1,
	} {
		if got := ringSize(n); got != want {
			t.Errorf("%d: %d, want %d", n, got, want)
		}
	}
}

func TestNumber(t *testing.T) {
	tests := []struct {
		text   string
		signed bool
		width  int
		want   uint64
		wrong  string
	}{
		{"250", false, 8, 250, ""},
		{"256", false, 8, 0, "does not fit"},
		{"127", true, 8, 127, ""},
		{"128", true, 8, 0, "does not fit"},
		{"-128", true, 8, 0xffffffffffffff80, ""},
		{"-129", true, 8, 0, "does not fit"},
		{"-1", false, 32, 0, "does not fit"},
		{"0xffffffffffffffff", false, 64, 1<<64 - 1, ""},
		{"0x8000000000000000", true, 64, 0, "does not fit"},
		{"-9223372036854775808", true, 64, 1 << 63, ""},
		{"0xffffffff81000000", false, 64, 0xffffffff81000000, ""},
		{"many", false, 32, 0, "declared as a number"},
	}
	for _, tt := range tests {
		got, err := number(tt.text, tt.signed, tt.width)
		if got != tt.want || (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("%s in %d bits, signed %v: %#x, %v; want %#x, %q", tt.text, tt.width, tt.signed, got, err, tt.want, tt.wrong)
		}
	}
}

func TestStringSetting(t *testing.T) {
	tests := []struct {
		text, want string
		size       int
		wrong      bool
	}{
		{`"lockdown,bpf"`, "lockdown,bpf\x00\x00", 14, false},
		{`"lockdown,bpf"`, "lock\x00", 5, false},
		{`""`, "\x00", 1, false},
		{`"x"`, "", 0, false},
		{"y", "\x00\x00", 2, true},
		{`"`, "\x00", 1, true},
	}
	for _, tt := range tests {
		to := make([]byte, tt.size)
		if err := stringSetting(tt.text, to); string(to) != tt.want || (err != nil) != tt.wrong {
			t.Errorf("%s in %d bytes: %q, %v; want %q", tt.text, tt.size, to, err, tt.want)
		}
	}
}

func TestTheAddress(t *testing.T) {
	tests := []struct {
		name  string
		addrs []uint64
		want  uint64
		wrong string
	}{
		{"one", []uint64{0xffffffff81000000}, 0xffffffff81000000, ""},
		{"none", nil, 0, "no symbol of that name"},
		{"two", []uint64{1, 2}, 0, "2 symbols"},
		{"one that is not shown", []uint64{0}, 0, "kptr_restrict"},
	}
	for _, tt := range tests {
		got, err := theAddress(tt.addrs)
		if got != tt.want || (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("%s: %#x, %v; want %#x, %q", tt.name, got, err, tt.want, tt.wrong)
		}
	}
}

func TestExpects(t *testing.T) {
	tests := []struct {
		section string
		links   bool // the kernel has links to many places of a file
		want    string
	}{
		{"usdt/program:provider:name", true, "trace_uprobe_multi"},
		{"usdt.s", true, "trace_uprobe_multi"},
		{"usdt/program:provider:name", false, ""},
		{"usdt.s", false, ""},
		{"uprobe.multi/program:f*", false, "trace_uprobe_multi"},
		{"xdp", false, "xdp"},
		{"kprobe/f", true, ""},
	}
	for _, tt := range tests {
		s, ok := names.ParseSection(tt.section)
		if !ok {
			t.Fatal(tt.section)
		}
		got := expects(s, func(uint32) bool { return tt.links })
		var want uint32
		if tt.want != "" {
			a, ok := names.ParseAttachType(tt.want)
			if !ok {
				t.Fatal(tt.want)
			}
			want = uint32(a)
		}
		if got != want {
			t.Errorf("%s, links %t: %d, want %d", tt.section, tt.links, got, want)
		}
	}
}
