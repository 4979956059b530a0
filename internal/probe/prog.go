package probe

import (
	"encoding/binary"
	"errors"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/names"
)

// ErrUntold is the error of a probe that cannot be made: programs of a type cannot be loaded
// without something to attach to, so that it is not known which helpers they may call.
var ErrUntold = errors.New("there is no probe for it")

// enotsupp is the error of the kernel that says that it knows no such thing. It is not meant for
// user space, and no header there has it.
//
// Source: ENOTSUPP, include/linux/errno.h.
const enotsupp = unix.Errno(524)

// syscall finds out whether there is bpf(2): it loads nothing.
func syscall() Outcome {
	fd, _, err := bpf.LoadProg(&bpf.ProgSpec{}, nil)
	if err == nil { // which cannot be
		fd.Close()
	}
	return Outcome{Able: !errors.Is(err, unix.ENOSYS), Err: err}
}

// A trial is what a program of a type must have for the kernel to take it, or to refuse it in a way
// that tells that it knows the type.
type trial struct {
	attach string // how it will be attached, in bpftool's word, or ""
	id     uint32 // of a type of the kernel that it is attached to: none that it can be
	flags  uint32
	error  unix.Errno // with which it is refused, or 0 if it is taken
	says   string     // the verifier, when it refuses it
}

// sleepable is BPF_F_SLEEPABLE of include/uapi/linux/bpf.h.
const sleepable = 1 << 4

// trialOf returns the trial of a type. Before Linux 5.0 kprobes also needed the version of the kernel.
func trialOf(t names.ProgType) trial {
	const noFunc = "attach_btf_id 1 is not a function"
	switch t.String() {
	case "cgroup_sock_addr":
		return trial{attach: "cgroup_inet4_connect"}
	case "cgroup_sockopt":
		return trial{attach: "cgroup_getsockopt"}
	case "sk_lookup", "lirc_mode2", "netfilter":
		return trial{attach: t.String()}
	case "tracing":
		return trial{attach: "trace_fentry", id: 1, error: unix.EINVAL, says: noFunc}
	case "lsm":
		return trial{attach: "modify_return", id: 1, error: unix.EINVAL, says: noFunc}
	case "ext":
		return trial{id: 1, error: unix.EINVAL, says: "Cannot replace kernel functions"}
	case "struct_ops":
		return trial{error: enotsupp}
	case "syscall":
		return trial{flags: sleepable}
	}
	return trial{}
}

// untold reports whether programs of a type that the kernel knows are refused for what they are attached to,
// whatever they do.
func untold(t names.ProgType) bool { return trialOf(t).error != 0 }

// prog finds out whether there are programs of a type.
func (s Scope) prog(t names.ProgType, log []byte) Outcome {
	if s.Ifindex != 0 {
		return taken(s.load(t, trial{}, code(move(2), exit), nil)) // since offloaded to some devices no program may return 0
	}
	try := trialOf(t)
	if try.says == "" {
		log = nil
	}
	err := s.load(t, try, code(move(0), exit), log)
	if try.error == 0 {
		return taken(err)
	}
	o := Outcome{Able: errors.Is(err, try.error), Err: err}
	if try.says != "" {
		o.Said = line(log, try.says)
		o.Able = o.Able && o.Said != ""
	}
	return o
}

// helper finds out whether programs of a type, which there is, may call a helper. It is called with nothing
// in its arguments, so that the verifier almost always refuses that: only the reason tells.
func (s Scope) helper(t names.ProgType, number int32, log []byte) Outcome {
	var try trial
	if s.Ifindex == 0 {
		try = trialOf(t)
	}
	err := s.load(t, try, code(call(number), exit), log)
	o := Outcome{Able: true, Err: err}
	for _, refusal := range refusals {
		if o.Said = line(log, refusal); o.Said != "" {
			o.Able = err == nil
			return o
		}
	}
	o.Said = lastLine(log)
	if s.Unprivileged && errors.Is(err, unix.EPERM) { // the kernel has not looked at it
		o.Able = false
	}
	return o
}

// refusals are what the verifier says of a helper that it does not know, or that is not for programs
// of the type: the words were others before Linux 6.9.
var refusals = []string{"invalid func ", "unknown func ", "program of this type cannot use helper "}

// load loads a program and lets go of it. What the verifier says is in log, if there is one.
func (s Scope) load(t names.ProgType, try trial, insns, log []byte) error {
	spec := bpf.ProgSpec{
		Type: uint32(t), License: "GPL", Insns: insns, Flags: try.flags, AttachID: try.id,
		Ifindex: s.Ifindex, LogLevel: 1,
	}
	if try.attach != "" {
		attach, _ := names.ParseAttachType(try.attach)
		spec.AttachType = uint32(attach)
	}
	return tried(&spec, log)
}

// tried loads a program and lets go of it. What the verifier says is in log, if there is one.
func tried(spec *bpf.ProgSpec, log []byte) error {
	if log != nil {
		log[0] = 0
	}
	fd, _, err := bpf.LoadProg(spec, log)
	if err == nil {
		fd.Close()
	}
	return err
}

// taken is the outcome of a probe that fails if the kernel does not know what is asked for.
func taken(err error) Outcome { return Outcome{Able: err == nil, Err: err} }

// line returns the line of a log that has some words, or "".
func line(log []byte, words string) string {
	text := unix.ByteSliceToString(log)
	at := strings.Index(text, words)
	if at < 0 {
		return ""
	}
	start := strings.LastIndexByte(text[:at], '\n') + 1
	text, _, _ = strings.Cut(text[start:], "\n")
	return text
}

// explained is what separates the reason of a refusal from an explanation of many lines, which may follow since
// Linux 7.3.
const explained = "\nVerification failed:"

// lastLine returns what the verifier, or whoever reads BTF, says at the end of a log: why it refuses something.
func lastLine(log []byte) (last string) {
	text, _, _ := strings.Cut(unix.ByteSliceToString(log), explained)
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !statistics(line) {
			last = line
		}
	}
	return last
}

// statistics reports whether a line is one that ends each log of the verifier.
func statistics(text string) bool {
	return strings.HasPrefix(text, "processed ") || strings.HasPrefix(text, "verification time ") || strings.HasPrefix(text, "stack depth ")
}

// An insn is an instruction.
type insn = bytecode.Insn

var exit = insn{Code: 0x95}

// Instructions that set R0 to a number or count it down, that call a helper, and that jump over others
// if R0 compares to a number.
func move(n int32) insn                      { return insn{Code: 0xb7, Imm: n} }
func call(number int32) insn                 { return insn{Code: 0x85, Imm: number} }
func jump(op uint8, off int16, n int32) insn { return insn{Code: op, Off: off, Imm: n} }
func subtract(n int32) insn                  { return insn{Code: 0x17, Imm: n} }

// code returns instructions as the kernel reads them.
func code(list ...insn) []byte {
	var b []byte
	for _, in := range list {
		regs := in.Dst | in.Src<<4
		if binary.NativeEndian.Uint16([]byte{0, 1}) == 1 { // the order of bits is that of bytes
			regs = in.Src | in.Dst<<4
		}
		b = append(b, in.Code, regs)
		b = binary.NativeEndian.AppendUint16(b, uint16(in.Off))
		b = binary.NativeEndian.AppendUint32(b, uint32(in.Imm))
	}
	return b
}
