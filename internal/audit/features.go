package audit

import (
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/survey"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// features is the group of findings about what the kernel can do.
const features = "features"

// A Question is what is asked of a kernel about a feature.
type Question struct {
	ID     string
	Title  string     // what people call it
	Kind   needs.Kind // the question, in the words of [needs.Need]
	Name   string
	Since  names.Version // the kernel of the mainline that brought it
	Source string        // where that is from
}

// Where versions are from. The tables of [names] are compared with twelve kernels by its tests.
const (
	byProgType = "enum bpf_prog_type of include/uapi/linux/bpf.h at the tags of mainline Linux"
	byMapType  = "enum bpf_map_type of include/uapi/linux/bpf.h at the tags of mainline Linux"
	byAttach   = "enum bpf_attach_type of include/uapi/linux/bpf.h at the tags of mainline Linux"
	byHelper   = "the list of helpers in include/uapi/linux/bpf.h at the tags of mainline Linux"
	byKfunc    = "the kfuncs that kernels mark in their types, and register_btf_kfunc_id_set in mainline Linux"
	byStruct   = "register_bpf_struct_ops in mainline Linux"
	byFlag     = "BPF_F_* of include/uapi/linux/bpf.h at the tags of mainline Linux"
	byTypes    = "include/uapi/linux/btf.h and kernel/bpf/btf.c of mainline Linux"
	byVerifier = "kernel/bpf/verifier.c of mainline Linux"
	byISA      = "Documentation/bpf/standardization/instruction-set.rst of mainline Linux, and its history"
)

// Questions are the features that are looked for, in the order of the kernels that brought them.
func Questions() []Question {
	list := []Question{
		progType("kprobe", "kprobes", "kprobe"),
		progType("tc", "filters of traffic control", "sched_cls"),
		progType("tracepoint", "tracepoints", "tracepoint"),
		progType("xdp", "XDP", "xdp"),
		progType("perf-event", "perf events", "perf_event"),
		progType("cgroup-skb", "packets of cgroups", "cgroup_skb"),
		mapType("lpm-trie", "longest prefix match", "lpm_trie"),
		mapType("hash-of-maps", "maps of maps", "hash_of_maps"),
		mapType("devmap", "XDP redirects by maps", "devmap"),
		{"bpf-to-bpf", "calls of functions", needs.Code, "calls of functions", v(4, 16), byVerifier},
		progType("raw-tracepoint", "raw tracepoints", "raw_tracepoint"),
		{"btf", "types of programs and maps", needs.BTFKind, "int", v(4, 18), byTypes},
		mapType("xskmap", "AF_XDP", "xskmap"),
		mapType("sk-storage", "storage of sockets", "sk_storage"),
		{"global-variables", "global variables", needs.Code, "global variables", v(5, 2), byVerifier},
		{"loops", "bounded loops", needs.Code, "loops", v(5, 3), byVerifier},
		attachType("fentry", "fentry", "trace_fentry"),
		attachType("fexit", "fexit", "trace_fexit"),
		structOps("struct-ops", "struct_ops", "tcp_congestion_ops"),
		progType("freplace", "programs that replace functions of others", "ext"),
		progType("lsm", "security modules", "lsm"),
		mapType("ringbuf", "ring buffers", "ringbuf"),
		attachType("iter", "iterators", "trace_iter"),
		progType("sk-lookup", "choice of sockets", "sk_lookup"),
		mapType("inode-storage", "storage of inodes", "inode_storage"),
		mapType("task-storage", "storage of tasks", "task_storage"),
		{"atomics", "atomic operations", needs.Instruction, "atomic operations beyond addition", v(5, 12), byISA},
		helper("for-each", "walks through maps", "bpf_for_each_map_elem"),
		progType("syscall", "programs that make system calls", "syscall"),
		helper("timers", "timers", "bpf_timer_init"),
		attachType("perf-event-link", "links of perf events", "perf_event"),
		mapType("bloom-filter", "bloom filters", "bloom_filter"),
		helper("loop", "bpf_loop", "bpf_loop"),
		attachType("kprobe-multi", "kprobes at many functions", "trace_kprobe_multi"),
		helper("dynptr", "dynamic pointers", "bpf_dynptr_from_mem"),
		attachType("lsm-cgroup", "security modules of cgroups", "lsm_cgroup"),
		mapType("user-ringbuf", "ring buffers from user space", "user_ringbuf"),
		mapType("cgrp-storage", "storage of cgroups", "cgrp_storage"),
		progType("netfilter", "netfilter", "netfilter"),
		kfunc("open-coded-iterators", "iterators within programs", "bpf_iter_num_new"),
		attachType("tcx", "tcx", "tcx_ingress"),
		attachType("uprobe-multi", "uprobes at many functions", "trace_uprobe_multi"),
		attachType("netkit", "netkit", "netkit_primary"),
		mapType("arena", "arenas", "arena"),
		{"token", "tokens", needs.MapFlag, "token_fd", names.MapFlags(1 << 16)[0].In, byFlag},
		{"may-goto", "loops that the kernel ends", needs.Instruction, "may_goto", v(6, 9), byISA},
		attachType("kprobe-session", "kprobes with sessions", "trace_kprobe_session"),
		structOps("sched-ext", "sched_ext", "sched_ext_ops"),
		attachType("uprobe-session", "uprobes with sessions", "trace_uprobe_session"),
		{"load-acquire", "load_acquire, store_release", needs.Instruction, "load_acquire, store_release", v(6, 15), byISA},
		structOps("qdisc", "queueing disciplines", "Qdisc_ops"),
		mapType("insn-array", "jumps by tables", "insn_array"),
		attachType("fsession", "fentry and fexit with sessions", "trace_fsession"),
		structOps("io-uring", "loops of io_uring", "io_uring_bpf_ops"),
		mapType("rhash", "hash tables that grow", "rhash"),
	}
	slices.SortStableFunc(list, func(a, b Question) int { return a.Since.Compare(b.Since) })
	return list
}

func progType(id, title, word string) Question {
	return Question{id, title, needs.ProgType, word, names.ProgType(slices.Index(names.ProgTypes(), word)).Since(), byProgType}
}

func mapType(id, title, word string) Question {
	t, _ := names.ParseMapType(word)
	return Question{id, title, needs.MapType, word, t.Since(), byMapType}
}

func attachType(id, title, word string) Question {
	t, _ := names.ParseAttachType(word)
	return Question{id, title, needs.AttachType, word, t.Since(), byAttach}
}

func helper(id, title, word string) Question {
	return Question{id, title, needs.Helper, word, names.HelperSince(int32(slices.Index(names.Helpers(), word))), byHelper}
}

func kfunc(id, title, word string) Question {
	return Question{id, title, needs.Kfunc, word, names.KfuncSince(word), byKfunc}
}

func structOps(id, title, word string) Question {
	return Question{id, title, needs.Target, word, names.StructOpsSince(word), byStruct}
}

// Finding returns the ID of the finding.
func (q Question) Finding() string { return "feature-" + q.ID }

// Answer adds what a kernel says to all questions.
func (s *State) Answer(found *survey.Survey) {
	s.Features = []Feature{}
	for _, q := range Questions() {
		s.Features = append(s.Features, q.answered(answer(found, survey.Kind(q.Kind.String()), q.Name)))
	}
}

// answer returns what a kernel says of something, or of functions that programs of any type may call it.
func answer(found *survey.Survey, k survey.Kind, name string) verdict.Verdict {
	if r, ok := found.Find(k, name, ""); ok {
		return r.Verdict()
	}
	v := verdict.Verdict{Answer: verdict.Unknown, Evidence: "the kernel was not asked"}
	for _, r := range found.Rows {
		if r.Kind == k && r.Name == name && (v.Answer == verdict.Unknown || r.Answer == verdict.Yes) {
			v = r.Verdict()
		}
	}
	return v
}

// answered returns the feature that a question is about.
func (q Question) answered(v verdict.Verdict) Feature {
	return Feature{q.ID, q.Kind, q.Name, q.Since, v}
}

// featureRules are about what the kernel can do: vendors bring features to older kernels, and leave out others.
func featureRules() []Rule {
	var list []Rule
	for _, q := range Questions() {
		list = append(list, Rule{
			ID: q.Finding(), Group: features, About: fmt.Sprintf("the kernel has %s (%s %s)", q.Title, q.Kind, q.Name),
			Why:   fmt.Sprintf("Linux has it since %s", q.Since),
			Mend:  "a kernel that is built with what it takes",
			from:  func(s *State) Source { return Source{From: fmt.Sprintf("%s %s", q.Kind, q.Name)} },
			judge: q.judge,
		})
	}
	return list
}

// judge compares what a kernel has with what it should have by its version.
func (q Question) judge(s *State) judgement {
	at := slices.IndexFunc(s.Features, func(f Feature) bool { return f.ID == q.ID })
	if at < 0 {
		return judgement{evidence: q.Title + ": " + notRecorded}
	}
	f := s.Features[at]
	evidence := f.Evidence
	if evidence == "" {
		evidence = fmt.Sprintf("%s %s", f.Kind, f.Name)
	}
	switch early := s.before(q.Since); {
	case f.Answer == verdict.Yes && early:
		return pass(fmt.Sprintf("%s: there, though Linux has it only from %s on: it was brought to this kernel", q.Title, q.Since), evidence)
	case f.Answer == verdict.Yes:
		return pass(q.Title+": there", evidence)
	case f.Answer == verdict.Denied:
		return judgement{what: q.Title + ": denied to this process", evidence: evidence}
	case f.Answer == verdict.Unknown:
		return judgement{what: q.Title + ": not known", evidence: evidence}
	case early:
		return note(fmt.Sprintf("%s: not there, it came with Linux %s", q.Title, q.Since), evidence).mended("Linux %s or later", q.Since)
	}
	if s.version().IsZero() {
		return warn(fmt.Sprintf("%s: not there; Linux has it since %s, and which version this is cannot be read", q.Title, q.Since), evidence)
	}
	return warn(fmt.Sprintf("%s: not there, though Linux has it since %s", q.Title, q.Since), evidence)
}
