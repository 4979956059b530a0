// Package attach attaches loaded programs to what the names of their sections say, as libbpf's
// bpf_program__attach does.
//
// Source: Documentation/bpf/libbpf/program_types.rst of the kernel, which has the sections;
// what the reference's "prog loadall" with "autoattach" makes of them, with which tests compare.
package attach

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A Program is a loaded program.
type Program struct {
	FD      bpf.FD
	Section string           // of the object that it is from, with "?" in front or not
	Attach  names.AttachType // with which it was loaded, meaningful if its section has one
}

// ErrNotAuto says that programs of a section do not attach themselves.
var ErrNotAuto = errors.New("programs of this section are not attached by its name")

// A MissingTarget says that a section names the kind of an attachment only. It is an [ErrNotAuto].
type MissingTarget struct {
	Section string
	Form    string // of a section that says all, such as "kprobe/function[+offset]"
}

func (e *MissingTarget) Error() string {
	return fmt.Sprintf("section %s: it does not say what to attach to", e.Section)
}

// Unwrap returns ErrNotAuto.
func (e *MissingTarget) Unwrap() error { return ErrNotAuto }

// An Attacher attaches the programs of one object. It keeps account of what they share.
type Attacher struct {
	maps   func(name string) (bpf.FD, bool)
	tables *usdtTables // nil before the first user-space tracepoint
}

// New returns an Attacher for the programs of an object whose loaded maps are found by their names.
func New(maps func(name string) (bpf.FD, bool)) *Attacher { return &Attacher{maps: maps} }

// Attach attaches a program. The link belongs to the caller.
//
// The error is an [ErrNotAuto] if nothing was tried, as the section does not say what to attach to.
func (a *Attacher) Attach(p Program) (*Link, error) {
	s, ok := names.ParseSection(p.Section)
	w, known := ways()[strings.TrimSuffix(s.Name, ".s")]
	if !ok || !s.Auto || !known {
		return nil, ErrNotAuto
	}
	if s.Rest == "" && w.form != "" {
		form := strings.Replace(w.form, "…", s.Name, 1)
		return nil, render.Hinted{Err: &MissingTarget{p.Section, form}, Hint: fmt.Sprintf("SEC(%q) would", form)}
	}
	if !s.Optional {
		p.Attach = s.Attach
	}
	l, err := w.attach(a, p, s)
	if err != nil {
		return nil, fmt.Errorf("section %s: %w", p.Section, err)
	}
	return l, nil
}

// A way is how programs of some sections are attached.
type way struct {
	attach func(*Attacher, Program, names.Section) (*Link, error)
	form   string // of sections, "…" for how they start; empty if the program was loaded for its target
}

// What sections look like that say all.
const (
	functionForm = "…/function[+offset]"
	patternForm  = "…/pattern of functions"
	fileForm     = "…/path:function[+offset]"
	filesForm    = "…/path:pattern of functions"
)

// ways has the sections without the ".s" of those that may sleep.
var ways = sync.OnceValue(func() map[string]way {
	return map[string]way{
		"kprobe":          {attachKprobe, functionForm},
		"kretprobe":       {attachKprobe, "…/function"},
		"ksyscall":        {attachSyscall, "…/syscall"},
		"kretsyscall":     {attachSyscall, "…/syscall"},
		"kprobe.multi":    {attachKprobes, patternForm},
		"kretprobe.multi": {attachKprobes, patternForm},
		"kprobe.session":  {attachKprobes, patternForm},
		"uprobe":          {attachUprobe, fileForm},
		"uretprobe":       {attachUprobe, "…/path:function"},
		"uprobe.multi":    {attachUprobes, filesForm},
		"uretprobe.multi": {attachUprobes, filesForm},
		"uprobe.session":  {attachUprobes, filesForm},
		"usdt":            {attachUSDT, "…/path:provider:name"},
		"tracepoint":      {attachTracepoint, "…/category/name"},
		"tp":              {attachTracepoint, "…/category/name"},

		"raw_tracepoint":   {attachRawTracepoint, "…/name"},
		"raw_tp":           {attachRawTracepoint, "…/name"},
		"raw_tracepoint.w": {attachRawTracepoint, "…/name"},
		"raw_tp.w":         {attachRawTracepoint, "…/name"},

		"tp_btf":         {attachLoaded, ""},
		"fentry":         {attachLoaded, ""},
		"fexit":          {attachLoaded, ""},
		"fmod_ret":       {attachLoaded, ""},
		"fsession":       {attachLoaded, ""},
		"freplace":       {attachLoaded, ""},
		"lsm":            {attachLoaded, ""},
		"iter":           {attachIter, ""},
		"fentry.multi":   {attachFuncs, patternForm},
		"fexit.multi":    {attachFuncs, patternForm},
		"fsession.multi": {attachFuncs, patternForm},
	}
})

// returns reports whether the programs of a section run at the ends of functions.
func returns(s names.Section) bool {
	return strings.HasPrefix(s.Name, "kret") || strings.HasPrefix(s.Name, "uret")
}
