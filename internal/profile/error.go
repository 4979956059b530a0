package profile

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// An EventError is of an event that cannot be counted.
type EventError struct {
	Event Event
	CPU   int
	Err   error // of perf_event_open(2), or of the map that is to have the event
}

func (e *EventError) Error() string {
	return fmt.Sprintf("failed to create event %s on cpu %d: %v", e.Event.Name, e.CPU, e.Err)
}

// Unwrap returns the reason.
func (e *EventError) Unwrap() error { return e.Err }

// Missing reports whether there is nothing that counts the event.
func (e *EventError) Missing() bool {
	return errors.Is(e.Err, unix.ENOENT) || errors.Is(e.Err, unix.EOPNOTSUPP)
}

// isOffline reports whether an event is not made because its CPU does not run.
func isOffline(err error) bool { return errors.Is(err, unix.ENODEV) }
