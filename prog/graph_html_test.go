package prog

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/bytecode"
)

// Instructions of which the programs below are made.
var (
	insnMove = bytecode.Insn{Code: 0xb7, Imm: 1}            // r0 = 1
	insnExit = bytecode.Insn{Code: 0x95}                    // exit
	insnGone = bytecode.Insn{Code: 0x0d, Dst: 3}            // gotox r3
	insnHigh = bytecode.Insn{}                              // the second half of a wide load
	insnWide = bytecode.Insn{Code: 0x18, Dst: 1, Imm: 0x77} // r1 = 0x77
)

func insnIf(off int16) bytecode.Insn { return bytecode.Insn{Code: 0x15, Dst: 1, Off: off} }
func insnGo(off int16) bytecode.Insn { return bytecode.Insn{Code: 0x05, Off: off} }

func insnCall(off int16) bytecode.Insn {
	return bytecode.Insn{Code: 0x85, Src: bytecode.CallFunc, Off: off}
}

func insnAddress(imm int32) bytecode.Insn {
	return bytecode.Insn{Code: 0x18, Dst: 2, Src: bytecode.LoadFunc, Imm: imm}
}

// listed is a program of instructions.
func listed(insns ...bytecode.Insn) *listing {
	l := &listing{insns: insns, names: &symbols{}}
	for _, in := range insns {
		l.code = append(l.code, in.Code, in.Src<<4|in.Dst)
		l.code = binary.LittleEndian.AppendUint16(l.code, uint16(in.Off))
		l.code = binary.LittleEndian.AppendUint32(l.code, uint32(in.Imm))
	}
	return l
}

