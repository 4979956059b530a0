package bpf

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// PossibleCPUs returns for how many CPUs per-CPU maps have values: for those that
// exist, and those that might be added.
func PossibleCPUs() (int, error) {
	cpus, err := readCPUs("possible")
	return len(cpus), err
}

// OnlineCPUs returns the numbers of the CPUs that run, in increasing order.
func OnlineCPUs() ([]int, error) { return readCPUs("online") }

// readCPUs returns the CPUs that are in a state, such as "online".
func readCPUs(state string) ([]int, error) {
	path := "/sys/devices/system/cpu/" + state
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s CPUs: %w", state, err)
	}
	cpus, err := parseCPUs(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return cpus, nil
}

// parseCPUs returns the numbers in a list such as "0-3,6".
//
// Source: cpulist_parse, Documentation/admin-guide/cputopology.rst.
func parseCPUs(list string) ([]int, error) {
	var cpus []int
	for part := range strings.SplitSeq(list, ",") {
		from, to, isRange := strings.Cut(part, "-")
		if !isRange {
			to = from
		}
		first, err := strconv.ParseUint(from, 10, 16)
		if err != nil {
			return nil, err
		}
		last, err := strconv.ParseUint(to, 10, 16)
		if err != nil {
			return nil, err
		}
		if last < first {
			return nil, fmt.Errorf("CPUs from %d to %d", first, last)
		}
		for cpu := first; cpu <= last; cpu++ {
			cpus = append(cpus, int(cpu))
		}
	}
	return cpus, nil
}
