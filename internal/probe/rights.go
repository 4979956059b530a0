package probe

import (
	"fmt"
	"runtime"
	"sync"

	"golang.org/x/sys/unix"
)

// Run runs f on n threads at once, and returns when all are done. Without rights these have no capability,
// nor can they get one back; other threads keep theirs.
//
// The error is that the rights could not be given up: then f did not run on that thread.
func Run(n int, unprivileged bool, f func()) error {
	var all sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		all.Go(func() {
			if !unprivileged {
				f()
				return
			}
			errs[i] = apart(func() error {
				if err := unix.Capset(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &new([2]unix.CapUserData)[0]); err != nil {
					return fmt.Errorf("giving up capabilities: %w", err)
				}
				f()
				return nil
			})
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// apart runs f on a thread that ends with it. It is not the first one of the process, which cannot end
// before the others, and by which others tell what the process may do.
func apart(f func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		if unix.Gettid() == unix.Getpid() {
			defer runtime.UnlockOSThread()
			done <- apart(f)
			return
		}
		done <- f() // the thread is still locked when the function returns, which ends it
	}()
	return <-done
}

// Lacks returns those of some capabilities, by their numbers, that this process does not have at the moment.
func Lacks(capabilities ...int) (missing []int, err error) {
	var sets [2]unix.CapUserData
	if err := unix.Capget(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &sets[0]); err != nil {
		return nil, fmt.Errorf("capabilities: %w", err)
	}
	for _, c := range capabilities {
		if sets[c/32].Effective>>(c%32)&1 == 0 {
			missing = append(missing, c)
		}
	}
	return missing, nil
}
