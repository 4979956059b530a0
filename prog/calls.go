package prog

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bytecode"
)

// Calls is which functions of the kernel a program calls, each once, by name: as far
// as calls are left after the verifier has put some in line.
type Calls struct {
	Helpers []string `json:"helpers"`
	Kfuncs  []string `json:"kfuncs"`
}

// calls finds the functions of the kernel that the program calls. complete is false if
// the names of some may not be seen.
func (c *code) calls() (calls Calls, complete bool) {
	calls = Calls{[]string{}, []string{}}
	insns, err := bytecode.Decode(c.Xlated, binary.NativeEndian)
	if err != nil || len(insns) == 0 {
		return calls, false
	}
	helpers, kfuncs := make(map[string]bool), make(map[string]bool)
	s, complete := c.symbols(insns), true
	for at := 0; at < len(insns); at += bytecode.Slots(insns, at) {
		in := insns[at]
		if !in.IsCall() || in.Src == bytecode.CallFunc {
			continue
		}
		name, ok := helper(in)
		if !ok {
			name = s.named[s.address(in)].Name
		}
		switch {
		case name == "":
			complete = false
		case in.Src == bytecode.CallKfunc:
			kfuncs[name] = true
		default:
			helpers[asked(name)] = true
		}
	}
	calls.Helpers = append(calls.Helpers, slices.Sorted(maps.Keys(helpers))...)
	calls.Kfuncs = append(calls.Kfuncs, slices.Sorted(maps.Keys(kfuncs))...)
	return calls, complete
}

// operations are what helpers do with maps. The verifier calls the function of the
// type of map at once where it knows that.
var operations = []string{"lookup_percpu_elem", "lookup_elem", "update_elem", "delete_elem", "push_elem", "pop_elem", "peek_elem"}

// asked returns the helper that the program asked for where a function is called.
func asked(function string) string {
	switch {
	case strings.HasSuffix(function, "_map_redirect"):
		return "bpf_redirect_map"
	case strings.HasPrefix(function, "bpf_for_each_") && strings.HasSuffix(function, "_elem"):
		return "bpf_for_each_map_elem"
	case strings.HasPrefix(function, "bpf_"):
		return function
	}
	for _, op := range operations {
		if strings.HasSuffix(function, "_"+op) {
			return "bpf_map_" + op
		}
	}
	return function
}
