package support

//lint:file-ignore U1000 skeletons use it

// Uses: anymap

import (
	"fmt"

	"github.com/cilium/ebpf"
)

// get returns the map, if it is loaded.
func (m *SkelAnyMap) get() (*ebpf.Map, error) {
	if m.Map == nil {
		return nil, fmt.Errorf("map %s: not loaded", m.name)
	}
	return m.Map, nil
}

// failed says which map an error is about.
func (m *SkelAnyMap) failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("map %s: %w", m.name, err)
}
