package pick

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

// words are how the messages about a kind of objects call it.
var words = map[bpf.Kind]struct{ next, open string }{
	bpf.Prog: {"program", "prog"},
	bpf.Map:  {"map", "map"},
	bpf.Link: {"link", "link"},
	bpf.BTF:  {"BTF object", "BTF object"},
}

// All yields what gather tells about every object of a kind, in order of ID. It
// closes the descriptors that gather gets.
//
// Objects that vanish during the walk are left out. At the first error the walk
// ends. Several objects may be gathered at the same time.
func All[T any](kind bpf.Kind, gather func(bpf.FD) (T, error)) iter.Seq2[T, error] {
	return Users(kind, words[kind].next, gather)
}

// Users is [All] for those who look for objects of another kind: word is how the
// error calls what it could not look through.
func Users[T any](kind bpf.Kind, word string, gather func(bpf.FD) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		ids, failed := allIDs(kind, word)
		for batch := range slices.Chunk(ids, batchLen) {
			for _, o := range gatherAll(kind, batch, gather) {
				if o.gone {
					continue
				}
				if !yield(o.told, o.err) || o.err != nil {
					return
				}
			}
		}
		if failed != nil {
			var none T
			yield(none, failed)
		}
	}
}

// allIDs returns the IDs of all objects of a kind, up to the first error.
func allIDs(kind bpf.Kind, word string) ([]uint32, error) {
	var list []uint32
	for id, err := range bpf.IDs(kind) {
		if err != nil {
			return list, listed(word, err)
		}
		list = append(list, id)
	}
	return list, nil
}

// An outcome is what became of an object.
type outcome[T any] struct {
	told T
	err  error
	gone bool // it vanished
}

const (
	batchLen = 256 // objects that are known at a time
	share    = 32  // objects that are worth a goroutine of their own
)

// gatherAll gathers objects of a kind, on as many processors as that is worth.
// There is an outcome for each ID, in order.
func gatherAll[T any](kind bpf.Kind, ids []uint32, gather func(bpf.FD) (T, error)) []outcome[T] {
	list := make([]outcome[T], len(ids))
	parts := min(runtime.GOMAXPROCS(0), 1+len(ids)/share)
	var wg sync.WaitGroup
	for p := range parts {
		wg.Go(func() {
			for i := len(ids) * p / parts; i < len(ids)*(p+1)/parts; i++ {
				list[i] = gatherOne(kind, ids[i], gather)
			}
		})
	}
	wg.Wait()
	return list
}

func gatherOne[T any](kind bpf.Kind, id uint32, gather func(bpf.FD) (T, error)) (o outcome[T]) {
	fd, err := bpf.Open(kind, id)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		o.gone = true
		return o
	case err != nil:
		o.err = fmt.Errorf("can't get %s by id (%d): %w", words[kind].open, id, err)
		return o
	}
	defer fd.Close()
	o.told, o.err = gather(fd)
	return o
}

// listed wraps the error with which a walk over the objects called word ended.
func listed(word string, err error) error {
	if errors.Is(err, unix.EINVAL) {
		return fmt.Errorf("can't get next %s: %w -- kernel too old?", word, err)
	}
	return Permitted(fmt.Errorf("can't get next %s: %w", word, err))
}

// Each returns what gather tells about each of the objects in fds, and closes
// them.
func Each[T any](fds []bpf.FD, gather func(bpf.FD) (T, error)) ([]T, error) {
	defer closeAll(fds)
	var list []T
	for _, fd := range fds {
		v, err := gather(fd)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

func closeAll(fds []bpf.FD) {
	for _, fd := range fds {
		fd.Close()
	}
}

// only returns the object of a list, which was opened unless err tells otherwise.
// It fails if there are several, which are closed then.
func only(kind bpf.Kind, fds []bpf.FD, err error) (bpf.FD, error) {
	switch {
	case err != nil:
		return 0, err
	case len(fds) > 1:
		closeAll(fds)
		return 0, fmt.Errorf("several %ss match this handle", words[kind].next)
	}
	return fds[0], nil
}

// matching opens all objects of a kind that match tells, with their IDs. They are
// the caller's to close, at least one; key and value say in the error what was
// looked for.
func matching(access bpf.Access, kind bpf.Kind, key, value string, match func(bpf.FD) (id uint32, ok bool, err error)) ([]bpf.FD, error) {
	var found []bpf.FD
	fail := func(err error) ([]bpf.FD, error) {
		closeAll(found)
		return nil, err
	}
	ids := All(kind, func(fd bpf.FD) (uint32, error) {
		id, ok, err := match(fd)
		if !ok {
			id = 0
		}
		return id, err
	})
	for id, err := range ids {
		if err != nil {
			return fail(err)
		}
		if id == 0 {
			continue
		}
		fd, err := bpf.OpenFor(access, kind, id)
		if errors.Is(err, fs.ErrNotExist) {
			continue // it has vanished meanwhile
		}
		if err != nil {
			return fail(fmt.Errorf("can't get %s by id (%d): %w", words[kind].open, id, err))
		}
		found = append(found, fd)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no %s with %s '%s'", words[kind].next, key, value)
	}
	return found, nil
}
