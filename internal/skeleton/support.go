package skeleton

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/usdt"
)

// Its tests, whose names end in "test", stay out.
//
//go:embed support/*[^t].go support/*[^s]t.go
var supportFiles embed.FS

// uses notes that files of directory support are needed.
func (s *Skeleton) uses(names ...string) {
	for _, name := range names {
		s.parts[name] = true
	}
}

// support returns the text of the files that are needed, in the order of their names, and what
// they import.
func (s *Skeleton) support() (text string, imports []string, err error) {
	files := make(map[string]*supportFile)
	queue := slices.Clone(s.partNames())
	for len(queue) > 0 {
		name := queue[0]
		if queue = queue[1:]; files[name] != nil {
			continue
		}
		f, err := readSupport(name)
		if err != nil {
			return "", nil, err
		}
		files[name] = f
		queue = append(queue, f.uses...)
		imports = append(imports, f.imports...)
	}
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	rename := strings.NewReplacer("Skel", s.name, "skel", s.small)
	var b strings.Builder
	for _, name := range names {
		rename.WriteString(&b, files[name].text)
	}
	return b.String(), imports, nil
}

func (s *Skeleton) partNames() []string {
	var names []string
	for name := range s.parts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// A supportFile is a file of directory support.
type supportFile struct {
	uses    []string // other files
	imports []string // paths of packages
	text    string   // behind the imports
}

// readSupport reads a file, or what is borrowed from a package.
func readSupport(name string) (*supportFile, error) {
	if name == usdtPath {
		return borrow(usdt.Source)
	}
	b, err := supportFiles.ReadFile("support/" + name + ".go")
	if err != nil {
		return nil, err
	}
	f, err := parseSupport(string(b))
	if err != nil {
		return nil, fmt.Errorf("support/%s.go: %w", name, err)
	}
	if i := slices.Index(f.imports, usdtPath); i >= 0 {
		f.imports, f.uses = slices.Delete(f.imports, i, i+1), append(f.uses, usdtPath)
		f.text = unqualify(f.text)
	}
	return f, nil
}

// parseSupport takes a file apart, whose shape the files of that directory all have.
func parseSupport(rest string) (*supportFile, error) {
	f := &supportFile{}
	head := ""
	for rest != "" && !startsDeclaration(rest) {
		line, after, _ := strings.Cut(rest, "\n")
		head, rest = head+line+"\n", after
	}
	for line := range strings.Lines(head) {
		if list, ok := strings.CutPrefix(line, "// Uses: "); ok {
			f.uses = strings.Fields(list)
		}
		if parts := strings.Split(line, `"`); len(parts) == 3 {
			f.imports = append(f.imports, parts[1])
		}
	}
	if rest == "" {
		return nil, errors.New("it declares nothing")
	}
	f.text = "\n" + rest
	return f, nil
}

// startsDeclaration reports whether what follows in a file is a declaration, or its comment.
func startsDeclaration(rest string) bool {
	for _, word := range []string{"type ", "func ", "const ", "var "} {
		if strings.HasPrefix(rest, word) {
			return true
		}
	}
	return strings.HasPrefix(rest, "// ") && !strings.HasPrefix(rest, "// Uses: ")
}

// What support declares, but for the skeleton's name before it.
const (
	publicSupport = "AnyMap Auto Bloom Cgroup CgroupSKB Freplace Iter Kprobe KprobeMulti LIRC Lost Map MapOfMaps Netfilter Netkit NetNS " +
		"OnMap PerCPUMap Perf PerfEvent PerfReader Prog ProgArray Program Queue RawTracepoint Read Reader ReadPerf Reuseport Ringbuf " +
		"Setting Socket StructOps TCX Tracepoint Uprobe UprobeMulti USDT Var XDP"
	privateSupport = "AnswerZero AppendFunctions Area Attach Attacher Bind Blocks Bytes ConfigText Digit File FileFunctions FindTyped " +
		"IDOf Join KernelFunctions KernelStruct Kprobes Layout Links LookUp Member Nothing Place ProbeAll ProbeMany PseudoBTFID " +
		"PutNumber PutSetting ReadConfig Records Replace RoundRing Setting Settle Shape Struct Typed Uprobe Uprobes USDTMaps " +
		"Whole WrapsSyscalls"
)

// reserved returns the names at package level that support and the skeleton's own code have, or may have.
func (s *Skeleton) reserved() []string {
	list := []string{s.name, s.constructor(), s.small + "Object", s.name + "Maps", s.name + "Progs", s.name + "Links"}
	for _, field := range s.areaNames {
		list = append(list, s.name+field)
	}
	for _, name := range strings.Fields(publicSupport) {
		list = append(list, s.name+name)
	}
	for _, name := range strings.Fields(privateSupport) {
		list = append(list, s.small+name)
	}
	return list
}
