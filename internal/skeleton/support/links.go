package support

//lint:file-ignore U1000 skeletons use it

import (
	"errors"
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// skelLinks are several links as one, as far as that is possible.
type skelLinks struct {
	link.Link // nil: what makes others links
	list      []link.Link
}

// skelJoin makes one link of some.
func skelJoin(list []link.Link) link.Link {
	if len(list) == 1 {
		return list[0]
	}
	return &skelLinks{list: list}
}

func (l *skelLinks) Close() error {
	var errs []error
	for _, one := range l.list {
		errs = append(errs, one.Close())
	}
	l.list = nil
	return errors.Join(errs...)
}

func (l *skelLinks) Detach() error {
	var errs []error
	for _, one := range l.list {
		errs = append(errs, one.Detach())
	}
	return errors.Join(errs...)
}

func (l *skelLinks) Info() (*link.Info, error) {
	return nil, l.unsupported()
}

func (l *skelLinks) Pin(string) error {
	return l.unsupported()
}

func (l *skelLinks) Unpin() error {
	return l.unsupported()
}

func (l *skelLinks) Update(*ebpf.Program) error {
	return l.unsupported()
}

func (l *skelLinks) unsupported() error {
	return fmt.Errorf("%d links for one program: %w", len(l.list), link.ErrNotSupported)
}
