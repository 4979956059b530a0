package cmd

import (
	"bufio"
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/gobpftool/gobpftool/internal/call"
)

// Version is what "version" reports.
type Version struct {
	Bpftool  string   `json:"version"`        // the version that this tool stands in for
	Libbpf   string   `json:"libbpf_version"` // the library whose rules it follows
	Features Features `json:"features"`
	Own      string   `json:"gobpftool"` // version of this tool, Go and platform
}

// Features are what builds of bpftool differ in, as scripts ask for it.
type Features struct {
	Libbfd    bool `json:"libbfd"`    // disassembles machine code with libbfd
	LLVM      bool `json:"llvm"`      // disassembles machine code with LLVM
	Crypto    bool `json:"crypto"`    // signs programs
	Skeletons bool `json:"skeletons"` // shows which processes hold objects
	Bootstrap bool `json:"bootstrap"` // is a bpftool that only builds others
}

const versionLong = `Shows the version of bpftool that the tool stands in for, that of the library whose rules it follows, ` +
	`what it can do that not every build of bpftool can, and its own version.`

func showVersion(_ context.Context, c *call.Call) error {
	return c.Out.One(&Version{
		Bpftool:  "7.8.0",
		Libbpf:   "1.8",
		Features: Features{Skeletons: true},
		Own:      fmt.Sprintf("%s %s %s/%s", moduleVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH),
	})
}

// moduleVersion returns the version of this tool, or "(devel)".
func moduleVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// Plain implements [render.Fact]. Scripts look for "bpftool v" at the start.
func (v *Version) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "bpftool v%s\nusing libbpf v%s\nfeatures:", v.Bpftool, v.Libbpf)
	var on []string
	for _, f := range []struct {
		name string
		on   bool
	}{
		{"libbfd", v.Features.Libbfd},
		{"llvm", v.Features.LLVM},
		{"crypto", v.Features.Crypto},
		{"skeletons", v.Features.Skeletons},
		{"bootstrap", v.Features.Bootstrap},
	} {
		if f.on {
			on = append(on, " "+f.name)
		}
	}
	fmt.Fprintf(w, "%s\ngobpftool %s\n", strings.Join(on, ","), v.Own)
}
