package machine_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// refsAt is the address of the code of the cases.
const refsAt = 0x3ff80001000

// refCases are assembled by GNU as; want has the offset of each instruction that
// refers to something, and to what.
var refCases = []struct{ arch, name, source, code, want string }{
	{"aarch64", "call of a number", `movn x10, #0x7edb; movk x10, #0x8123, lsl #16; movk x10, #0x8000, lsl #32; blr x10`, "6adb8f926a24b0f20a00d0f240013fd6", "8 const 0xffff800081238124, 12 call 0xffff800081238124"},
	{"aarch64", "number of 32 bits", `mov x0, #0x1234; movk x0, #0x7654, lsl #16; ret`, "804682d280caaef2c0035fd6", ""},
	{"aarch64", "two numbers", `mov x0, #0x100000000; mov x1, #0x200000000; blr x1`, "2000c0d24100c0d220003fd6", "0 const 0x100000000, 4 const 0x200000000, 8 call 0x200000000"},
	{"aarch64", "overwritten", `mov x10, #0x100000000; ldr x10, [x0]; blr x10`, "2a00c0d20a0040f940013fd6", "0 const 0x100000000"},
	{"aarch64", "not at once", `mov x10, #0x100000000; nop; blr x10`, "2a00c0d21f2003d540013fd6", "0 const 0x100000000"},
	{"aarch64", "page and offset", `adrp x0, .+0x3000; add x0, x0, #0x10; ret`, "0000009000400091c0035fd6", "4 const 0x3ff80001010"},
	{"aarch64", "literal", `ldr x10, 1f; br x10; 1: .quad 0xffff800081234568`, "4a00005840011fd6684523810080ffff", "0 const 0xffff800081234568, 4 jump 0xffff800081234568"},
	{"aarch64", "literal outside", `ldr x10, .+8; br x10`, "4a00005840011fd6", ""},
	{"aarch64", "direct", `bl .+0x100; b .-4; b.eq .+8; cbz x0, .+12; tbnz x0, #1, .-16; bc.eq .+8`, "40000094ffffff1740000054600000b480ff0f3750000054", "0 call 0x3ff80001100, 4 jump 0x3ff80001000, 8 jump 0x3ff80001010, 12 jump 0x3ff80001018, 16 jump 0x3ff80001000, 20 jump 0x3ff8000101c"},
	{"aarch64", "other register", `mov x10, #0x100000000; blr x11`, "2a00c0d260013fd6", "0 const 0x100000000"},
	{"aarch64", "narrow", `mov x10, #0x100000000; movk w10, #5; blr x10`, "2a00c0d2aa00807240013fd6", "0 const 0x100000000"},
	{"riscv64", "call relative to pc", `auipc t1, 0x12; jalr ra, -16(t1)`, "17230100e70003ff", "4 call 0x3ff80012ff0"},
	{"riscv64", "tail call", `auipc t1, 0x12; jr 24(t1)`, "1723010067008301", "4 jump 0x3ff80013018"},
	{"riscv64", "call keeps another register", `auipc t1, 0x12; jalr t0, 0(t1)`, "17230100e7020300", "4 call 0x3ff80013000"},
	{"riscv64", "address relative to pc", `auipc a0, 0x12; addi a0, a0, 8; ret`, "172501001305850067800000", "4 const 0x3ff80013008"},
	{"riscv64", "number", `lui a0, 0xfff80; addiw a0, a0, 0x123; slli a0, a0, 12; addi a0, a0, 0x456; jalr a0`, "3705f8ff1b0535121315c50013056545e7000500", "12 const 0xffffffff80123456, 16 call 0xffffffff80123456"},
	{"riscv64", "short forms", `c.lui a0, 0x1f; c.addiw a0, -3; c.slli a0, 20; c.addi a0, 5; c.jalr a0`, "7d657535520515050295", "6 const 0x1effd00005, 8 call 0x1effd00005"},
	{"riscv64", "small", `li a0, 5; jalr a0; li a1, 0x7ff`, "13055000e70005009305f07f", "4 call 0x5"},
	{"riscv64", "overwritten", `auipc t1, 0x12; ld t1, 8(t1); jalr t1`, "1723010003338300e7000300", ""},
	{"riscv64", "direct", `jal ra, .+0x100; j .-4; beq a0, a1, .+16; c.j .+0x20; c.beqz a0, .-6; beqz a0, .-12`, "ef000010f5bf6308b50005a06ddd75d9", "0 call 0x3ff80001100, 4 jump 0x3ff80001000, 6 jump 0x3ff80001016, 10 jump 0x3ff8000102a, 12 jump 0x3ff80001006, 14 jump 0x3ff80001002"},
	{"loongarch64", "number", `lu12i.w $t1, -0x12345; ori $t1, $t1, 0x678; lu32i.d $t1, 0x12345; lu52i.d $t1, $t1, -1; jirl $ra, $t1, 0`, "6d97db15ade19903ad682416adfd3f03a101004c", "12 const 0xfff12345edcbb678, 16 call 0xfff12345edcbb678"},
	{"loongarch64", "call relative to pc", `pcaddu18i $t1, 2; jirl $ra, $t1, 16`, "4d00001ea111004c", "4 call 0x3ff80081010"},
	{"loongarch64", "tail call", `pcaddu18i $t1, 2; jirl $zero, $t1, -4`, "4d00001ea0fdff4f", "4 jump 0x3ff80080ffc"},
	{"loongarch64", "upper bits alone", `lu52i.d $a0, $zero, 0x7f0; ret`, "04c01f032000004c", "0 const 0x7f00000000000000"},
	{"loongarch64", "small", `li.w $t1, 5; jirl $ra, $t1, 0`, "0d148003a101004c", "4 call 0x5"},
	{"loongarch64", "overwritten", `lu12i.w $t1, -1; ld.d $t1, $t1, 8; jirl $ra, $t1, 0`, "edffff15ad21c028a101004c", "0 const 0xfffffffffffff000"},
	{"loongarch64", "direct", `bl .+0x100; b .-4; beq $a0, $a1, .+8; bnez $a0, .-0x20000; bceqz $fcc0, .+8`, "00000154ffffff53850800589f00004600080048", "0 call 0x3ff80001100, 4 jump 0x3ff80001000, 8 jump 0x3ff80001010, 12 jump 0x3ff7ffe100c, 16 jump 0x3ff80001018"},
	{"ppc64le", "number", `lis 12, -0x4000; ori 12, 12, 0x12; sldi 12, 12, 32; oris 12, 12, 0x8123; ori 12, 12, 0x4568; mtctr 12; bctrl`, "00c0803d12008c61c6078c7923818c6568458c61a603897d2104804e", "16 const 0xc000001281234568, 24 call 0xc000001281234568"},
	{"ppc64le", "short number", `li 12, 0x7654; sldi 12, 12, 32; ori 12, 12, 8; mtctr 12; bctr`, "54768039c6078c7908008c61a603897d2004804e", "8 const 0x765400000008, 16 jump 0x765400000008"},
	{"ppc64le", "relative to pc", `pla 12, .+0x12344; mtctr 12; bctrl`, "0100100644238039a603897d2104804e", "0 const 0x3ff80013344, 12 call 0x3ff80013344"},
	{"ppc64le", "other register", `li 12, 0x7654; sldi 12, 12, 32; mtctr 11; bctrl`, "54768039c6078c79a603697d2104804e", "4 const 0x765400000000"},
	{"ppc64le", "overwritten", `lis 12, -0x4000; ld 12, 8(12); mtctr 12; bctrl`, "00c0803d08008ce9a603897d2104804e", "0 const 0xffffffffc0000000"},
	{"ppc64le", "direct", `bl .+0x100; b .-4; beq .+8; bla 0x100; bdnz .-16; bcl 20,31,.+4`, "01010048fcffff4b0800824103010048f0ff004205009f42", "0 call 0x3ff80001100, 4 jump 0x3ff80001000, 8 jump 0x3ff80001010, 12 call 0x100, 16 jump 0x3ff80001000, 20 call 0x3ff80001018"},
	{"s390x", "direct", `brasl %r14,.+0x1000; j .-6; jg .+0x2000; jne .+8; cgrje %r1,%r2,.-4; brct %r1,.+8; bras %r14,.+6; brcl 0,.+8`, "c0e500000800a7f4fffdc0f400001000a7740004ec12fffe8064a7160004a7e50003c00400000004", "0 call 0x3ff80002000, 6 jump 0x3ff80001000, 10 jump 0x3ff8000300a, 16 jump 0x3ff80001018, 20 jump 0x3ff80001010, 26 jump 0x3ff80001022, 30 call 0x3ff80001024"},
	{"s390x", "literal", `lgrl %r1,1f; basr %r14,%r1; 1: .quad 0x3ff81234568`, "c418000000040de1000003ff81234568", "0 const 0x3ff81234568, 6 call 0x3ff81234568"},
	{"s390x", "address", `larl %r1,.+0x1000; br %r1`, "c0100000080007f1", "0 const 0x3ff80002000, 6 jump 0x3ff80002000"},
	{"s390x", "halves", `llihf %r1,0x3ff; oilf %r1,0x81234568; basr %r14,%r1`, "c01e000003ffc01d812345680de10707", "6 const 0x3ff81234568, 12 call 0x3ff81234568"},
	{"s390x", "insert", `llilf %r1,0x81234568; iihf %r1,0x3ff; br %r1`, "c01f81234568c018000003ff07f10707", "6 const 0x3ff81234568, 12 jump 0x3ff81234568"},
	{"s390x", "other register", `larl %r1,.+0x1000; br %r2`, "c0100000080007f2", "0 const 0x3ff80002000"},
	{"s390x", "no register", `larl %r1,.+0x1000; basr %r14,%r0`, "c010000008000de0", "0 const 0x3ff80002000"},
	{"s390x", "overwritten", `llilf %r1,0x81234568; lg %r1,0(%r1); basr %r14,%r1`, "c01f81234568e310100000040de10707", "0 const 0x81234568"},
}

func TestArchRefs(t *testing.T) {
	for _, c := range refCases {
		t.Run(c.arch+"/"+c.name, func(t *testing.T) {
			code, err := hex.DecodeString(c.code)
			if err != nil {
				t.Fatal(err)
			}
			if got := refsOf(arches[c.arch], code); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.source, got, c.want)
			}
		})
	}
}

// refsOf spells what the instructions of code refer to.
func refsOf(a *machine.Arch, code []byte) string {
	var refs []string
	for off, inst := range a.Insts(code, refsAt) {
		if r := inst.Ref; r.Kind != machine.NoRef {
			kind := [...]string{machine.Jump: "jump", machine.Call: "call", machine.Const: "const", machine.PerCPU: "percpu"}[r.Kind]
			refs = append(refs, fmt.Sprintf("%d %s %#x", off, kind, r.Value))
		}
	}
	return strings.Join(refs, ", ")
}
