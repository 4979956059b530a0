package events

import (
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/btfval"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// typeNamed returns the type with a name: from the BTF of the map, or else from that
// of a program that uses the map.
func (t *eventMap) typeNamed(name string) (*btfval.Type, error) {
	if t.info.BTFID != 0 {
		if typ, err := typeIn(t.info.BTFID, name); typ != nil || err != nil {
			return typ, err
		}
	}
	var looked []uint32
	users := pick.All(bpf.Prog, func(fd bpf.FD) (bpf.ProgInfo, error) {
		info, _, err := pick.ProgInfo(fd)
		return info, err
	})
	for info, err := range users {
		if err != nil {
			return nil, err
		}
		if info.BTFID == 0 || !slices.Contains(info.MapIDs, t.info.ID) {
			continue
		}
		if typ, err := typeIn(info.BTFID, name); typ != nil || err != nil {
			return typ, err
		}
		looked = append(looked, info.ID)
	}
	return nil, noType(name, t.info.BTFID != 0, looked)
}

// typeIn returns the type with a name from the BTF with an ID. It is nil if there is
// none.
func typeIn(id uint32, name string) (*btfval.Type, error) {
	spec, err := pick.ReadBTF(id)
	if err != nil {
		return nil, err
	}
	found, ok := spec.Named(name)
	if !ok {
		return nil, nil
	}
	return compileNamed(spec, found, name)
}

// compileNamed prepares a type for printing records.
func compileNamed(spec *btf.Spec, id btf.ID, name string) (*btfval.Type, error) {
	typ, err := btfval.Compile(spec, id)
	if err != nil {
		return nil, fmt.Errorf("type '%s': %w", name, err)
	}
	if typ.Size() == 0 {
		return nil, fmt.Errorf("type '%s' has no size", name)
	}
	return typ, nil
}

// noType says where a type was looked for: in the BTF of the map, if it has any, and
// in that of programs, by their IDs.
func noType(name string, inMap bool, progs []uint32) error {
	switch {
	case inMap && len(progs) > 0:
		return fmt.Errorf("type '%s': not in the BTF of the map, nor of the programs that use it, %s", name, numbers(progs))
	case inMap:
		return fmt.Errorf("type '%s': not in the BTF of the map, and no program with BTF uses it", name)
	case len(progs) > 0:
		return fmt.Errorf("type '%s': the map has no BTF, and it is not in that of the programs that use it, %s", name, numbers(progs))
	}
	return fmt.Errorf("type '%s': the map has no BTF, and no program with BTF uses it", name)
}
