package survey

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/probe"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// Open reads a saved survey: what "feature probe why" writes as JSON, or "feature probe", also the one of the C tool.
// The latter does not tell the kernel's name, nor whether something
// is not there or was refused.
//
// The error tells what is wrong with the file.
func Open(path string) (*Survey, error) {
	data, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	s, err := Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if s.Kernel == "" {
		s.Kernel = path
	}
	return s, nil
}

// maxFile is more than any saved probe or audit has, in bytes.
const maxFile = 64 << 20

// ReadFile reads a file that somebody gave, which may be endless.
func ReadFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("%s: it has more than %d MiB", path, maxFile>>20)
	}
	return data, err
}

// Read reads either form. The kernel is without a name if the file does not tell it.
func Read(data []byte) (*Survey, error) {
	var head struct {
		Form string          `json:"form"`
		Bare json.RawMessage `json:"syscall_config"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("not JSON of a probe: %w", err)
	}
	switch {
	case head.Form == Form:
		s := new(Survey)
		if err := json.Unmarshal(data, s); err != nil {
			return nil, fmt.Errorf("%s: %w", Form, err)
		}
		return s, s.once()
	case head.Form != "":
		return nil, fmt.Errorf("form '%s', want %s", head.Form, Form)
	case head.Bare == nil:
		return nil, fmt.Errorf("neither %s nor what 'feature probe' writes as JSON", Form)
	}
	return readBare(data)
}

// once fails if there are two rows of the same thing, of which one could hide the other.
func (s *Survey) once() error {
	type key struct {
		kind     Kind
		name, of string
	}
	seen := make(map[key]bool, len(s.Rows))
	for i := range s.Rows {
		r := &s.Rows[i]
		k := key{r.Kind, r.Name, r.For}
		if seen[k] {
			return fmt.Errorf("%s: there are two rows of %s %s", Form, r.Kind, r.title())
		}
		seen[k] = true
	}
	return nil
}

// bare is what "feature probe" writes.
type bare struct {
	System  map[string]any      `json:"system_config"`
	Syscall map[string]bool     `json:"syscall_config"`
	Progs   map[string]bool     `json:"program_types"`
	Maps    map[string]bool     `json:"map_types"`
	Helpers map[string][]string `json:"helpers"`
	Misc    map[string]bool     `json:"misc"`
}

// privileged reports whether it was asked with capabilities: there are programs that take one.
func (b *bare) privileged() bool {
	return b.Progs["have_kprobe_prog_type"] || b.Progs["have_sched_cls_prog_type"] || b.Progs["have_xdp_prog_type"]
}

// trampolines are types of programs that some kernels know and refuse to everybody, as they do not change their own code.
var trampolines = []string{"tracing", "lsm", "ext"}

// helpersEnd ends the keys of what programs of a type may call.
const helpersEnd = "_available_helpers"

// readBare reads what "feature probe" writes. The order is that of numbers, and what it does not have is left out.
func readBare(data []byte) (*Survey, error) {
	var b bare
	if err := json.Unmarshal(data, &b); err != nil {
		return nil, fmt.Errorf("what 'feature probe' writes: %w", err)
	}
	s := &Survey{Form: Form, Rows: []Row{}, Unread: "the probe has no options"}
	for name, value := range b.System {
		if !strings.HasPrefix(name, "CONFIG_") {
			continue
		}
		if s.Options == nil {
			s.Options, s.Unread = make(map[string]string), ""
		}
		if text, ok := value.(string); ok {
			s.Options[name] = text
		}
	}
	add := func(k Kind, name, of string, able bool) {
		v := no("the saved probe says so")
		switch {
		case able:
			v.Answer = verdict.Yes
		case !b.privileged(), k == ProgType && slices.Contains(trampolines, name), k == Helper && !b.Progs["have_"+of+"_prog_type"], k == MapType && name == "struct_ops":
			v = unknown("the saved probe says that it is not available, as of what was refused")
		}
		s.Rows = append(s.Rows, row(k, name, of, v, unknown("")))
	}
	if able, ok := b.Syscall["have_bpf_syscall"]; ok {
		add(SystemCall, "bpf", "", able)
	}
	for _, word := range names.ProgTypes() {
		if able, ok := b.Progs["have_"+word+"_prog_type"]; ok {
			add(ProgType, word, "", able)
		}
	}
	for _, word := range names.MapTypes() {
		if able, ok := b.Maps["have_"+word+"_map_type"]; ok {
			add(MapType, word, "", able)
		}
	}
	for _, name := range []string{"large_insn_limit", "bounded_loops", "v2_isa_extension", "v3_isa_extension", "v4_isa_extension"} {
		if able, ok := b.Misc["have_"+name]; ok {
			add(Limit, name, "", able)
		}
	}
	full := slices.Contains(b.Helpers["kprobe"+helpersEnd], "bpf_trace_printk")
	for _, word := range names.ProgTypes() {
		list, ok := b.Helpers[word+helpersEnd]
		if !ok || len(list) == 0 && b.Progs["have_"+word+"_prog_type"] { // it could not be determined
			continue
		}
		for _, name := range names.Helpers()[1:] {
			if !full && probe.IsNoisy(name) {
				continue // it was not asked for
			}
			add(Helper, name, word, slices.Contains(list, name))
		}
	}
	return s, nil
}
