package entries

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// failures are how the errors of operations begin.
var failures = map[string]string{
	"dump":    "dump failed",
	"lookup":  "lookup failed",
	"getnext": "can't get next key",
	"update":  "update failed",
	"delete":  "delete failed",
	"pop":     "pop failed",
}

// Failure describes an error of one of the [Operations].
func (t *Table) Failure(operation string, err error) error { return failure(t.Type(), operation, err) }

func failure(typ, operation string, err error) error {
	if said := lacking(typ, operation, err); said != nil {
		return said
	}
	return fmt.Errorf("%s: %w", failures[operation], err)
}

// lacking describes an error that says that maps of a type do not have an
// operation, or not on this kernel. It is nil for other errors: the kernel decides,
// and its numbers are put into words.
func lacking(typ, operation string, err error) error {
	if !IsUnsupported(err) {
		return nil
	}
	why := WhyNot(typ, operation)
	switch {
	case why != "":
	case isOneOf(err, enotsupp, unix.EOPNOTSUPP):
		why = "this kernel has no such operation for " + WithArticle(typ)
	default:
		return nil
	}
	return fmt.Errorf("%s: %s", failures[operation], why)
}

// enotsupp is an error number of the kernel's own, which no user should see, and
// some do.
const enotsupp = unix.Errno(524)

// IsUnsupported reports whether err may say that maps of a type do not have an
// operation.
func IsUnsupported(err error) bool {
	return err != nil && isOneOf(err, enotsupp, unix.EOPNOTSUPP, unix.EINVAL)
}

func isOneOf(err error, list ...unix.Errno) bool {
	return slices.ContainsFunc(list, func(e unix.Errno) bool { return errors.Is(err, e) })
}

// WhyNot says why maps of a type do not have an operation. It is empty if they
// have.
func WhyNot(typ, operation string) string {
	kinds := Kinds()
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Type == typ })
	if i < 0 || kinds[i].Lacks[operation] == "" {
		return ""
	}
	return fmt.Sprintf(kinds[i].Lacks[operation], WithArticle(typ))
}

// WithArticle puts the indefinite article before a word.
func WithArticle(word string) string {
	if strings.ContainsRune("aeio", rune(word[0])) { // but a user_ringbuf
		return "an " + word
	}
	return "a " + word
}
