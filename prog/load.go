package prog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/attach"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/load"
	"github.com/gobpftool/gobpftool/internal/names"
)

// loadFirst answers "prog load", which pins the first program of an object.
func loadFirst(ctx context.Context, c *call.Call) error {
	if c.Loader {
		return errors.New("loading by means of a loader program is not built yet")
	}
	return loadObject(ctx, c, false)
}

// loadAll answers "prog loadall", which pins all of them in a directory.
func loadAll(ctx context.Context, c *call.Call) error { return loadObject(ctx, c, true) }

func loadObject(ctx context.Context, c *call.Call, all bool) error {
	// The kernel's types are looked through once, and leave next to no garbage.
	defer debug.SetGCPercent(debug.SetGCPercent(patientGC))
	r, err := readLoad(c, all)
	if err != nil {
		return err
	}
	defer r.close()
	if err := r.checkPaths(); err != nil {
		return err
	}
	if err := r.open(); err != nil {
		return err
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	token, _, err := bpffs.FindToken()
	if err != nil {
		return err
	}
	if token != 0 {
		defer token.Close()
	}
	r.options.Token = token
	if err = r.work(ctx); err != nil {
		if told := r.tell(); told != nil {
			c.Talk.Warn("%v", told)
		}
		return err
	}
	if !r.report.isAnswer() {
		c.Out.Null()
	}
	return nil
}

// tell writes what is to be told of the load, once.
func (r *loadRequest) tell() error {
	if r.told {
		return nil
	}
	r.told = true
	return errors.Join(r.log.write(), r.report.write(r.c.Out))
}

// interruptible returns a context that ends with a signal, so that what was made can be undone. A
// second one ends the process.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, unix.SIGINT, unix.SIGHUP, unix.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// errMeanwhile is of a map that somebody else has pinned under its name while the object was loaded.
var errMeanwhile = errors.New("somebody else has pinned a map of that name meanwhile")

// work loads the object and pins what is asked for: all, or nothing. It begins anew, with the map of
// somebody else, if that came while it was at work.
func (r *loadRequest) work(ctx context.Context) (err error) {
	for range 3 {
		r.log.text.Reset()
		r.report.reset()
		if err = r.once(ctx); !errors.Is(err, errMeanwhile) {
			break
		}
	}
	return err
}

func (r *loadRequest) once(ctx context.Context) error {
	loaded, err := load.Load(ctx, r.object, r.options)
	if err != nil {
		return fmt.Errorf("failed to load object file: %w", err)
	}
	defer loaded.Close()
	pins := bpffs.Pins{Mount: !r.c.NoMount}
	if err = r.pin(&pins, loaded); err == nil {
		err = pinShared(&pins, loaded.Maps)
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil { // what is told cannot be taken back: it comes last
		err = r.tell()
	}
	if err != nil {
		pins.Undo()
	}
	return err
}

// pinShared pins maps by their names. It comes last, as others may use them from then on.
func pinShared(pins *bpffs.Pins, list []*load.Map) error {
	for _, m := range list {
		if m.Path == "" {
			continue
		}
		if _, err := os.Lstat(m.Path); err == nil {
			return fmt.Errorf("map %s: %w", m.Name, errMeanwhile)
		}
		err := pins.Prepare(m.Path)
		if err == nil {
			err = pins.Pin(m.FD, m.Path)
		}
		if errors.Is(err, unix.EEXIST) {
			err = errMeanwhile
		}
		if err != nil {
			return fmt.Errorf("map %s: %w", m.Name, err)
		}
	}
	return nil
}

// checkPaths fails if nothing could be pinned where it is to be: before anything is loaded.
func (r *loadRequest) checkPaths() error {
	if r.pinMaps != "" {
		if err := bpffs.CheckDir(r.pinMaps, !r.c.NoMount); err != nil {
			return err
		}
	}
	if r.all {
		return bpffs.CheckDir(r.path, !r.c.NoMount)
	}
	return bpffs.CheckPath(r.path, !r.c.NoMount)
}

// open reads the object, and tells what is loaded instead of its maps.
func (r *loadRequest) open() (err error) {
	if r.object, err = elfobj.Open(r.file); err != nil {
		return fmt.Errorf("failed to open object file: %s: %s", r.file, names.Reason(err))
	}
	return r.replace()
}

// pin pins what is loaded.
func (r *loadRequest) pin(pins *bpffs.Pins, loaded *load.Collection) error {
	if len(loaded.Programs) == 0 && !r.all {
		return errors.New("object file doesn't contain any bpf program")
	}
	if err := r.pinPrograms(pins, loaded); err != nil {
		return err
	}
	if r.pinMaps == "" || len(loaded.Maps) == 0 {
		return nil
	}
	if err := pins.Dir(r.pinMaps); err != nil {
		return err
	}
	for _, m := range loaded.Maps {
		if err := pins.Pin(m.FD, bpffs.FileName(r.pinMaps, r.mapName(m.Map))); err != nil {
			return fmt.Errorf("failed to pin all maps: %w", err)
		}
	}
	return nil
}

// pinPrograms pins the first program, or all, or the links that attach them.
func (r *loadRequest) pinPrograms(pins *bpffs.Pins, loaded *load.Collection) error {
	pin := pinning{r: r, pins: pins, attacher: attach.New(loaded.MapFD)}
	defer pin.close()
	list := loaded.Programs
	if !r.all {
		if err := pins.Prepare(r.path); err != nil {
			return err
		}
		if err := pin.program(list[0], r.path); err != nil {
			return fmt.Errorf("failed to pin program %s: %w", list[0].Section, err)
		}
		return nil
	}
	if len(list) == 0 {
		return nil
	}
	if err := pins.Dir(r.path); err != nil {
		return err
	}
	for _, p := range list {
		if err := pin.program(p, bpffs.FileName(r.path, p.Name)); err != nil {
			return fmt.Errorf("failed to pin all programs: %w", err)
		}
	}
	return nil
}
