package prog

import (
	"encoding/hex"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// tag is the kernel's fingerprint of a program's instructions.
type tag [8]byte

func (t tag) String() string { return hex.EncodeToString(t[:]) }

// MarshalText implements [encoding.TextMarshaler].
func (t tag) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (t *tag) UnmarshalText(b []byte) error {
	_, err := hex.Decode(t[:], b)
	return err
}

// clock is a time of day to the second: seconds since 1970 in JSON, local time
// in plain text.
type clock struct{ time.Time }

func (c clock) String() string { return c.Local().Format("2006-01-02T15:04:05-0700") }

// MarshalJSON implements [json.Marshaler].
func (c clock) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(nil, c.Unix(), 10), nil
}

// UnmarshalJSON implements [json.Unmarshaler].
func (c *clock) UnmarshalJSON(b []byte) error {
	s, err := strconv.ParseInt(string(b), 10, 64)
	c.Time = time.Unix(s, 0)
	return err
}

// bootTime returns the wall-clock time at which the machine started.
func bootTime() time.Time {
	var up unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &up); err != nil {
		panic(err) // cannot fail since Linux 2.6.39
	}
	return time.Now().Add(-time.Duration(up.Nano()))
}