// pageOf returns the page of a program.
func pageOf(t testing.TB, l *listing) []byte {
	t.Helper()
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	newPage((&Heading{ID: 7, Type: 6, Name: "filter"}).subject(), l).write(w)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var (
	insnText  = regexp.MustCompile(`<text class="insn"[^>]*>(?:<a href="#f\d+">)?([^<]*)<`)
	edgeText  = regexp.MustCompile(`<title>((?:taken|not taken|always): \d+ to \d+)</title>`)
	sourceRow = regexp.MustCompile(`<text class="source"[^>]*>([^<]*)<`)
)

// found returns what a pattern finds in a page, one a line.
func found(pattern *regexp.Regexp, page []byte) string {
	var b strings.Builder
	for _, m := range pattern.FindAllSubmatch(page, -1) {
		fmt.Fprintf(&b, "%s\n", bytes.TrimSpace(m[1]))
	}
	return b.String()
}

func lines(list ...string) string { return strings.Join(list, "\n") + "\n" }

func TestPage(t *testing.T) {
	tests := []struct {
		name         string
		insns        []bytecode.Insn
		texts, edges string
		has          []string
		hasNot       []string
	}{
		{"one block", []bytecode.Insn{insnMove, insnExit},
			lines("0: (b7) r0 = 1", "1: (95) exit"), "",
			[]string{"<title>filter (program 7, tag 0000000000000000)</title>", "<dd>xdp</dd>", "<dt>instructions</dt><dd>2</dd>", `id="b0"`, `class="exit"`, "<h2>func_0</h2>", "2 instructions, 1 block</p>"},
			[]string{"<nav>", "<dt>functions</dt>", "unreached\""}},
		{"a branch", []bytecode.Insn{insnIf(1), insnMove, insnExit},
			lines("0: (15) if r1 == 0x0 goto pc+1", "1: (b7) r0 = 1", "2: (95) exit"),
			lines("not taken: 0 to 1", "taken: 0 to 2", "always: 1 to 2"), nil, nil},
		{"a loop", []bytecode.Insn{insnMove, insnIf(-2), insnExit},
			lines("0: (b7) r0 = 1", "1: (15) if r1 == 0x0 goto pc-2", "2: (95) exit"),
			lines("not taken: 1 to 2", "taken: 1 to 0"), []string{`class="edge taken back" data-from="b0" data-to="b0"`}, nil},
		{"a jump", []bytecode.Insn{insnGo(0), insnExit},
			lines("0: (05) goto pc+0", "1: (95) exit"), lines("always: 0 to 1"), nil, nil},
		{"a wide load", []bytecode.Insn{insnWide, insnHigh, insnExit},
			lines("0: (18) r1 = 0x77", "2: (95) exit"), "", []string{"<dt>instructions</dt><dd>2</dd>"}, nil},
		{"calls", []bytecode.Insn{insnCall(1), insnExit, insnCall(-1), insnExit},
			lines("0: (85) call pc+1", "1: (95) exit", "2: (85) call pc-1", "3: (95) exit"), "",
			[]string{`id="i0"><a href="#f2">0: (85) call pc+1</a>`, `<section id="f2">`, `used at <a href="#i0">0</a>, <a href="#i2">2</a></p>`, `<li><a href="#f2">func_1</a>`}, nil},
		{"an address", []bytecode.Insn{insnAddress(2), insnHigh, insnExit, insnMove, insnExit},
			lines("0: (18) r2 = subprog[+2]", "2: (95) exit", "3: (b7) r0 = 1", "4: (95) exit"), "",
			[]string{`<a href="#f3">0: (18) r2`, `<section id="f3">`}, []string{"cannot be reached"}},
		{"calls of nothing", []bytecode.Insn{insnCall(100), insnCall(-100), insnAddress(-100), insnHigh, insnExit},
			lines("0: (85) call pc+100", "1: (85) call pc-100", "2: (18) r2 = subprog[-100]", "4: (95) exit"), "", nil, []string{`<a href="#f`}},
		{"not reached", []bytecode.Insn{insnExit, insnMove, insnExit},
			lines("0: (95) exit", "1: (b7) r0 = 1", "2: (95) exit"), "",
			[]string{`class="block unreached" id="b1"`, ">cannot be reached<"}, nil},
		{"a jump to a register", []bytecode.Insn{insnGone, insnMove, insnExit},
			lines("0: (0d) gotox r3", "1: (b7) r0 = 1", "2: (95) exit"), "",
			[]string{`class="gone" d="M0`, "jumps to where the register says", "no known way leads here"}, []string{"cannot be reached"}},
		{"out of the program", []bytecode.Insn{insnIf(100), insnGo(-9), insnMove},
			lines("0: (15) if r1 == 0x0 goto pc+100", "1: (05) goto pc-9", "2: (b7) r0 = 1"), lines("not taken: 0 to 1"),
			[]string{"jumps out of the function", "leaves the function at its end"}, nil},
		{"no instruction", nil, "", "", []string{"<dt>instructions</dt><dd>0</dd>"}, []string{"<section"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := pageOf(t, listed(tt.insns...))
			if got := found(insnText, page); got != tt.texts {
				t.Errorf("instructions:\n%swant\n%s", got, tt.texts)
			}
			if got := found(edgeText, page); got != tt.edges {
				t.Errorf("edges:\n%swant\n%s", got, tt.edges)
			}
			for _, s := range tt.has {
				if !bytes.Contains(page, []byte(s)) {
					t.Errorf("no %s in\n%s", s, page)
				}
			}
			for _, s := range tt.hasNot {
				if bytes.Contains(page, []byte(s)) {
					t.Errorf("%s in\n%s", s, page)
				}
			}
			if again := pageOf(t, listed(tt.insns...)); !bytes.Equal(again, page) {
				t.Error("the next page is another one")
			}
		})
	}
}

// TestPageSource has lines of source and signatures in a page, and the words opcodes and
// linum.
func TestPageSource(t *testing.T) {
	l := listed(insnMove, insnMove, insnIf(0), insnExit)
	l.funcs = []function{{0, "int main(void)"}, {3, "void tail()"}}
	l.lines = []line{
		{0, true, "/a/b.c", "\t int x = 1;", 3, 7},
		{1, true, "/a/b.c", "\t int x = 1;", 3, 11},
		{2, true, "/a/b.c", "if (x)", 4, 1},
		{3, false, "", "", 0, 0},
	}
	page := pageOf(t, l)
	if got, want := found(sourceRow, page), lines("; int x = 1;", "; if (x)"); got != want {
		t.Errorf("source:\n%swant\n%s", got, want)
	}
	for _, s := range []string{"<title>/a/b.c:3:7</title>", "<h2>int main(void)</h2>", "<h2>void tail()</h2>"} {
		if !bytes.Contains(page, []byte(s)) {
			t.Errorf("no %s", s)
		}
	}
	l.linum, l.opcodes = true, true
	page = pageOf(t, l)
	if got, want := found(sourceRow, page), lines("; b.c:3:7: int x = 1;", "; b.c:3:11: int x = 1;", "; b.c:4:1: if (x)"); got != want {
		t.Errorf("source with linum:\n%swant\n%s", got, want)
	}
	bytesRow := regexp.MustCompile(`<text class="bytes"[^>]*>([^<]*)<`)
	if got, want := found(bytesRow, page), lines("b7 00 00 00 01 00 00 00", "b7 00 00 00 01 00 00 00", "15 01 00 00 00 00 00 00", "95 00 00 00 00 00 00 00"); got != want {
		t.Errorf("bytes:\n%swant\n%s", got, want)
	}
}

// hostile is a program whose names and source want to be more than text.
func hostile() *listing {
	l := listed(insnMove, insnIf(0), insnExit)
	const evil = `</title></style></text></svg><script>document.title = "owned"</script><img src=x onerror=alert(1)>"'&amp;`
	l.funcs = []function{{0, "int " + evil}}
	l.lines = []line{
		{0, true, evil, evil, 1, 1},
		{1, true, "a\x00\x01\xff\u202e.c", "a\x00b\x1b[31m\xffc\u202ed\te " + strings.Repeat("漢", 200), 2, 2},
		{2, true, "", strings.Repeat("x\u0300", 3) + "é\u00ad\ufffe", 3, 3},
	}
	return l
}

func TestPageEscapes(t *testing.T) {
	page := pageOf(t, hostile())
	for _, s := range []string{"<img", `"owned"`, "\x00", "\x1b", "\xff", "\u202e", "\ufffe", "\u00ad"} {
		if bytes.Contains(page, []byte(s)) {
			t.Errorf("%q is in the page", s)
		}
	}
	if n := bytes.Count(page, []byte("<script>")); n != 1 {
		t.Errorf("%d scripts", n)
	}
	if !bytes.Contains(page, []byte("&lt;script&gt;document.title = &quot;owned&quot;&lt;/script&gt;")) {
		t.Error("the text is not there")
	}
}

func TestClip(t *testing.T) {
	long := strings.Repeat("x", columnsMax)
	tests := []struct {
		name, text, want string
		columns          int
	}{
		{"short", "a b", "a b", 3},
		{"nothing", "", "", 0},
		{"just", long, long, columnsMax},
		{"too long", long + "y", long[1:] + cutMark, columnsMax},
		{"wide", "a漢b", "a漢b", 4},
		{"wide and too long", long[2:] + "漢b", long[2:] + cutMark, columnsMax},
		{"a tab", "a\tb", "a b", 3},
		{"no character", "a\xffb\x00", "a\ufffdb\ufffd", 4},
	}
	for _, tt := range tests {
		if got, columns := clip(tt.text); got != tt.want || columns != tt.columns {
			t.Errorf("%s: %q in %d columns, want %q in %d", tt.name, got, columns, tt.want, tt.columns)
		}
	}
}

// FuzzPage makes pages of any instructions.
func FuzzPage(f *testing.F) {
	f.Add(hostile().code, "int f(void)", "return <x>;")
	f.Add(listed(insnCall(1), insnIf(-2), insnGone, insnAddress(-1), insnHigh, insnExit).code, "", "")
	f.Fuzz(func(t *testing.T, code []byte, signature, source string) {
		insns, err := bytecode.Decode(code, binary.LittleEndian)
		if err != nil {
			return
		}
		l := listed(insns...)
		l.funcs = []function{{0, signature}, {2, signature}}
		l.lines = []line{{0, true, source, source, 1, 2}}
		page := pageOf(t, l)
		if n := bytes.Count(page, []byte("<script>")); n != 1 {
			t.Errorf("%d scripts", n)
		}
		count := 0
		for at := 0; at < len(insns); at += bytecode.Slots(insns, at) {
			count++
		}
		if n := bytes.Count(page, []byte(`<text class="insn"`)); n != count {
			t.Errorf("%d instructions, want %d", n, count)
		}
	})
}
