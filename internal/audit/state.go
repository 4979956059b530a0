// Package audit tells how well a system is set up for BPF, and how safely: what it finds is gathered
// first, with where it came from, and then judged by rules, each of which says why it matters and how to mend it.
//
// What could not be read is never taken for something that is not set: it is judged to be unknown.
package audit

import (
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// A State is all that an audit rests on. Nothing in it is judged.
type State struct {
	Kernel   Text      `json:"kernel"`   // what uname -r prints
	Settings []Setting `json:"settings"` // in the order of the table
	Lockdown Text      `json:"lockdown"` // none, integrity or confidentiality
	Modules  List      `json:"security_modules"`
	Memlock  Memlock   `json:"memlock"`
	Types    Types     `json:"btf"`
	Mounts   Mounts    `json:"mounts"`
	Caller   Caller    `json:"caller"`
	Config   Config    `json:"config"`
	Features []Feature `json:"features"` // in the order of the table; nil if the kernel was not asked
}

// A Source tells where something is from, and why it is not known if it is not.
type Source struct {
	From   string `json:"from"`             // a file or a system call
	Absent bool   `json:"absent,omitempty"` // it was looked for where it would be, and the kernel has none
	Unread string `json:"unread,omitempty"` // why it could not be read
	Help   string `json:"help,omitempty"`   // what would help, if it could not
}

// known reports whether there is something, and it was read.
func (s Source) known() bool { return !s.Absent && s.Unread == "" }

// A Text is a word of the kernel.
type Text struct {
	Source
	Value string `json:"value,omitempty"`
}

// A List are words of the kernel, in its order.
type List struct {
	Source
	Values []string `json:"values,omitempty"`
}

// A Setting is one of sysctl(8).
type Setting struct {
	Name string `json:"name"` // such as "kernel.kptr_restrict"
	Source
	Value *int64 `json:"value,omitempty"` // nil unless it is known
}

// Memlock is how locked memory is limited.
type Memlock struct {
	Limit  *uint64 `json:"limit"`  // RLIMIT_MEMLOCK in bytes; nil if there is no limit
	Counts bool    `json:"counts"` // whether a kernel of this version counts maps and programs against it
	Source
}

// Types are those of the kernel, as BTF.
type Types struct {
	Kernel  Size    `json:"kernel"`
	Modules Modules `json:"modules"`
}

// A Size is how long a file is.
type Size struct {
	Source
	Bytes int64 `json:"bytes,omitempty"`
}

// Modules are those of the kernel that are loaded. Without any that can be loaded, the file is absent.
type Modules struct {
	Source
	With    []string `json:"with_btf,omitempty"`
	Without []string `json:"without_btf,omitempty"`
}

// Mounts are the directories on which file systems are mounted.
type Mounts struct {
	Source
	BPF     []string `json:"bpf,omitempty"`
	Tracefs []string `json:"tracefs,omitempty"`
}

// A Caller is the process that asks.
type Caller struct {
	Source
	UID        int    `json:"uid"`                      // the effective one
	Effective  string `json:"effective"`                // capabilities, in hexadecimal as /proc has them
	Bounding   string `json:"bounding"`                 // those that it can get
	Last       uint8  `json:"last_capability"`          // the highest that the kernel knows, 0 if that is unknown
	Filtered   bool   `json:"seccomp_filter"`           // a seccomp filter is active
	NoNewPrivs bool   `json:"no_new_privs"`             // files give it no capabilities
	Namespace  string `json:"user_namespace,omitempty"` // if it is not the initial one
}

// A Config is how the kernel was configured.
type Config struct {
	Source
	Options []Value `json:"options,omitempty"` // those of the table, in its order
}

// A Value is what an option of the configuration is set to.
type Value struct {
	Name  string  `json:"name"`
	Value *string `json:"value"` // y, m, a number or a text in quotes; nil if it is not set
}

// A Feature is something that a kernel of the mainline has since a version, and whether this one has it.
type Feature struct {
	ID    string        `json:"id"`
	Kind  needs.Kind    `json:"kind"`
	Name  string        `json:"name"`
	Since names.Version `json:"since"`
	verdict.Verdict
}

// setting returns the setting with a name; one that was never looked for is not known.
func (s *State) setting(name string) Setting {
	for _, set := range s.Settings {
		if set.Name == name {
			return set
		}
	}
	return Setting{Name: name, Source: Source{From: settingPath(name), Unread: notRecorded}}
}

// option is [State.setting] for an option of the configuration, of which the value is nil if it is not set.
func (s *State) option(name string) (value *string, from Source) {
	if !s.Config.known() {
		return nil, s.Config.Source
	}
	for _, v := range s.Config.Options {
		if v.Name == name {
			return v.Value, s.Config.Source
		}
	}
	return nil, Source{From: s.Config.From, Unread: notRecorded}
}

// notRecorded is why something is not known that a saved state does not have.
const notRecorded = "it was not recorded"

// version returns the version of the kernel, zero if it is not known.
func (s *State) version() names.Version {
	v, _ := names.ParseVersion(s.Kernel.Value)
	return v
}

// before reports whether the kernel is known to be older than a version.
func (s *State) before(v names.Version) bool {
	have := s.version()
	return !have.IsZero() && !v.IsZero() && have.Compare(v) < 0
}
