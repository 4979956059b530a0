package survey

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/probe"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// Open reads a saved survey: what "feature probe why" writes as JSON, or "feature probe", also the one of the C tool.
// The latter does not tell the kernel's name, nor why something is not there.
//
// The error tells what is wrong with the file.
func Open(path string) (*Survey, error) {
	data, err := os.ReadFile(path)
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
		return s, nil
	case head.Form != "":
		return nil, fmt.Errorf("form '%s', want %s", head.Form, Form)
	case head.Bare == nil:
		return nil, fmt.Errorf("neither %s nor what 'feature probe' writes as JSON", Form)
	}
	return readBare(data)
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
		v := verdict.Verdict{Answer: verdict.No, Evidence: "the saved probe says so"}
		if able {
			v.Answer = verdict.Yes
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
