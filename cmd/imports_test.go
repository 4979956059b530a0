package cmd_test

import (
	"os"
	"path"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

const module = "github.com/gobpftool/gobpftool"

// layers are the rows of the picture in ARCHITECTURE.md, lowest first. A
// package imports only packages of lower rows, so those of one row never import
// each other. Packages of no row are objects of the command line; they are
// between the last row here and cmd.
var layers = []string{
	"args bytecode docs elffile graph grammar kallsyms machine names uapi unpack usdt verdict",
	"btf kconfig machine/arm64 machine/loong64 machine/ppc64 machine/riscv64 machine/s390x machine/x86 outfile render",
	"bpf call elfobj kernels machine/host rtnl webpage",
	"adapt bpffs btfval decl holders needs probe",
	"attach btfdiff core cskeleton denied pick skeleton",
	"attachments entries events load reloc survey",
	"audit profile require",
}

// Ranks above those of the rows.
const (
	objectRank = 100 + iota // such as prog
	cmdRank
	toolRank // programs
)

// rank returns how high a package of this module stands.
func rank(pkg string) int {
	dir := strings.TrimPrefix(pkg, module+"/")
	name, internal := strings.CutPrefix(dir, "internal/")
	for i, row := range layers {
		if internal && strings.Contains(" "+row+" ", " "+name+" ") {
			return i
		}
	}
	switch {
	case dir == "cmd":
		return cmdRank
	case strings.HasPrefix(dir, "cmd/"), dir == "bench", dir == "internal/record", dir == "internal/corpus", strings.HasPrefix(dir, "examples/"), strings.HasPrefix(dir, "internal/skeleton/"), strings.HasPrefix(dir, "testdata/"):
		return toolRank
	case internal:
		return -1
	}
	return objectRank
}

// forTests are packages that only tests and tools import.
var forTests = []string{module + "/internal/fixture", module + "/internal/replay", module + "/internal/differences", module + "/internal/opinion", "github.com/google/go-cmp/cmp"}

// speakers are the only packages that may import what speaks to the kernel or
// the user, or reads files, in a way that has one owner.
var speakers = map[string][]string{
	"github.com/urfave/cli/v2":    {"cmd"},
	"unsafe":                      {"internal/bpf", "internal/fixture", "internal/skeleton/support", "internal/skeleton/every", "examples/trace_open", "examples/xdp_drop", "examples/tcp_cc"},
	"github.com/klauspost":        {"internal/unpack"},
	"github.com/pierrec":          {"internal/unpack"},
	"github.com/therootcompany":   {"internal/unpack"},
	"github.com/mdlayher/netlink": {"internal/rtnl", "internal/fixture"},
	"golang.org/x/arch/arm64":     {"internal/machine/arm64"},
	"golang.org/x/arch/loong64":   {"internal/machine/loong64"},
	"golang.org/x/arch/ppc64":     {"internal/machine/ppc64"},
	"golang.org/x/arch/riscv64":   {"internal/machine/riscv64"},
	"golang.org/x/arch/s390x":     {"internal/machine/s390x"},
	"golang.org/x/arch/x86":       {"internal/machine/x86"},
	"github.com/cilium/ebpf":      {"internal/fixture", "internal/record", "internal/corpus", "bench", "examples/demo", "internal/skeleton/support", "internal/skeleton/every", "examples/trace_open", "examples/xdp_drop", "examples/tcp_cc"},
}

func TestImports(t *testing.T) {
	cfg := &packages.Config{Mode: packages.NeedName | packages.NeedImports}
	pkgs, err := packages.Load(cfg, module+"/...")
	if err != nil {
		t.Fatal(err)
	}
	if len(pkgs) < 15 {
		t.Fatalf("only %d packages", len(pkgs))
	}
	for _, p := range pkgs {
		for to := range p.Imports {
			checkImport(t, p.PkgPath, to)
		}
		switch name := path.Base(p.PkgPath); name {
		case "util", "utils", "common", "helpers", "misc", "shared", "types":
			t.Errorf("%s: name the package after what it provides, not %q", p.PkgPath, name)
		}
	}
}

// TestDecoders builds the tool for each architecture with the one decoder that it can
// need: the others would take time whenever it starts.
func TestDecoders(t *testing.T) {
	decoders := map[string]string{
		"386": "x86", "amd64": "x86", "arm": "arm64", "arm64": "arm64", "loong64": "loong64",
		"mips64le": "", "ppc64le": "ppc64", "riscv64": "riscv64", "s390x": "s390x",
	}
	for goarch, want := range decoders {
		t.Run(goarch, func(t *testing.T) {
			cfg := &packages.Config{
				Mode: packages.NeedName | packages.NeedImports | packages.NeedDeps,
				Env:  append(os.Environ(), "GOOS=linux", "CGO_ENABLED=0", "GOARCH="+goarch),
			}
			pkgs, err := packages.Load(cfg, module+"/cmd/gobpftool")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			host := false
			for p := range packages.Postorder(pkgs) {
				host = host || p.PkgPath == module+"/internal/machine/host"
				if name, ok := strings.CutPrefix(p.PkgPath, "golang.org/x/arch/"); ok {
					got = append(got, path.Dir(name))
				}
			}
			if !host || strings.Join(got, " ") != want {
				t.Errorf("linked: %q, want %q; internal/machine/host: %t", got, want, host)
			}
		})
	}
}

func checkImport(t *testing.T, from, to string) {
	dir := strings.TrimPrefix(from, module+"/")
	isTool := rank(from) == toolRank || isOneOf(forTests, from)
	if isOneOf(forTests, to) && !isTool {
		t.Errorf("%s imports %s, which is for tests", from, to)
	}
	for owned, owners := range speakers {
		if (to == owned || strings.HasPrefix(to, owned+"/")) && !isOneOf(owners, dir) {
			t.Errorf("%s imports %s; only %s may", from, to, strings.Join(owners, ", "))
		}
	}
	if !strings.HasPrefix(to, module) || isTool {
		return
	}
	switch {
	case rank(from) < 0:
		t.Errorf("%s stands in no row: add it to the picture in ARCHITECTURE.md and to this test", from)
	case rank(to) >= rank(from):
		t.Errorf("%s imports %s, which is not below it", from, to)
	}
}

func isOneOf(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}
