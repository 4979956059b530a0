package mapcmd

import "testing"

func TestMapLine(t *testing.T) {
	tests := []struct {
		name, line string
		start, end uint64
		ok         bool
	}{
		{"arena", "7f7c80563000-7f7c80567000 rw-s 00000000 00:0f 1036                       anon_inode:bpf-map\n", 0x7f7c80563000, 0x7f7c80567000, true},
		{"file", "7f7c80563000-7f7c80567000 r-xp 00000000 00:0f 1036                       /usr/bin/bpf-map\n", 0, 0, false},
		{"file with a blank", "1000-2000 rw-s 00000000 00:0f 1036 /tmp/x anon_inode:bpf-map\n", 0, 0, false},
		{"no file", "7f7c80563000-7f7c80567000 rw-p 00000000 00:00 0\n", 0, 0, false},
		{"no range", "x-y rw-s 00000000 00:0f 1036 anon_inode:bpf-map\n", 0, 0, false},
		{"backwards", "2000-1000 rw-s 00000000 00:0f 1036 anon_inode:bpf-map\n", 0x2000, 0x1000, false},
		{"nothing", "\n", 0, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if start, end, ok := mapLine([]byte(tt.line)); start != tt.start || end != tt.end || ok != tt.ok {
				t.Errorf("mapLine() = %#x, %#x, %v; want %#x, %#x, %v", start, end, ok, tt.start, tt.end, tt.ok)
			}
		})
	}
}

func TestPage(t *testing.T) {
	data := make([]byte, 20)
	data[0], data[1], data[19] = 1, 2, 0xff
	p := &Page{Number: 3, Address: 0x100000003000, Data: data}
	if got, want := plain(p), "page: 3  address: 0x100000003000\nvalue:\n01 02 00 00 00 00 00 00  00 00 00 00 00 00 00 00\n00 00 00 ff\n"; got != want {
		t.Errorf("Plain() = %q, want %q", got, want)
	}
	p.Data = p.Data[:2]
	if got, want := string(p.AppendJSON(nil)), `{"page":3,"address":17592186056704,"value":["0x01","0x02"]}`; got != want {
		t.Errorf("AppendJSON() = %s, want %s", got, want)
	}
}
