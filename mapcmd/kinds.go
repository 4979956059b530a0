package mapcmd

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

// failures are how the errors of operations on maps begin.
var failures = map[string]string{
	"dump":    "dump failed",
	"lookup":  "lookup failed",
	"update":  "update failed",
	"delete":  "delete failed",
	"pop":     "pop failed",
	"getnext": "can't get next key",
}

// lacks describes an error of an operation on a map of a type.
func lacks(typ, operation string, err error) error {
	if said := lacking(typ, operation, err); said != nil {
		return said
	}
	return fmt.Errorf("%s: %w", failures[operation], err)
}

// lacking describes an error of an operation that maps of a type do not have. It
// is nil for other errors: the kernel decides, and its numbers are put into words.
func lacking(typ, operation string, err error) error {
	why, ok := whyNot[typ][operation]
	if !ok || !isUnsupported(err) {
		return nil
	}
	return fmt.Errorf("%s: "+why, failures[operation], article(typ)+" "+typ)
}

// article returns the indefinite article of a word.
func article(word string) string {
	if strings.ContainsRune("aeiou", rune(word[0])) {
		return "an"
	}
	return "a"
}

// enotsupp is an error number of the kernel's own, which no user should see, and
// some do.
const enotsupp = unix.Errno(524)

// isUnsupported reports whether err is one of those by which the kernel says that
// a type of maps has no such operation.
func isUnsupported(err error) bool {
	for _, errno := range []unix.Errno{enotsupp, unix.EOPNOTSUPP, unix.EINVAL} {
		if errors.Is(err, errno) {
			return true
		}
	}
	return false
}

// Sentences that are true of several types. %s is the type.
const (
	setOnly     = "the kernel does not tell what is in %s: slots can only be set and cleared"
	noDelete    = "the entries of %s cannot be deleted, only overwritten"
	noTake      = "values cannot be taken out of %s: 'map lookup' shows one, 'map delete' removes it"
	noDrop      = "values cannot be taken out of %s: 'map lookup' shows one"
	noKeys      = "%s has no keys: 'map peek' shows the value that is next, 'map pop' takes it out"
	bloom       = "%s keeps no values, but can tell whether it has probably got one: 'map peek MAP value DATA'"
	ring        = "%s has records instead of entries, which only their consumer may take out: 'map dump' shows its positions"
	memory      = "%s is memory without keys and values: 'map dump' shows its pages"
	byOwner     = "the entries of %s are known to their owners only: 'map lookup MAP key "
	bySocket    = byOwner + "pid PID fd FD' shows that of a socket"
	byFile      = byOwner + "file FILE' shows that of a file"
	byProcess   = byOwner + "pid PID' shows that of a process"
	byCgroup    = byOwner + "cgroup CGROUP' shows that of a cgroup"
	byPrograms  = "the entries of %s are made by programs: they can only be deleted"
	attached    = "the entries of %s come and go with the programs attached to a cgroup"
	instruction = "the entries of %s stand for instructions of a program, and stay"
	registered  = "the value of %s comes with its programs, from an object file"
)

// whyNot says for types of maps why they lack an operation.
var whyNot = map[string]map[string]string{
	"array":                 {"delete": noDelete, "pop": noDrop},
	"prog_array":            {"pop": noTake},
	"perf_event_array":      {"dump": setOnly, "lookup": setOnly, "pop": noTake},
	"percpu_array":          {"delete": noDelete, "pop": noDrop},
	"stack_trace":           {"update": byPrograms, "pop": noTake},
	"cgroup_array":          {"dump": setOnly, "lookup": setOnly, "pop": noTake},
	"lpm_trie":              {"pop": noTake},
	"array_of_maps":         {"pop": noTake},
	"hash_of_maps":          {"pop": noTake},
	"devmap":                {"pop": noTake},
	"sockmap":               {"pop": noTake},
	"cpumap":                {"pop": noTake},
	"xskmap":                {"dump": setOnly, "lookup": setOnly, "pop": noTake},
	"sockhash":              {"pop": noTake},
	"cgroup_storage":        {"delete": attached, "pop": noDrop},
	"reuseport_sockarray":   {"pop": noTake},
	"percpu_cgroup_storage": {"delete": attached, "pop": noDrop},
	"queue":                 {"dump": noKeys, "getnext": noKeys, "delete": noKeys},
	"stack":                 {"dump": noKeys, "getnext": noKeys, "delete": noKeys},
	"sk_storage":            {"dump": bySocket, "getnext": bySocket, "pop": noTake},
	"devmap_hash":           {"pop": noTake},
	"struct_ops":            {"update": registered, "pop": noTake},
	"ringbuf":               {"lookup": ring, "getnext": ring, "update": ring, "delete": ring, "pop": ring},
	"inode_storage":         {"dump": byFile, "getnext": byFile, "pop": noTake},
	"task_storage":          {"dump": byProcess, "getnext": byProcess, "pop": noTake},
	"bloom_filter":          {"dump": bloom, "getnext": bloom, "delete": bloom, "pop": bloom},
	"user_ringbuf":          {"lookup": ring, "getnext": ring, "update": ring, "delete": ring, "pop": ring},
	"cgrp_storage":          {"dump": byCgroup, "getnext": byCgroup, "pop": noTake},
	"arena":                 {"lookup": memory, "getnext": memory, "update": memory, "delete": memory, "pop": memory},
	"insn_array":            {"delete": instruction, "pop": noDrop},
}
