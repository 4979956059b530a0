package prog

import (
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/btfval"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// metadataPrefix marks the variables that describe a program to people.
const metadataPrefix = "bpf_metadata_"

// readMetadata reads the variables that describe a program from its read-only
// data, which is the first map of those given that looks like it.
//
// It is nil if there are none, or if they may not be read: a description is no
// reason to fail.
func readMetadata(mapIDs []uint32) btfval.Object {
	for _, id := range mapIDs {
		fd, err := bpf.Open(bpf.Map, id)
		if err != nil {
			continue
		}
		info, err := bpf.ReadMapInfo(fd)
		if err != nil || !isReadOnlyData(&info, info.Name()) {
			fd.Close()
			continue
		}
		data := make([]byte, info.ValueSize)
		err = bpf.Lookup(fd, make([]byte, 4), data)
		fd.Close()
		if err != nil {
			return nil
		}
		spec, err := pick.ReadBTF(info.BTFID)
		if err != nil {
			return nil
		}
		return metadata(spec, btf.ID(info.ValueType), data)
	}
	return nil
}

// isReadOnlyData reports whether a map of that name is what loaders make of the section
// .rodata of an object.
func isReadOnlyData(m *bpf.MapInfo, name string) bool {
	return names.MapType(m.Type).String() == "array" && m.KeySize == 4 && m.MaxEntries == 1 &&
		m.BTFID != 0 && m.ValueType != 0 && strings.Contains(name, ".rodata")
}

// metadata decodes the variables of a section that describe a program. Those
// that cannot be decoded are left out.
func metadata(spec *btf.Spec, section btf.ID, data []byte) btfval.Object {
	t, err := spec.Type(section)
	if err != nil || t.Kind != btf.Datasec {
		return nil
	}
	var found btfval.Object
	for i := range t.Len() {
		v := t.Variable(i)
		variable, err := spec.Type(v.Type)
		if err != nil || variable.Kind != btf.Var || uint64(v.Offset) > uint64(len(data)) {
			continue
		}
		name, ok := strings.CutPrefix(variable.Name, metadataPrefix)
		if !ok {
			continue
		}
		value, err := valueOf(spec, variable.Ref(), data[v.Offset:])
		if err != nil {
			continue
		}
		found = append(found, btfval.Member{Key: name, Value: value})
	}
	return found
}

// valueOf returns the value of a type at the start of data.
func valueOf(spec *btf.Spec, id btf.ID, data []byte) (btfval.Value, error) {
	t, err := btfval.Compile(spec, id)
	if err != nil {
		return nil, err
	}
	return t.Value(data)
}
