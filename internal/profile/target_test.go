package profile

import (
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/btf"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

// mainType is the type of "int name(void *ctx)".
func mainType(name string) *btf.Func {
	return &btf.Func{
		Name: name, Linkage: btf.GlobalFunc,
		Type: &btf.FuncProto{
			Return: &btf.Int{Name: "int", Size: 4, Encoding: btf.Signed},
			Params: []btf.FuncParam{{Name: "ctx", Type: &btf.Pointer{Target: &btf.Void{}}}},
		},
	}
}

// busy makes a program with a loop.
func busy(t *testing.T, turns int32) *ebpf.Program {
	t.Helper()
	first := btf.WithFuncMetadata(asm.Mov.Imm(asm.R0, 0).WithSymbol("busy"), mainType("busy"))
	return program(t, &ebpf.ProgramSpec{Name: "busy", Type: ebpf.XDP, License: "GPL", Instructions: asm.Instructions{
		first,
		asm.Add.Imm(asm.R0, 1).WithSymbol("turn"),
		asm.JLT.Imm(asm.R0, turns, "turn"),
		asm.Mov.Imm(asm.R0, 2), // XDP_PASS
		asm.Return(),
	}})
}

func program(t *testing.T, s *ebpf.ProgramSpec) *ebpf.Program {
	t.Helper()
	p, err := ebpf.NewProgram(s)
	check(t, err)
	t.Cleanup(func() { p.Close() })
	return p
}

// traced makes a program that traces another one.
func traced(t *testing.T) int {
	t.Helper()
	p := program(t, &ebpf.ProgramSpec{
		Name: "tracing", Type: ebpf.Tracing, AttachType: ebpf.AttachTraceFEntry, AttachTarget: busy(t, 1), AttachTo: "busy", License: "GPL",
		Instructions: asm.Instructions{
			btf.WithFuncMetadata(asm.Mov.Imm(asm.R0, 0).WithSymbol("tracing"), mainType("tracing")),
			asm.Return(),
		},
	})
	return p.FD()
}

// linesOnly makes a program with types, of which it tells lines of source but no functions.
func linesOnly(t *testing.T) int {
	t.Helper()
	var b btf.Builder
	_, err := b.Add(mainType("lines"))
	check(t, err)
	data, err := b.Marshal(nil, nil)
	check(t, err)
	types, err := bpf.LoadBTF(data, 0, nil)
	check(t, err)
	defer types.Close()
	code := []byte{
		0xb7, 0, 0, 0, 2, 0, 0, 0, // r0 = 2
		0x95, 0, 0, 0, 0, 0, 0, 0, // exit
	}
	fd, _, err := bpf.LoadProg(&bpf.ProgSpec{
		Type: 6, Name: "lines", License: "GPL", Insns: code, BTF: types,
		Lines: []bpf.LineInfo{{LineCol: 1 << 10}},
	}, nil)
	check(t, err)
	t.Cleanup(fd.Close)
	return int(fd)
}
