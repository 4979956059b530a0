package audit

import (
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/render"
)

// typeRules are about BTF and the file systems that BPF needs.
func typeRules() []Rule {
	const group = "system"
	return []Rule{
		Rule{
			ID: "btf-kernel", Group: group, About: "the kernel has types",
			When:  "fail if there is no /sys/kernel/btf/vmlinux",
			Why:   "programs are adapted to the kernel by its types, and fentry, fexit, LSM, struct_ops and kfuncs are found by them",
			Mend:  "a kernel with CONFIG_DEBUG_INFO_BTF; for CO-RE alone, types from elsewhere do (--base-btf, custom BTF of loaders)",
			from:  func(s *State) Source { return s.Types.Kernel.Source },
			judge: judgeKernelTypes,
		},
		Rule{
			ID: "btf-modules", Group: group, About: "the modules that are loaded have types",
			When:  "warn if a module that is loaded has none",
			Why:   "programs neither trace a module by fentry nor call its kfuncs nor read its structs by CO-RE without its types",
			Mend:  "a kernel with CONFIG_DEBUG_INFO_BTF_MODULES (Linux 5.11); modules from elsewhere are to be built with the vmlinux of the running kernel and pahole at hand",
			from:  func(s *State) Source { return s.Types.Modules.Source },
			judge: judgeModuleTypes,
		},
		Rule{
			ID: "bpffs", Group: group, About: "a BPF file system is mounted on " + bpffsDir,
			When:  "warn if it is not",
			Why:   "programs and maps that are to outlive their loader are pinned there",
			Mend:  "mount -t bpf bpf " + bpffsDir,
			from:  func(s *State) Source { return s.Mounts.Source },
			judge: judgeBPFFS,
		},
		Rule{
			ID: "tracefs", Group: group, About: "tracefs is mounted where tools look for it",
			When:  "warn if it is neither on /sys/kernel/tracing nor on /sys/kernel/debug/tracing",
			Why:   "tracepoints and the functions that can be traced are looked up there, and probes of kernels before 4.17 are made there",
			Mend:  "mount -t tracefs tracefs " + tracefsDirs[0],
			from:  func(s *State) Source { return s.Mounts.Source },
			judge: judgeTracefs,
		},
	}
}

// maxNames is how many modules are named.
const maxNames = 8

func judgeKernelTypes(s *State) judgement {
	k := s.Types.Kernel
	switch {
	case k.Absent:
		return fail("the kernel has no types", "there is no "+k.From)
	}
	return pass("the kernel has types", fmt.Sprintf("%s has %s", k.From, render.Amount(int(k.Bytes), "byte")))
}

func judgeModuleTypes(s *State) judgement {
	m := s.Types.Modules
	switch without := m.Without; {
	case m.Absent:
		return pass("there are no modules without types: the kernel loads none", "there is no "+m.From)
	case len(without) > 0:
		list := strings.Join(without[:min(len(without), maxNames)], ", ")
		if more := len(without) - maxNames; more > 0 {
			list += fmt.Sprintf(" and %d more", more)
		}
		return warn(fmt.Sprintf("%s of %d without types", render.Amount(len(without), "module"), len(without)+len(m.With)), fmt.Sprintf("%s; no file in /sys/kernel/btf for %s", m.From, list))
	}
	return pass("all modules that are loaded have types", fmt.Sprintf("%s has %s", m.From, render.Amount(len(m.With), "module")))
}

const bpffsDir = "/sys/fs/bpf"

// tracefsDirs are where tracefs is looked for.
var tracefsDirs = [...]string{"/sys/kernel/tracing", "/sys/kernel/debug/tracing"}

func judgeBPFFS(s *State) judgement {
	return s.Mounts.judge("a BPF file system", "BPF file systems", s.Mounts.BPF, bpffsDir)
}

func judgeTracefs(s *State) judgement {
	return s.Mounts.judge("tracefs", "tracefs", s.Mounts.Tracefs, tracefsDirs[:]...)
}

// judge looks for a file system on one of some directories.
func (m Mounts) judge(one, many string, found []string, wanted ...string) judgement {
	for _, dir := range found {
		for _, w := range wanted {
			if dir == w {
				return pass(fmt.Sprintf("%s is mounted on %s", one, dir), m.From)
			}
		}
	}
	if len(found) > 0 {
		return warn(fmt.Sprintf("no %s is mounted on %s", strings.TrimPrefix(one, "a "), wanted[0]), fmt.Sprintf("%s has %s on %s", m.From, many, strings.Join(found, ", ")))
	}
	return warn(fmt.Sprintf("no %s is mounted", strings.TrimPrefix(one, "a ")), m.From+" has none")
}
