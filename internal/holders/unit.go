package holders

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Cgroup returns the cgroup of a process as the process is seen here, such as
// "/system.slice/cron.service", or "" if it has ended or may not be looked into.
func Cgroup(pid int) string {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cgroup"))
	if err != nil {
		return ""
	}
	return cgroup(string(text))
}

// cgroup picks the cgroup out of a list of those in all hierarchies: that of cgroup v2,
// unless all processes are left at its root in favour of systemd's hierarchy of v1.
//
// Source: /proc/PID/cgroup, cgroups(7).
func cgroup(list string) string {
	var unified, systemd string
	for line := range strings.Lines(list) {
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		switch {
		case len(fields) < 3:
		case fields[0] == "0":
			unified = fields[2]
		case fields[1] == "name=systemd":
			systemd = fields[2]
		}
	}
	if systemd != "" && (unified == "" || unified == "/") {
		return systemd
	}
	return unified
}

// unitTypes are the ends of names of units of systemd that have processes.
//
// Source: systemd.unit(5).
var unitTypes = []string{".service", ".scope", ".slice", ".socket", ".mount", ".swap"}

// Unit returns the unit of systemd that a cgroup belongs to: the last part of its path
// that has the name of one, or "" if none has.
func Unit(cgroup string) string {
	parts := strings.Split(cgroup, "/")
	for _, name := range slices.Backward(parts) {
		typ := filepath.Ext(name)
		if len(name) > len(typ) && slices.Contains(unitTypes, typ) {
			return name
		}
	}
	return ""
}
