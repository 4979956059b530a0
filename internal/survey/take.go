package survey

import (
	"context"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/denied"
	"github.com/gobpftool/gobpftool/internal/kconfig"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/probe"
)

// answers are what the kernel said, by both methods.
type answers struct {
	found    *probe.Findings
	standing *denied.Standing
	types    *btf.Spec // nil if there are none
	noTypes  error     // why there are none
}

// Take asks the running kernel about all that is within a scope.
//
// The error is that of the context, or that rights cannot be given up.
func Take(ctx context.Context, scope probe.Scope) (*Survey, error) {
	var a answers
	var err error
	a.types, a.noTypes = pick.ReadKernelBTF(0)
	if a.found, err = probe.Ask(ctx, scope); err != nil {
		return nil, err
	}
	if err := probe.Run(1, scope.Unprivileged, func() {
		a.standing = denied.Read(denied.Prog(0, 0), denied.Map(0, 0), denied.Types(), denied.Link(0), denied.Token(""))
	}); err != nil {
		return nil, err
	}
	s := &Survey{Format: Format, Version: a.standing.Kernel, Unprivileged: scope.Unprivileged}
	var uname unix.Utsname
	if err := unix.Uname(&uname); err != nil {
		return nil, fmt.Errorf("the kernel's name: %w", err)
	}
	s.Kernel, s.Machine = unix.ByteSliceToString(uname.Release[:]), unix.ByteSliceToString(uname.Machine[:])
	if s.Options, err = kconfig.Read(); err != nil {
		s.Unread = err.Error()
	}
	s.Rows = a.rows()
	return s, nil
}

// rows describes the answers.
func (a *answers) rows() []Row {
	m, j := newModel(a.types, a.noTypes), judge{a.standing}
	rows := []Row{
		row(SystemCall, "bpf", "", j.syscall(a.found.Syscall), m.command(int64(bpf.ProgLoad))),
		row(Types, KernelTypes, "", unknown(""), m.there()),
	}
	for _, c := range []needs.Capability{needs.NetAdmin, needs.SysAdmin, needs.SysBoot, needs.Syslog, needs.Perfmon, needs.BPF} {
		rows = append(rows, row(Capability, c.String(), "", j.capability(c), unknown("")))
	}
	rows = append(rows,
		row(Security, lsmActive, "", j.lsm(), m.lsm()),
		row(Security, readsKernel, "", j.lockdown(a.kprobeHelper("bpf_probe_read_kernel"), "confidentiality"), unknown("")),
		row(Security, writesUser, "", j.lockdown(a.kprobeHelper("bpf_probe_write_user"), "integrity", "confidentiality"), unknown("")),
	)
	for _, p := range a.found.Progs {
		rows = append(rows, row(ProgType, p.Type.String(), "", j.of(p.Outcome, denied.Prog(p.Type, 0), "a program was loaded"), m.progType(p.Type)))
	}
	for _, t := range a.found.Maps {
		rows = append(rows, row(MapType, t.Type.String(), "", j.of(t.Outcome, denied.Map(t.Type, 0), "a map was made"), m.mapType(t.Type)))
	}
	for _, a := range a.found.Abilities {
		rows = append(rows, row(Limit, a.Name, "", j.of(a.Outcome, denied.Prog(socketFilter, 0), "a program was loaded"), unknown("")))
	}
	for _, p := range a.found.Progs {
		for _, h := range p.Helpers {
			rows = append(rows, row(Helper, h.Name, p.Type.String(), j.helper(p.Type, h.Outcome), m.helperFor(p.Type, h.Number)))
		}
	}
	return rows
}

// kprobeHelper returns how it ended to ask for a helper of programs of type kprobe, or nil if it was not asked.
func (a *answers) kprobeHelper(name string) *probe.Outcome {
	for _, p := range a.found.Progs {
		if p.Type.String() != "kprobe" {
			continue
		}
		for i := range p.Helpers {
			if p.Helpers[i].Name == name {
				return &p.Helpers[i].Outcome
			}
		}
	}
	return nil
}

const socketFilter = names.ProgType(1)
