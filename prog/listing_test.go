package prog

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/bytecode"
)

// TestLineCursor shows lines where the reference does; want has, for each line that is
// shown, the slot before which that is and the number of the line.
func TestLineCursor(t *testing.T) {
	tests := []struct {
		name  string
		slots []uint32 // where lines begin; their numbers count from 0
		want  string
	}{
		{"none", nil, ""},
		{"each its own", []uint32{0, 2, 3}, "0:0 2:1 3:2"},
		{"late", []uint32{2}, "2:0"},
		{"two at once", []uint32{0, 0, 2}, "0:1 1:1 2:2"},
		{"three at once", []uint32{0, 0, 0, 4}, "0:2 1:2 2:2 4:3"},
		{"within a wide load", []uint32{0, 6, 7}, "0:0 6:1 7:2"},
		{"behind the end", []uint32{0, 99}, "0:0"},
		{"out of order", []uint32{3, 0, 1}, "3:2 4:2 5:2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := lineCursor{}
			for i, slot := range tt.slots {
				c.lines = append(c.lines, line{slot: slot, known: true, num: uint32(i)})
			}
			var got []string
			for slot := range 8 {
				if l := c.at(slot); l != nil {
					got = append(got, fmt.Sprintf("%d:%d", slot, l.num))
				}
			}
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	if c := (lineCursor{lines: []line{{slot: 0}}}); c.at(0) != nil {
		t.Error("a line is shown whose text is not known")
	}
}

// FuzzLines lists a program with lines and functions at any slots, in all looks.
func FuzzLines(f *testing.F) {
	f.Add([]byte("\xb7\x00\x00\x00\x00\x00\x00\x00\x18\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x95\x00\x00\x00\x00\x00\x00\x00"), []byte{0, 0, 1, 3, 2, 200}, []byte{0, 2, 9}, "a \"line\"\x00<&\t", true)
	f.Fuzz(func(t *testing.T, raw, lines, functions []byte, text string, all bool) {
		l := &listing{code: raw[:len(raw)/8*8], names: &symbols{}, style: style{all, all}}
		insns, err := decodeAny(l.code)
		if err != nil {
			return
		}
		l.insns = insns
		for i, slot := range lines {
			l.lines = append(l.lines, line{uint32(slot), slot%5 > 0, text, text, uint32(i), uint32(slot)})
		}
		for _, slot := range functions {
			l.funcs = append(l.funcs, function{uint32(slot), text})
		}
		var b bytes.Buffer
		w := bufio.NewWriter(&b)
		l.Plain(w)
		w.Flush()
		shown := l.AppendJSON(nil)
		var list []struct{ Disasm string }
		if err := json.Unmarshal(shown, &list); err != nil && isText(text) {
			t.Fatalf("%v in %s", err, shown)
		}
		l.dot(w)
	})
}

func decodeAny(code []byte) ([]bytecode.Insn, error) {
	return bytecode.Decode(code, binary.LittleEndian)
}

// isText reports whether JSON may have the text: the reference, and so the tool, leaves
// control characters as they are.
func isText(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' })
}

// TestShortPath cuts paths where the reference does, from which what is wanted was taken.
func TestShortPath(t *testing.T) {
	n := func(length int) string { return strings.Repeat("n", length) }
	tests := []struct{ name, path, want string }{
		{"short", "/src/xdp.bpf.c", "/src/xdp.bpf.c"},
		{"just fits", "/" + n(29) + "/x", "/" + n(29) + "/x"},
		{"from a directory on", "/home/somebody/src/project/bpf/prog.bpf.c", ".../src/project/bpf/prog.bpf.c"},
		{"the first one", "m/m/" + n(31), ".../" + n(31)},
		{"the first one that fits", "m/" + n(30) + "/x", ".../x"},
		{"nothing would be saved", "mm/" + n(31), "mm/" + n(31)},
		{"nothing would be saved, but later", "m/" + n(20) + "/" + n(10), "m/" + n(20) + "/" + n(10)},
		{"as much is saved", "mmm/" + n(31), ".../" + n(31)},
		{"a long name", "/src/" + n(40), ".../" + n(40)},
		{"a long name, and nothing would be saved", "./" + n(32), ".../" + n(32)},
		{"a long name in the root", "/" + n(33), "/" + n(33)},
		{"nothing to cut at", n(42), n(42)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := shortPath(tt.path); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestDotSource leaves out lines without a text, but not those with nothing but blanks, as
// the reference does.
func TestDotSource(t *testing.T) {
	l := listed(insnMove, insnMove, insnMove, insnExit)
	for i, text := range []string{"", " \t", "  x = 1;"} {
		l.lines = append(l.lines, line{slot: uint32(i), known: true, file: "f", num: 7, text: text})
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	l.linum = true
	l.dot(w)
	w.Flush()
	want := lines(`0: (b7) r0 = 1\l\`, `| ; [f line:7 col:0]\l\`, `; \l\`, `1: (b7) r0 = 1\l\`,
		`| ; [f line:7 col:0]\l\`, `; x\ =\ 1;\l\`, `2: (b7) r0 = 1\l\`, `| 3: (95) exit\l\`, `}"];`)
	if !strings.Contains(b.String(), "{\\\n"+want) {
		t.Errorf("%s\nwant in it\n%s", b.String(), want)
	}
}
