package denied_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/cilium/ebpf/btf"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/denied"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// Variables that make the test binary a process that asks the kernel for something, and prints
// what came of it.
const (
	askVar   = "GOBPFTOOL_DENIED_ASK"   // keys of asks, each with what belongs to it, with semicolons between
	mountVar = "GOBPFTOOL_DENIED_MOUNT" // where to mount a BPF file system that delegates
	limitVar = "GOBPFTOOL_DENIED_LIMIT" // not empty: no memory may be locked; "soft": the limit may be raised to 4 MiB
	dropVar  = "GOBPFTOOL_DENIED_DROP"  // words of numbers: capabilities to give up, in a new user namespace
)

func TestMain(m *testing.M) {
	if what := os.Getenv(askVar); what != "" {
		if err := ask(what); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	fixture.Main(m)
}

// An answer is what came of it.
type answer struct {
	Done  bool // the kernel did it
	Error string
	Told  string // the error as [denied.Explain] has it
	verdict.Verdict
	Missing []string
	Hint    string
	Limit   uint64 // of locked memory, in bytes, when all was done
}

// answerOf returns what came of a request.
func answerOf(asked denied.Request, err error) (a answer) {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_MEMLOCK, &limit); err != nil {
		panic(err)
	}
	a.Limit, a.Done = limit.Cur, err == nil
	if a.Done {
		return a
	}
	c := denied.Read(asked).Why(asked, err)
	for _, m := range c.Missing {
		a.Missing = append(a.Missing, m.String())
	}
	a.Error, a.Verdict, a.Hint = err.Error(), c.Verdict, c.Hint
	a.Told = denied.Explain(asked, err).Error()
	return a
}

// ask asks the kernel for what words stand for.
func ask(words string) error {
	if dir := os.Getenv(mountVar); dir != "" {
		if err := fixture.MountDelegated(dir); err != nil {
			return err
		}
	}
	if list := os.Getenv(dropVar); list != "" {
		return again(strings.Fields(list))
	}
	if value := os.Getenv(limitVar); value != "" {
		var limit unix.Rlimit
		if value == "soft" {
			limit.Max = 4 << 20
		}
		if err := unix.Setrlimit(unix.RLIMIT_MEMLOCK, &limit); err != nil {
			return err
		}
	}
	token, _, err := bpffs.FindToken()
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	for word := range strings.SplitSeq(words, ";") {
		kind, rest, _ := strings.Cut(word, " ")
		asked, err := asks[kind](rest, token)
		if token != 0 && asked.Token == "" {
			asked.Token, _ = bpffs.TokenPath()
		}
		if err := out.Encode(answerOf(asked, err)); err != nil {
			return err
		}
	}
	return nil
}

// again runs this program in place of itself without some capabilities, all of which it
// got when it came into its user namespace.
func again(without []string) error {
	runtime.LockOSThread()
	for _, word := range without {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, numbers[word], 0, 0, 0); err != nil {
			return err
		}
	}
	os.Unsetenv(dropVar)
	os.Unsetenv(mountVar)
	return unix.Exec("/proc/self/exe", os.Args, os.Environ())
}

// asks ask the kernel, with a token or 0.
var asks = map[string]func(rest string, token bpf.FD) (denied.Request, error){
	"map":    askMap,
	"prog":   askProg,
	"btf":    askTypes,
	"token":  askToken,
	"helper": askHelper,
	"perf":   askPerf,
	"leak":   askLeak,
	"id":     askID,
}

// askMap makes a map: rest is its type, and maybe a flag.
func askMap(rest string, token bpf.FD) (denied.Request, error) {
	typ, seeded := strings.CutSuffix(rest, " zero_seed")
	number, _ := names.ParseMapType(typ)
	s := bpf.MapSpec{Type: uint32(number), KeySize: 4, ValueSize: 8, MaxEntries: 4, Token: token}
	if seeded {
		s.Flags = 1 << 6
	}
	switch typ {
	case "devmap", "sockmap", "xskmap", "cgroup_array", "prog_array":
		s.ValueSize = 4
	case "lpm_trie":
		s.KeySize, s.Flags = 8, unix.BPF_F_NO_PREALLOC
	case "ringbuf":
		s.KeySize, s.ValueSize, s.MaxEntries = 0, 0, 1<<16
	}
	fd, err := bpf.CreateMap(s)
	closed(fd, err)
	return denied.Map(number, s.Flags), err
}

