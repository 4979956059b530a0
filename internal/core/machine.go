package core

import (
	"encoding/binary"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// strangers tells if an object and the types are of machines that do not go together.
func (r *resolution) strangers() string {
	kernel := r.target.kernel
	if theirs := kernel.spec.ByteOrder(); theirs != r.object.Order {
		return fmt.Sprintf("The types are those of a %s machine, and the object is %s: they do not belong together.", endian(theirs), endian(r.object.Order))
	}
	r.once.Do(func() {
		r.machine = machineOf(newIndex("", r.object.BTF))
		r.kernelMachine = machineOf(kernel)
	})
	if r.machine == "" || r.kernelMachine == "" || r.machine == r.kernelMachine {
		return ""
	}
	return fmt.Sprintf("The types are those of a kernel for %s, and the object was made for %s: they do not belong together.", r.kernelMachine, r.machine)
}

func endian(order binary.ByteOrder) string {
	if order == binary.ByteOrder(binary.BigEndian) {
		return "big-endian"
	}
	return "little-endian"
}

// landmarks are fields of struct pt_regs, the registers of a machine, that no other machine
// has. The first that is found counts.
//
// Source: arch/*/include/asm/ptrace.h of the kernel.
var landmarks = []struct{ field, machine string }{
	{"r15", "x86-64"}, {"orig_ax", "x86"}, {"pstate", "arm64"}, {"uregs", "arm"}, {"gprs", "s390x"},
	{"nip", "ppc64"}, {"badaddr", "riscv"}, {"csr_era", "loongarch"}, {"cp0_epc", "mips"},
}

// machineOf tells the machine that types are of, or "".
func machineOf(x *index) string {
	for t := range x.called("pt_regs") {
		if t.Kind != btf.Struct {
			continue
		}
		have := make(map[string]bool)
		for _, name := range members(x.spec, t) {
			have[name] = true
		}
		for _, l := range landmarks {
			if have[l.field] {
				return l.machine
			}
		}
	}
	return ""
}
