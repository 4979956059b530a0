package profile

import (
	"context"
	_ "embed"
	"encoding/binary"

	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/load"
)

// What object/profile.bpf.c compiles to, for processors of either byte order.
var (
	//go:embed object/profile.bpfel.o
	littleEndian []byte
	//go:embed object/profile.bpfeb.o
	bigEndian []byte
)

// What the object calls its parts.
const (
	enterProg = "profile_enter"
	leaveProg = "profile_leave"
	eventsMap = "profile_events"
	stateMap  = "profile_state"
)

// load loads the object, whose programs will attach to a function.
func (p *Profiler) load(ctx context.Context, target load.Target) error {
	object, err := elfobj.Read(object())
	if err != nil {
		return err
	}
	object.Name = "profile"
	for _, m := range object.Maps {
		if m.Name == eventsMap {
			m.Def.MaxEntries = uint32(p.cpus * MaxEvents)
		}
	}
	p.loaded, err = load.Load(ctx, object, load.Options{Target: &target})
	return err
}

func object() []byte {
	if binary.NativeEndian.Uint16([]byte{0, 1}) == 1 {
		return bigEndian
	}
	return littleEndian
}
