package bpf

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// A Waiter waits until something can be read from one of several rings.
type Waiter struct{ epoll, bell int }

// NewWaiter returns a Waiter for rings by their descriptors, which stay the
// caller's.
func NewWaiter(rings []FD) (*Waiter, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("waiting: %w", err)
	}
	bell, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		unix.Close(epoll)
		return nil, fmt.Errorf("waiting: %w", err)
	}
	w := &Waiter{epoll, bell}
	for _, fd := range append([]FD{FD(bell)}, rings...) {
		// At the edges: a ring whose next record is not complete yet has something
		// to read all the time.
		event := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET, Fd: int32(fd)}
		if err := unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, int(fd), &event); err != nil {
			w.Close()
			return nil, fmt.Errorf("waiting: %w", err)
		}
	}
	return w, nil
}

// Wait returns when one of the rings has got something since the last call, when
// ctx is done, and after a while: programs may write without waking anyone.
//
// What was in the rings before is not waited for: they must have been read.
func (w *Waiter) Wait(ctx context.Context, while time.Duration) error {
	stop := context.AfterFunc(ctx, w.ring)
	defer stop()
	var events [16]unix.EpollEvent
	_, err := unix.EpollWait(w.epoll, events[:], int(while.Milliseconds()))
	if err != nil && !errors.Is(err, unix.EINTR) {
		return fmt.Errorf("waiting: %w", err)
	}
	return nil
}

// ring ends a call of Wait.
func (w *Waiter) ring() {
	one := [8]byte{1} // any number but 0, in either byte order
	_, _ = unix.Write(w.bell, one[:])
}

// Close releases what the Waiter is made of.
func (w *Waiter) Close() {
	unix.Close(w.epoll)
	unix.Close(w.bell)
}
