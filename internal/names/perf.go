package names

import (
	"encoding/json"
	"strconv"
	"strings"
)

// PerfConfig is what a perf event counts. What Config means depends on Type.
type PerfConfig struct {
	Type   PerfType
	Config uint64
}

// The order of each table is that of its enumeration in
// include/uapi/linux/perf_event.h.
var (
	perfHardware = []string{
		"cpu-cycles", "instructions", "cache-references", "cache-misses",
		"branch-instructions", "branch-misses", "bus-cycles",
		"stalled-cycles-frontend", "stalled-cycles-backend", "ref-cycles",
	}
	perfSoftware = []string{
		"cpu-clock", "task-clock", "page-faults", "context-switches",
		"cpu-migrations", "minor-faults", "major-faults", "alignment-faults",
		"emulation-faults", "dummy", "bpf-output", "cgroup-switches",
	}
	perfCaches  = []string{"L1-dcache", "L1-icache", "LLC", "dTLB", "iTLB", "branch", "node"}
	perfOps     = []string{"load", "store", "prefetch"}
	perfResults = []string{"refs", "misses"}
)

// name returns the word for c, if it has one.
func (c PerfConfig) name() (string, bool) {
	switch {
	case c.Type == 0 && c.Config < uint64(len(perfHardware)):
		return perfHardware[c.Config], true
	case c.Type == 1 && c.Config < uint64(len(perfSoftware)):
		return perfSoftware[c.Config], true
	case c.Type == 3:
		return strings.Join([]string{
			word(perfCaches, uint32(c.Config&0xff)),
			word(perfOps, uint32(c.Config>>8&0xff)),
			word(perfResults, uint32(c.Config>>16)),
		}, "-"), true
	}
	return "", false
}

// String returns the word for c, or its number.
func (c PerfConfig) String() string {
	if name, ok := c.name(); ok {
		return name
	}
	return strconv.FormatUint(c.Config, 10)
}

// MarshalJSON implements [json.Marshaler].
func (c PerfConfig) MarshalJSON() ([]byte, error) {
	if name, ok := c.name(); ok {
		return strconv.AppendQuote(nil, name), nil
	}
	return strconv.AppendUint(nil, c.Config, 10), nil
}

// UnmarshalJSON implements [json.Unmarshaler]. It sets Type, too: the words of
// different types differ.
func (c *PerfConfig) UnmarshalJSON(b []byte) error {
	if len(b) == 0 || b[0] != '"' {
		c.Type = PerfType(len(perfTypes)) // one without words
		return json.Unmarshal(b, &c.Config)
	}
	var n uint32
	if unmarshal(perfHardware, &n, b) == nil {
		*c = PerfConfig{0, uint64(n)}
		return nil
	}
	err := unmarshal(perfSoftware, &n, b)
	*c = PerfConfig{1, uint64(n)}
	return err
}
