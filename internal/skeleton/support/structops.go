package support

// Uses: attacher mapuse bytes

import (
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// A SkelStructOps is a struct of functions, as the object declares it: V.
type SkelStructOps[V any] struct {
	SkelAnyMap

	Autoattach bool // Attach of the whole attaches it

	link *link.Link // where what keeps it attached goes
}

// Value returns what the struct starts with. Its functions are zero.
func (s *SkelStructOps[V]) Value() (value V, err error) {
	b, err := s.start()
	copy(skelBytes(&value), b)
	return value, err
}

// Set changes what the struct starts with, before Load. Its functions stay.
func (s *SkelStructOps[V]) Set(value V) error {
	b, err := s.start()
	copy(b, skelBytes(&value))
	return err
}

func (s *SkelStructOps[V]) start() ([]byte, error) {
	if s.Spec != nil && len(s.Spec.Contents) == 1 {
		if b, ok := s.Spec.Contents[0].Value.([]byte); ok {
			return b, nil
		}
	}
	return nil, s.failed(ebpf.ErrNotSupported)
}

// Attach puts the functions to work.
func (s *SkelStructOps[V]) Attach() error {
	m, err := s.get()
	if err != nil {
		return err
	}
	if *s.link != nil {
		return s.failed(fmt.Errorf("already attached"))
	}
	l, err := link.AttachStructOps(link.StructOpsOptions{Map: m})
	if err != nil {
		return s.failed(fmt.Errorf("attach: %w", err))
	}
	*s.link = l
	return nil
}

func (s *SkelStructOps[V]) due() bool {
	return s.Autoattach && s.Map != nil && *s.link == nil
}
