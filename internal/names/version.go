package names

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// A Version is a release of the mainline kernel, such as 5.10. Zero stands for one that
// is not known.
//
// Who sells or packages kernels brings much of later ones back to theirs, so an
// older kernel may have what a version says.
type Version struct{ Major, Minor uint16 }

// ParseVersion reads a version such as "6.1", "v5.10" or "6.18.44-fc-v669": what follows the
// first two numbers does not matter.
func ParseVersion(text string) (Version, error) {
	major, rest, _ := strings.Cut(strings.TrimPrefix(text, "v"), ".")
	end := strings.IndexFunc(rest, func(c rune) bool { return c < '0' || c > '9' })
	if end < 0 {
		end = len(rest)
	}
	a, err1 := strconv.ParseUint(major, 10, 16)
	b, err2 := strconv.ParseUint(rest[:end], 10, 16)
	if err := cmp.Or(err1, err2); err != nil {
		return Version{}, fmt.Errorf("version %q: not two numbers with a dot between them", text)
	}
	return Version{uint16(a), uint16(b)}, nil
}

// Compare is below, at or above zero as v is older than, the same as or newer than w.
func (v Version) Compare(w Version) int {
	return cmp.Or(cmp.Compare(v.Major, w.Major), cmp.Compare(v.Minor, w.Minor))
}

// IsZero reports whether the version is not known.
func (v Version) IsZero() bool { return v == Version{} }

// String returns the version as it is written, "unknown" if it is not known.
func (v Version) String() string {
	if v.IsZero() {
		return "unknown"
	}
	return fmt.Sprintf("%d.%d", v.Major, v.Minor)
}

// MarshalText implements [encoding.TextMarshaler].
func (v Version) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (v *Version) UnmarshalText(text []byte) (err error) {
	*v = Version{}
	if string(text) != "unknown" {
		*v, err = ParseVersion(string(text))
	}
	return err
}
