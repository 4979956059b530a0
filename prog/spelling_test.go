package prog

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"encoding/binary"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

var record = flag.Bool("record", false, "write down what the reference prints about instructions")

// spellings has a line for each instruction: its bytes, and what the reference prints
// about it that may not see addresses.
const spellings = "testdata/spellings.txt"

// TestSpellings spells instructions as the reference does, those included that no
// kernel loads.
func TestSpellings(t *testing.T) {
	f, err := os.Open(spellings)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	blind := &symbols{funcs: []uint64{0}}
	n := 0
	for lines := bufio.NewScanner(f); lines.Scan(); n++ {
		code, want, _ := strings.Cut(lines.Text(), "\t")
		raw, err := hex.DecodeString(code)
		if err != nil {
			t.Fatal(err)
		}
		insns, err := bytecode.Decode(raw, binary.LittleEndian)
		if err != nil {
			t.Errorf("%s: %v", code, err)
			continue
		}
		if got := string(bytecode.Append(nil, insns, 0, blind)); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
	if n < 2000 {
		t.Errorf("%d instructions", n)
	}
}

// TestSpellingsAsReference compares with the reference itself, over all operations with
// random operands.
func TestSpellingsAsReference(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation, fixture.ReferenceTool, fixture.Clang)
	f := newFeeder(t)
	seed := rand.Uint64()
	t.Logf("seed %#x", seed)
	raw := someCode(rand.New(rand.NewPCG(seed, 0)), 40)
	theirs := f.dump(raw)
	insns, err := bytecode.Decode(raw, binary.NativeEndian)
	if err != nil {
		t.Fatal(err)
	}
	c, err := readCode(f.prog)
	if err != nil {
		t.Fatal(err)
	}
	l := listing{code: raw, insns: insns, names: c.symbols(insns)}
	var ours bytes.Buffer
	w := bufio.NewWriter(&ours)
	l.Plain(w)
	w.Flush()
	want, got := strings.Split(theirs, "\n"), strings.Split(ours.String(), "\n")
	if len(want) < 5000 || len(want) != len(got) {
		t.Fatalf("%d lines, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%q, want %q", got[i], want[i])
		}
	}
	if *record {
		f.record(someCode(rand.New(rand.NewPCG(1, 2)), 10))
	}
}

// someCode returns instructions of each operation, with operands that matter or some
// others.
func someCode(r *rand.Rand, each int) []byte {
	offsets := []int16{0, 0, 1, -1, 8, 16, 32, -8, 24, 511, -32768, 32767}
	numbers := []int32{0, 1, -1, 16, 32, 64, 0x40, 0x41, 0x50, 0x51, 0xa0, 0xa1, 0xe1, 0xf1, 0x100, 0x110, 0x10001, 211, 212, 7, -1 << 31, 1<<31 - 1}
	var b []byte
	for op := range 256 {
		for range each {
			b = append(b, byte(op), byte(r.IntN(256)))
			if r.IntN(3) == 0 {
				b[len(b)-1] &= 0xf // the source register is 0
			}
			b = binary.NativeEndian.AppendUint16(b, uint16(offsets[r.IntN(len(offsets))]))
			b = binary.NativeEndian.AppendUint32(b, uint32(numbers[r.IntN(len(numbers))]))
			if op == 0x18 {
				b = append(b, 0, 0, 0, 0)
				b = binary.NativeEndian.AppendUint32(b, uint32(numbers[r.IntN(len(numbers))]))
			}
		}
	}
	return b
}

// A feeder has the reference print any instructions.
type feeder struct {
	*testing.T
	reference, preload string
	prog               bpf.FD
	id                 uint32
}

func newFeeder(t *testing.T) *feeder {
	f := &feeder{T: t, preload: filepath.Join(t.TempDir(), "feed.so")}
	f.reference, _ = fixture.Reference()
	clang, _ := fixture.Compiler()
	out, err := exec.Command(clang, "-O2", "-shared", "-fPIC", "-o", f.preload, "../testdata/lab/feed.c", "-ldl").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f.id = fixture.Prog(t, "socket_filter").ID
	if f.prog, err = bpf.Open(bpf.Prog, f.id); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.prog.Close)
	return f
}

// dump returns what the reference prints about instructions. before is a command that
// runs it.
func (f *feeder) dump(code []byte, before ...string) string {
	f.Helper()
	file := filepath.Join(f.TempDir(), "code")
	if err := os.WriteFile(file, code, 0o600); err != nil {
		f.Fatal(err)
	}
	words := append(before, f.reference, "prog", "dump", "xlated", "id", fmt.Sprint(f.id))
	c := exec.Command(words[0], words[1:]...)
	c.Env = append(os.Environ(), "FEED="+file, "LD_PRELOAD="+f.preload)
	out, err := c.Output()
	if err != nil {
		f.Fatalf("%s: %v\n%s", c, err, out)
	}
	return string(out)
}

// record writes down what the reference prints, without its numbers.
func (f *feeder) record(code []byte) {
	f.Helper()
	var b strings.Builder
	lines := bufio.NewScanner(strings.NewReader(f.dump(code, "setpriv", "--bounding-set", "-syslog", "--inh-caps", "-syslog")))
	for lines.Scan() {
		number, text, _ := strings.Cut(lines.Text(), ": ")
		var slot int
		if _, err := fmt.Sscan(number, &slot); err != nil {
			f.Fatal(err)
		}
		size := bytecode.Size
		if code[slot*size] == 0x18 {
			size *= 2
		}
		fmt.Fprintf(&b, "%x\t%s\n", code[slot*bytecode.Size:][:size], text)
	}
	if err := os.WriteFile(spellings, []byte(b.String()), 0o644); err != nil {
		f.Fatal(err)
	}
}
