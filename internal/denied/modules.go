package denied

import (
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

// securityModules are the names of LSM_ID_*.
//
// Source: include/uapi/linux/lsm.h.
var securityModules = map[uint64]string{
	100: "capability", 101: "selinux", 102: "smack", 103: "tomoyo", 104: "apparmor", 105: "yama", 106: "loadpin",
	107: "safesetid", 108: "lockdown", 109: "bpf", 110: "landlock", 111: "ima", 112: "evm", 113: "ipe",
}

// modules returns the active security modules in their order, and where that is known from; nil if it cannot be
// read. securityfs has it where it is mounted, newer kernels tell everybody.
func modules() (list []string, from string) {
	const file = "/sys/kernel/security/lsm"
	if text := contents(file); text != "" {
		return strings.Split(text, ","), file
	}
	ids, err := bpf.ActiveModules()
	if err != nil {
		return nil, ""
	}
	list = []string{}
	for _, id := range ids {
		name, ok := securityModules[id]
		if !ok {
			name = fmt.Sprintf("LSM_ID_%d", id)
		}
		list = append(list, name)
	}
	return list, "lsm_list_modules(2)"
}
