package mapcmd

import (
	"errors"
	"fmt"

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
	return fmt.Errorf("%s: %s", failures[operation], why)
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

// Sentences that are true of several types.
const (
	setOnly    = "the kernel does not tell what is in it; entries can be set and deleted"
	noDelete   = "the entries of an array cannot be deleted, only overwritten"
	noTake     = "values can be taken out of hash tables, queues and stacks only"
	noKeys     = "it has no keys; 'map peek' shows the value that is next, 'map pop' takes it out"
	bloom      = "it keeps no values, but can tell whether it has probably got one: 'map peek MAP value DATA'"
	ring       = "it has records instead of entries, which only their consumer may take out; 'map dump' shows its positions"
	arena      = "it is memory without keys and values; 'map dump' shows its pages"
	byOwner    = "its entries are known to their owners only; "
	bySocket   = byOwner + "'map lookup MAP key pid PID fd FD' shows that of a socket"
	byTask     = byOwner + "'map lookup MAP key pid PID' shows that of a process"
	byFile     = byOwner + "'map lookup MAP key file FILE' shows that of a file"
	byCgroup   = byOwner + "'map lookup MAP key cgroup CGROUP' shows that of a cgroup"
	byPrograms = "its entries are made by programs"
	byKernel   = "its entries come and go with the attachment of programs to cgroups"
	byVerifier = "its entries are made before programs are loaded, and stay"
	structOps  = "it has the one value that is registered with the kernel"
)

// whyNot says for types of maps why they lack an operation.
var whyNot = map[string]map[string]string{
	"array": {"delete": noDelete, "pop": noTake},
}