// askProg loads a program that returns 0, or what helper gives: rest is its type.
func askProg(rest string, token bpf.FD) (denied.Request, error) {
	return load(rest, token, returns)
}

// returns is r0 = 0; exit.
var returns = []insn{{code: 0xb7}, {code: 0x95}}

// An insn is an instruction of BPF without an offset.
type insn struct {
	code, regs uint8
	imm        int32
}

func load(typ string, token bpf.FD, code []insn) (denied.Request, error) {
	typ, attach, _ := strings.Cut(typ, "/")
	s := bpf.ProgSpec{License: "GPL", Token: token, LogLevel: 1}
	var number names.ProgType
	if err := json.Unmarshal([]byte(strconv.Quote(typ)), &number); err != nil {
		panic(err)
	}
	s.Type = uint32(number)
	if attach != "" {
		n, _ := names.ParseAttachType(attach)
		s.AttachType = uint32(n)
	}
	if attach == "trace_fentry" {
		s.AttachID = kernelFunc()
	}
	for _, i := range code {
		s.Insns = binary.NativeEndian.AppendUint32(append(s.Insns, i.code, i.regs, 0, 0), uint32(i.imm))
	}
	log := make([]byte, 1<<16)
	fd, _, err := bpf.LoadProg(&s, log)
	closed(fd, err)
	r := denied.Prog(number, names.AttachType(s.AttachType))
	r.Log = unix.ByteSliceToString(log)
	return r, err
}

// askHelper loads a program of a type that calls a helper: rest is both.
func askHelper(rest string, token bpf.FD) (denied.Request, error) {
	typ, number, _ := strings.Cut(rest, " ")
	var n int32
	fmt.Sscan(number, &n)
	r10 := insn{code: 0xbf, regs: 0xa1} // r1 = r10
	return load(typ, token, []insn{
		r10, {code: 0x07, regs: 1, imm: -8}, {code: 0xb7, regs: 2, imm: 8}, {code: 0xb7, regs: 3}, {code: 0x85, imm: n}, {code: 0xb7}, {code: 0x95},
	})
}

// kernelFunc returns the type of a function of the kernel, or 0 if it has none.
func kernelFunc() uint32 {
	kernel, err := btf.LoadKernelSpec()
	if err != nil {
		return 0
	}
	var f *btf.Func
	if err := kernel.TypeByName("bpf_fentry_test1", &f); err != nil {
		return 0
	}
	id, err := kernel.TypeID(f)
	if err != nil {
		return 0
	}
	return uint32(id)
}

// askLeak loads a program of a type that returns an address.
func askLeak(rest string, token bpf.FD) (denied.Request, error) {
	return load(rest, token, []insn{{code: 0xbf, regs: 0xa0}, {code: 0x95}})
}

// askTypes loads BTF with the type int in it.
func askTypes(_ string, token bpf.FD) (denied.Request, error) {
	data, err := binary.Append(nil, binary.NativeEndian, []uint32{
		1<<16 | 0xeb9f, 24, 0, 16, 16, 5, // the header
		1, 1 << 24, 4, 32, // the type
	})
	if err != nil {
		return denied.Request{}, err
	}
	fd, err := bpf.LoadBTF(append(data, "\x00int\x00"...), token, nil)
	closed(fd, err)
	return denied.Types(), err
}

// askToken makes a token of a directory.
func askToken(dir string, _ bpf.FD) (denied.Request, error) {
	root, err := unix.Open(dir, unix.O_DIRECTORY, 0)
	if err != nil {
		return denied.Request{}, err
	}
	fd, err := bpf.CreateToken(root)
	closed(fd, err)
	return denied.Token(dir), err
}

// askID looks for the first program.
func askID(string, bpf.FD) (denied.Request, error) {
	for _, err := range bpf.IDs(bpf.Prog) {
		return denied.ByID(), err
	}
	return denied.ByID(), nil
}

// askPerf opens an event that counts the kernel's time on the first processor.
func askPerf(string, bpf.FD) (denied.Request, error) {
	fd, err := unix.PerfEventOpen(&unix.PerfEventAttr{Type: unix.PERF_TYPE_SOFTWARE, Size: unix.PERF_ATTR_SIZE_VER0}, -1, 0, -1, unix.PERF_FLAG_FD_CLOEXEC)
	closed(bpf.FD(fd), err)
	return denied.PerfEvent(), err
}

func closed(fd bpf.FD, err error) {
	if err == nil {
		fd.Close()
	}
}
