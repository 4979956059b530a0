package feature

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/probe"
	"github.com/gobpftool/gobpftool/internal/survey"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// TestContradictions looks for what the C tool says otherwise than the survey, which in the words of "feature
// probe" is what it says itself, and has real programs decide.
func TestContradictions(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	found, err := probe.Ask(t.Context(), asked())
	if err != nil {
		t.Fatal(err)
	}
	s := surveyed(t)
	for _, r := range s.Rows {
		if r.Disagree {
			t.Errorf("%s %s %s: %s", r.Kind, r.Name, r.For, r.Verdict().Evidence)
		}
	}
	theirs := describe(nil, found)
	decided := 0
	for _, p := range theirs.Progs {
		word := strings.TrimSuffix(p.name, progEnd)
		decided += contradiction(t, s, survey.ProgType, word, p.able)
	}
	for _, m := range theirs.Maps {
		decided += contradiction(t, s, survey.MapType, strings.TrimSuffix(m.name, mapEnd), m.able)
	}
	d := newDecider(t)
	open := make(map[string][]string)
	for _, c := range theirs.Helpers {
		for _, name := range c.tried {
			r, ok := s.Find(survey.Helper, name, c.typ)
			if !ok {
				t.Fatalf("nothing is known of %s for %s", name, c.typ)
			}
			able := slices.Contains(c.able, name)
			switch {
			case able && r.Answer != verdict.Yes:
				t.Errorf("%s for %s: the C tool says that it is there, and the survey %v", name, c.typ, r.Verdict())
			case able || r.Answer != verdict.Yes:
			case d.calls(t, c.typ, name):
				decided++
			default:
				open[c.typ] = append(open[c.typ], name)
			}
		}
	}
	t.Logf("decided: %d", decided)
	for typ, list := range open {
		t.Logf("of programs of type %s, no arguments were found for %d: %s", typ, len(list), strings.Join(list, " "))
		if len(list) > 60 && !inGuest() {
			t.Errorf("too many helpers of %s are not decided", typ)
		}
	}
	if decided == 0 {
		t.Error("there is no contradiction at all, but the C tool does not know what programs of type tracing may call")
	}
}

// deciders are objects whose loading decides whether there is a type.
var deciders = map[string]string{
	"tracing": "tp_btf", "lsm": "lsm", "struct_ops": "struct_ops_tcp", "ext": "freplace",
}

// contradiction has an object decide if both say different things, and returns how many were.
func contradiction(t *testing.T, s *survey.Survey, k survey.Kind, word string, theirs bool) int {
	t.Helper()
	r, ok := s.Find(k, word, "")
	if !ok {
		t.Fatalf("nothing is known of %s %s", k, word)
	}
	if theirs == (r.Answer == verdict.Yes) {
		return 0
	}
	if theirs || r.Answer == verdict.No {
		t.Errorf("%s %s: the C tool says %v, and the survey %v", k, word, theirs, r.Verdict())
		return 0
	}
	name, ok := deciders[word]
	if !ok {
		t.Errorf("%s %s: the C tool says %v, the survey %v, and nothing decides", k, word, theirs, r.Verdict())
		return 0
	}
	o, err := elfobj.Open("../testdata/programs/" + name + ".o")
	if err != nil {
		t.Fatal(err)
	}
	if err := loads(t.Context(), o); (err == nil) != (r.Answer == verdict.Yes) {
		t.Errorf("%s %s: the survey says %v, and loading %s: %v", k, word, r.Verdict(), name, err)
	}
	return 1
}

// A decider loads programs that call helpers, with arguments of which some are maps.
type decider struct {
	arguments []argument
}

func newDecider(t *testing.T) *decider {
	d := &decider{slices.Clone(arguments)}
	for _, spec := range []ebpf.MapSpec{
		{Type: ebpf.Hash, KeySize: 4, ValueSize: 4}, {Type: ebpf.PerfEventArray, KeySize: 4, ValueSize: 4}, {Type: ebpf.ProgramArray, KeySize: 4, ValueSize: 4},
		{Type: ebpf.RingBuf, MaxEntries: uint32(os.Getpagesize())}, {Type: ebpf.Queue, ValueSize: 4}, {Type: ebpf.CGroupArray, KeySize: 4, ValueSize: 4},
		{Type: ebpf.StackTrace, KeySize: 4, ValueSize: 8}, {Type: ebpf.PerCPUArray, KeySize: 4, ValueSize: 4},
	} {
		spec.MaxEntries = max(spec.MaxEntries, 1)
		m, err := ebpf.NewMap(&spec)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { m.Close() })
		d.arguments = append(d.arguments, func(r asm.Register) asm.Instructions { return asm.Instructions{asm.LoadMapPtr(r, m.FD())} })
	}
	if inGuest() {
		d.arguments = d.arguments[:1] // more takes long there
	}
	return d
}

