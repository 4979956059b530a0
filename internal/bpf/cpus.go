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
	const path = "/sys/devices/system/cpu/possible"
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, fmt.Errorf("possible CPUs: %w", err)
	}
	n, err := countCPUs(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	return n, nil
}

// countCPUs counts the numbers in a list such as "0-3,6".
//
// Source: cpulist_parse, Documentation/admin-guide/cputopology.rst.
func countCPUs(list string) (int, error) {
	n := 0
	for part := range strings.SplitSeq(list, ",") {
		from, to, isRange := strings.Cut(part, "-")
		if !isRange {
			to = from
		}
		first, err := strconv.ParseUint(from, 10, 16)
		if err != nil {
			return 0, err
		}
		last, err := strconv.ParseUint(to, 10, 16)
		if err != nil {
			return 0, err
		}
		if last < first {
			return 0, fmt.Errorf("CPUs from %d to %d", first, last)
		}
		n += int(last-first) + 1
	}
	return n, nil
}
