package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/cilium/ebpf/btf"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// A scene has the objects that one recording shows.
type scene struct {
	reference *reference
	props     []io.Closer
}

// tables are the rows of package fixture by the kind of object that they make.
var tables = map[string][]fixture.Row{"prog": fixture.Progs, "map": fixture.Maps, "link": fixture.Links}

// make makes the object of a row, which may be called otherwise than its type.
func (sc *scene) make(kind, row, name string) (*fixture.Object, error) {
	r, ok := fixture.Find(tables[kind], row)
	if !ok {
		return nil, fmt.Errorf("no row %q", row)
	}
	if name != "" {
		r = r.Named(name)
	}
	o, err := r.Make()
	if err != nil {
		return nil, err
	}
	sc.props = append(sc.props, o)
	return o, nil
}

// A pin is a path in the bpffs, which goes with the scene.
type pin string

func (p pin) Close() error { return os.Remove(string(p)) }

// pin pins an object under a name.
func (sc *scene) pin(o *fixture.Object, name string) (path string, err error) {
	path = filepath.Join(pins, name)
	if err := o.Pin(path); err != nil {
		return "", err
	}
	sc.props = append(sc.props, pin(path))
	return path, nil
}

// types loads BTF that nothing uses, and returns its ID.
func (sc *scene) types() (uint32, error) {
	b, err := btf.NewBuilder([]btf.Type{&btf.Int{Name: "int", Size: 4, Encoding: btf.Signed}}, nil)
	if err != nil {
		return 0, err
	}
	h, err := btf.NewHandle(b)
	if err != nil {
		return 0, err
	}
	sc.props = append(sc.props, h)
	info, err := h.Info()
	if err != nil {
		return 0, err
	}
	return uint32(info.ID), nil
}

// btfOf returns the ID of the BTF of an object.
func (sc *scene) btfOf(o *fixture.Object) (uint32, error) {
	text, err := sc.reference.run("-j", o.Kind, "show", "id", decimal(o.ID))
	if err != nil {
		return 0, err
	}
	var object struct {
		BTFID uint32 `json:"btf_id"`
	}
	err = json.Unmarshal(text, &object)
	return object.BTFID, err
}

// vmlinux returns the ID of the kernel's own BTF.
func (sc *scene) vmlinux() (uint32, error) {
	text, err := sc.reference.run("-j", "btf", "show")
	if err != nil {
		return 0, err
	}
	var objects []struct {
		ID   uint32
		Name string
	}
	if err := json.Unmarshal(text, &objects); err != nil {
		return 0, err
	}
	for _, o := range objects {
		if o.Name == "vmlinux" {
			return o.ID, nil
		}
	}
	return 0, errors.New("no vmlinux among the BTF objects")
}

func (sc *scene) close() {
	for i := len(sc.props) - 1; i >= 0; i-- {
		if err := sc.props[i].Close(); err != nil {
			fmt.Fprintln(os.Stderr, "record: closing:", err)
		}
	}
}

func decimal(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
