package machine_test

import (
	"encoding/binary"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/machine"
)

// An excuse is a difference from objdump that is tolerated. Those that nothing needs
// fail.
type excuse struct {
	arch         string
	theirs, ours string // regular expressions of the whole text of an instruction
	why          string
}

var excuses = []excuse{
	{"loongarch64", `b(gez|ltz|gtz|lez)\t\$zero, .*`, `b(gez|ltz|gtz|lez)\t\$zero, .*`, "zero compared with zero has two names"},
	{"loongarch64", `rdtime[lh]\.w\t\$\w+, \$zero`, `rdcntv[lh]\.w\t\$\w+`, "x/arch takes the older name"},
	{"ppc64le", `dcb\w+\t.*`, `dcb\w+\t.*`, "cache instructions that have a name for each number"},
	{"ppc64le", `dmxv\w+\t.*`, `xv\w+\t.*`, "matrix instructions that are being renamed"},
	{"ppc64le", `lnia\t.*`, `addpcis\tr\d+,0`, "the next address has a name"},
	{"ppc64le", `m[ft]fpr\w+\t.*`, `m[ft]vsr\w+\t.*`, "the lower half of the vector registers are those of floating point"},
	{"ppc64le", `m[ft]\w+\tr\d+`, `m[ft]spr\t.*`, "special registers that have a name"},
	{"ppc64le", `stcisync|plwsync|phwsync`, `sync\t.*`, "barriers of stores, of which nothing is known here"},
	{"riscv64", `li\tzero,.*`, `addi\tzero,zero,.*`, "a hint"},
}

// compare fails for instructions that objdump spells in another way. Of random code
// only the mnemonic is compared, as many operands of floating-point and of system
// instructions are spelt in another way. It returns how many instructions objdump
// knows, and which of them we do not.
func compare(t *testing.T, a *machine.Arch, lines []dumped, operands bool, used map[string]bool) (known int, unnamed []dumped) {
	code, off := codeOf(lines), 0
	read := a.Reader()
	for _, l := range lines {
		inst := read(code[off:], uint64(off))
		off += len(l.code)
		mnemonic, _, _ := strings.Cut(inst.Text, "\t")
		switch theirs := strings.TrimSpace(l.mnemonic + "\t" + l.operands); {
		case strings.HasPrefix(l.mnemonic, "."):
			continue
		case strings.HasPrefix(mnemonic, "."):
			unnamed = append(unnamed, l)
		case inst.Len != len(l.code):
			t.Errorf("%s: %q has %d bytes", l, inst.Text, inst.Len)
		case inst.Text == theirs, mnemonic == l.mnemonic && !operands:
		case !excused(a.Name, theirs, inst.Text, used):
			t.Errorf("%s: ours is %q", l, inst.Text)
		}
		known++
	}
	return known, unnamed
}

func excused(arch, theirs, ours string, used map[string]bool) bool {
	for _, e := range excuses {
		if e.arch == arch && whole(e.theirs, theirs) && whole(e.ours, ours) {
			used[e.why] = true
			return true
		}
	}
	return false
}

func whole(expression, s string) bool {
	return regexp.MustCompile("^(?:" + expression + ")$").MatchString(s)
}

// TestArchAgainstBinutils compares random code, and the golden code with a few bits
// changed, with objdump.
func TestArchAgainstBinutils(t *testing.T) {
	fixture.Need(t, fixture.Binutils)
	used := map[string]bool{}
	eachTarget(t, func(t *testing.T, a *machine.Arch, c target) {
		r := rand.New(rand.NewPCG(1, 2))
		code := append(randomCode(r, a.Name), changed(r, a.Name, readDumped(t, a.Name))...)
		known, unnamed := compare(t, a, c.disassemble(t, code), false, used)
		names := map[string]bool{}
		for _, l := range unnamed {
			names[l.mnemonic] = true
		}
		t.Logf("objdump knows %d instructions; %d, of %d mnemonics, are data to us", known, len(unnamed), len(names))
		if share := 100 * float64(len(unnamed)) / float64(known); share > c.unnamed {
			t.Errorf("%.1f %% of instructions have no name, more than %.1f %%", share, c.unnamed)
		}
	})
	for _, e := range excuses {
		if !used[e.why] && !t.Failed() {
			t.Errorf("nothing needs the excuse for %s: %s", e.arch, e.why)
		}
	}
}

// length returns the length of the instruction that begins with first, or 0 if
// there is none.
func length(arch string, first byte) int {
	switch arch {
	case "riscv64":
		switch {
		case first&3 != 3:
			return 2
		case first&0x1f == 0x1f: // longer than any there is
			return 0
		}
	case "s390x":
		return [...]int{2, 4, 4, 6}[first>>6]
	}
	return 4
}

// randomCode is instructions of random bits.
func randomCode(r *rand.Rand, arch string) (code []byte) {
	for range 20000 {
		b := binary.LittleEndian.AppendUint64(nil, r.Uint64())
		code = append(code, b[:length(arch, b[0])]...)
	}
	return code
}

// changed is each line some times, with up to three bits changed.
func changed(r *rand.Rand, arch string, lines []dumped) (code []byte) {
	for _, l := range lines {
		for range 20 {
			b := slices.Clone(l.code)
			for range 1 + r.IntN(3) {
				bit := r.IntN(8 * len(b))
				b[bit/8] ^= 1 << (bit % 8)
			}
			if length(arch, b[0]) == len(b) {
				code = append(code, b...)
			}
		}
	}
	return code
}

// TestArchAgainstCompiler compares what clang makes of testdata/arches.c, for the
// oldest and for a new processor, with objdump: everything has a name there.
func TestArchAgainstCompiler(t *testing.T) {
	fixture.Need(t, fixture.Binutils, fixture.Clang)
	clang, _ := fixture.Compiler()
	eachTarget(t, func(t *testing.T, a *machine.Arch, c target) {
		for i, options := range c.clang {
			object := filepath.Join(t.TempDir(), "arches.o")
			args := append(strings.Fields(options), "--target="+c.triplet, "-O2", "-ffreestanding", "-c",
				"-o", object, filepath.Join("testdata", "arches.c"))
			out, err := exec.Command(clang, args...).CombinedOutput()
			switch {
			case err != nil && i == 0:
				t.Fatalf("%s %s: %v\n%s", clang, options, err, out)
			case err != nil: // a compiler may be older than the processor
				t.Logf("%s %s: %v", clang, options, err)
				continue
			}
			known, unnamed := compare(t, a, c.disassemble(t, codeOf(c.dump(t, object, c.objdump))), true, map[string]bool{})
			t.Logf("%s: %d instructions", options, known)
			if known < 300 || len(unnamed) > 0 {
				t.Errorf("%s: of %d instructions these have no name: %v", options, known, unnamed)
			}
		}
	})
}
