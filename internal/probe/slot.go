package probe

import (
	"fmt"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A slot is a place for programs of a type: a way in which the kernel takes such programs, if it does.
type slot struct {
	name   string // of a section for such programs, or of a struct of functions, or ""
	typ    names.ProgType
	attach string // in bpftool's word, or ""
	flags  uint32
	Outcome

	specs []bpf.ProgSpec // one for each target that may be there, of which the first that is taken is kept
	every bool           // all that are taken are
}

// hooks are functions of security modules: one that is about sockets, one about files, where programs may also
// sleep, and the only one of Linux 5.10 where they may.
var hooks = []string{"bpf_lsm_socket_post_create", "bpf_lsm_file_open", "bpf_lsm_bprm_committed_creds"}

// slots returns the places that are known, by the kernel's types: nil if there are none.
func slots(kernel *kernelTypes) []slot {
	var list []slot
	for i, word := range names.ProgTypes() {
		t := names.ProgType(i)
		try := trialOf(t)
		if i == 0 || untold(t) {
			continue
		}
		list = append(list, newSlot(t, "", try.attach, try.flags))
		switch word { // whose programs may call more elsewhere
		case "kprobe":
			list = append(list, newSlot(t, "", "trace_kprobe_session", 0), newSlot(t, "", "", sleepable))
		case "tracepoint", "raw_tracepoint":
			list = append(list, newSlot(t, "", "", sleepable))
		case "cgroup_sock_addr":
			list = append(list, newSlot(t, "", "cgroup_unix_connect", 0))
		case "cgroup_sockopt":
			list = append(list, newSlot(t, "", "cgroup_setsockopt", 0))
		}
	}
	list = append(list, kernel.tracing()...)
	list = append(list, kernel.modules()...)
	return append(list, kernel.structs()...)
}

// newSlot returns a slot for programs that are attached to nothing that has a type, or else to one of some IDs.
func newSlot(t names.ProgType, name, attach string, flags uint32, ids ...btf.ID) slot {
	a, _ := names.ParseAttachType(attach)
	s := slot{name: name, typ: t, attach: attach, flags: flags}
	spec := bpf.ProgSpec{Type: uint32(t), AttachType: uint32(a), License: "GPL", Flags: flags, LogLevel: 1}
	if ids == nil {
		s.specs = []bpf.ProgSpec{spec}
		return s
	}
	for _, id := range ids {
		if id != 0 {
			spec.AttachID = uint32(id)
			s.specs = append(s.specs, spec)
		}
	}
	return s
}

// try finds out whether the slot takes programs, and where.
func (s *slot) try(log []byte) {
	if len(s.specs) == 0 {
		s.Err = fmt.Errorf("%w: the kernel's types have nothing to attach it to", ErrUntold)
		return
	}
	var taken []bpf.ProgSpec
	for _, spec := range s.specs {
		spec.Insns = code(move(0), exit)
		err := tried(&spec, log)
		if err != nil && !reached(log) {
			if s.Err == nil {
				s.Outcome = Outcome{Err: err, Said: lastLine(log)}
			}
			continue
		}
		if taken = append(taken, spec); !s.every {
			break
		}
	}
	if s.specs = taken; len(taken) > 0 {
		s.Outcome = Outcome{Able: true}
	}
}

// reached reports whether the verifier minds how a program ends that does nothing: what it is attached to is right.
func reached(log []byte) bool {
	text, _, _ := strings.Cut(unix.ByteSliceToString(log), explained)
	return strings.Contains(text, "(95) exit")
}

// open loads a program that does nothing into the slot. It belongs to the caller.
func (s *slot) open() (bpf.FD, error) {
	if !s.Able {
		return 0, s.Err
	}
	spec := s.specs[0]
	spec.Insns = code(move(0), exit)
	fd, _, err := bpf.LoadProg(&spec, nil)
	return fd, err
}

// sleeps reports whether programs of the slot may sleep.
func (s *slot) sleeps() bool { return s.flags&sleepable != 0 }

// tracing returns places in the kernel's functions, tracepoints and iterators.
func (k *kernelTypes) tracing() (list []slot) {
	tracing := progType("tracing")
	iters := k.named(iterPrefix+"task", iterPrefix+"bpf_map", iterPrefix+"bpf_prog")
	for _, place := range []struct {
		section, attach string
		ids             []btf.ID
	}{
		{"fentry", "trace_fentry", k.named(traced...)}, {"fexit", "trace_fexit", k.named(traced...)},
		{"fmod_ret", "modify_return", k.named(traced...)}, {"fsession", "trace_fsession", k.named(traced...)},
		{"tp_btf", "trace_raw_tp", append([]btf.ID{}, k.raw...)}, {"iter", "trace_iter", iters},
		{"fentry.multi", "trace_fentry_multi", nil}, {"fexit.multi", "trace_fexit_multi", nil},
		{"fsession.multi", "trace_fsession_multi", nil},
	} {
		list = append(list, newSlot(tracing, place.section, place.attach, 0, place.ids...),
			newSlot(tracing, place.section+".s", place.attach, sleepable, place.ids...))
	}
	return list
}

// modules returns places for security modules.
func (k *kernelTypes) modules() []slot {
	lsm := progType("lsm")
	return []slot{
		newSlot(lsm, "lsm", "lsm_mac", 0, k.named(hooks[1:]...)...),
		newSlot(lsm, "lsm.s", "lsm_mac", sleepable, k.named(hooks[1:]...)...),
		newSlot(lsm, "lsm_cgroup", "lsm_cgroup", 0, k.named(hooks[0])...),
	}
}

// structs returns places in structs of functions. The number of a member stands where others have the attach type.
func (k *kernelTypes) structs() (list []slot) {
	structOps := progType("struct_ops")
	for _, flags := range []uint32{0, sleepable} {
		for _, t := range k.ops {
			s := newSlot(structOps, t.name, "", flags)
			s.every = true
			spec := s.specs[0]
			s.specs = nil
			for _, m := range t.members {
				spec.AttachID, spec.AttachType = uint32(t.id), uint32(m)
				s.specs = append(s.specs, spec)
			}
			list = append(list, s)
		}
	}
	return list
}