// places are where programs of a type may be attached.
var places = map[string][]ebpf.ProgramSpec{
	"tracing": {
		{Type: ebpf.Tracing, AttachType: ebpf.AttachTraceRawTp, AttachTo: "sched_switch"},
		{Type: ebpf.Tracing, AttachType: ebpf.AttachTraceIter, AttachTo: "task"},
		{Type: ebpf.Tracing, AttachType: ebpf.AttachTraceFEntry, AttachTo: "bpf_fentry_test1"},
	},
	"lsm": {
		{Type: ebpf.LSM, AttachType: ebpf.AttachLSMMac, AttachTo: "file_open"},
		{Type: ebpf.LSM, AttachType: ebpf.AttachLSMMac, AttachTo: "file_open", Flags: unix.BPF_F_SLEEPABLE},
		{Type: ebpf.LSM, AttachType: ebpf.AttachLSMMac, AttachTo: "bprm_committed_creds"},
	},
	"struct_ops": {{Type: ebpf.StructOps, AttachTo: "tcp_congestion_ops:init"}},
}

// An argument sets a register: R6 has the context, R7 the task that runs, and 64 bytes below the frame pointer are 0.
type argument func(r asm.Register) asm.Instructions

var arguments = []argument{
	func(r asm.Register) asm.Instructions { return asm.Instructions{asm.Mov.Imm(r, 0)} },
	func(r asm.Register) asm.Instructions { return asm.Instructions{asm.Mov.Reg(r, asm.R6)} },
	func(r asm.Register) asm.Instructions {
		return asm.Instructions{asm.Mov.Reg(r, asm.RFP), asm.Add.Imm(r, -64)}
	},
	func(r asm.Register) asm.Instructions { return asm.Instructions{asm.Mov.Imm(r, 8)} },
	func(r asm.Register) asm.Instructions { return asm.Instructions{asm.LoadMem(r, asm.R6, 0, asm.DWord)} }, // of struct_ops
	func(r asm.Register) asm.Instructions { return asm.Instructions{asm.Mov.Reg(r, asm.R7)} },
}

// blamed finds the register that the verifier has something against.
var blamed = regexp.MustCompile(`(?:^|\n)(?:arg#\d+ |)R([1-5])[ _]`)

// calls reports whether a program of a type that calls a helper is loaded with some arguments. They are found one by one,
// by what the verifier says.
func (d *decider) calls(t *testing.T, typ, helper string) bool {
	t.Helper()
	number := slices.Index(names.Helpers(), helper)
	for _, place := range places[typ] {
		elsewhere := true // it may be that the helper is for programs that are attached elsewhere
		var chosen [6]int
		for range 6 * len(d.arguments) {
			err := d.load(place, asm.BuiltinFunc(number), chosen)
			if err == nil {
				return true
			}
			var refused *ebpf.VerifierError
			if !errors.As(err, &refused) {
				break
			}
			log := strings.Join(refused.Log, "\n")
			elsewhere = strings.Contains(log, "cannot use helper") || strings.Contains(log, "unknown func") || strings.Contains(log, "not allowed in")
			r := d.blame(log, chosen)
			if r == 0 {
				break
			}
			if chosen[r]++; chosen[r] == len(d.arguments) {
				break
			}
		}
		if !elsewhere {
			return false
		}
	}
	return false
}

// blame returns the register that the verifier has something against, or 0.
func (d *decider) blame(log string, chosen [6]int) int {
	if strings.Contains(log, "cannot pass map_type") {
		return slices.IndexFunc(chosen[:], func(c int) bool { return c >= len(arguments) })
	}
	m := blamed.FindAllStringSubmatch(log, -1)
	if m == nil {
		return 0
	}
	r, _ := strconv.Atoi(m[len(m)-1][1])
	return r
}

// load loads a program that calls a function.
func (d *decider) load(spec ebpf.ProgramSpec, f asm.BuiltinFunc, chosen [6]int) error {
	insns := asm.Instructions{asm.Mov.Reg(asm.R6, asm.R1), asm.Mov.Imm(asm.R7, 0)}
	if !inGuest() { // which may be before Linux 5.11
		insns = append(insns, asm.FnGetCurrentTaskBtf.Call(), asm.Mov.Reg(asm.R7, asm.R0))
	}
	insns = append(insns, asm.Mov.Imm(asm.R0, 0))
	for off := int16(-64); off < 0; off += 8 {
		insns = append(insns, asm.StoreMem(asm.RFP, off, asm.R0, asm.DWord))
	}
	for r := asm.R1; r <= asm.R5; r++ {
		insns = append(insns, d.arguments[chosen[r]](r)...)
	}
	spec.License, spec.Name = "GPL", fmt.Sprint("calls_", int(f))
	spec.Instructions = append(insns, f.Call(), asm.Mov.Imm(asm.R0, 0), asm.Return())
	p, err := ebpf.NewProgramWithOptions(&spec, ebpf.ProgramOptions{LogLevel: ebpf.LogLevelBranch})
	if err == nil {
		p.Close()
	}
	return err
}
