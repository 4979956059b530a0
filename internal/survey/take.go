package survey

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/denied"
	"github.com/gobpftool/gobpftool/internal/kconfig"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/probe"
)

// answers are what the kernel said to system calls.
type answers struct {
	found    *probe.Findings
	more     *probe.More
	standing *denied.Standing

	id   uint32 // of the kernel's types, 0 if it has none
	noID error  // why it is not known
}

// kernelID looks for the ID of the kernel's types, with the rights of a scope.
func kernelID(scope probe.Scope) (id uint32, err error) {
	if runErr := probe.Run(1, scope.Unprivileged, func() { id, err = pick.KernelID() }); runErr != nil {
		return 0, runErr
	}
	return id, err
}

// Take asks the running kernel about all that is within a scope.
//
// The error is that of the context, or that rights cannot be given up.
func Take(ctx context.Context, scope probe.Scope) (*Survey, error) {
	var a answers
	var err error
	types, noTypes := pick.ReadKernelBTF(0)
	if a.id, a.noID = kernelID(scope); types == nil && a.id != 0 {
		types, noTypes = pick.ReadBTF(a.id)
	}
	read := make(chan *model, 1)
	go func() { // it takes as long as some of the system calls
		var modules pick.Modules
		if types != nil {
			modules = pick.ReadModules(types)
		}
		read <- newModel(types, modules, unseen(noTypes, bpffs.HoldsType("/sys", unix.SYSFS_MAGIC)))
	}()
	if a.found, err = probe.Ask(ctx, scope); err != nil {
		return nil, err
	}
	if a.more, err = probe.AskMore(ctx, scope, types); err != nil {
		return nil, err
	}
	if err := probe.Run(1, scope.Unprivileged, func() {
		a.standing = denied.Read(denied.Prog(0, 0), denied.Map(0, 0), denied.Types(), denied.Link(0), denied.Query(), denied.ByID(), denied.Token(""))
	}); err != nil {
		return nil, err
	}
	s := &Survey{Form: Form, Version: a.standing.Kernel, Unprivileged: scope.Unprivileged}
	var uname unix.Utsname
	if err := unix.Uname(&uname); err != nil {
		return nil, fmt.Errorf("the kernel's name: %w", err)
	}
	s.Kernel, s.Machine = unix.ByteSliceToString(uname.Release[:]), unix.ByteSliceToString(uname.Machine[:])
	if s.Options, err = kconfig.Read(); err != nil {
		s.Unread = err.Error()
	}
	s.Rows = a.rows(<-read)
	return s, nil
}

// unseen returns why the kernel's types cannot be read: that they are not there means nothing where no sysfs is.
func unseen(err error, sysfs bool) error {
	if errors.Is(err, os.ErrNotExist) && !sysfs {
		return errors.New("sysfs is not mounted on /sys")
	}
	return err
}
