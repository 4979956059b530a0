package attachments

import (
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// types are BTF objects of the kernel, which are read once.
type types struct {
	specs  map[uint32]*btf.Spec // nil for those that cannot be read
	kernel map[uint32]bool      // whether an object is the kernel's
}

// name returns the name of a type of a BTF object, or "".
func (t *types) name(objID, id uint32) string {
	spec, ok := t.specs[objID]
	if !ok {
		if t.specs == nil {
			t.specs = make(map[uint32]*btf.Spec)
		}
		spec, _ = pick.ReadBTF(objID) // names are no reason to fail
		t.specs[objID] = spec
	}
	if spec == nil || id == 0 {
		return ""
	}
	found, err := spec.Type(btf.ID(id))
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(found.Name, "btf_trace_") // what tracepoints are called there
}

// isKernel reports whether a BTF object is that of the kernel or a module.
func (t *types) isKernel(objID uint32) bool {
	if is, ok := t.kernel[objID]; ok {
		return is
	}
	fd, err := bpf.Open(bpf.BTF, objID)
	if err != nil {
		return false
	}
	defer fd.Close()
	info, err := bpf.ReadBTFInfo(fd)
	if err != nil {
		return false
	}
	if t.kernel == nil {
		t.kernel = make(map[uint32]bool)
	}
	t.kernel[objID] = info.Kernel
	return info.Kernel
}

// target sets what the link of a program is attached to: a function of the kernel or of
// another program.
//
// The kernel tells the ID of a BTF object or of a program, and not which of the two:
// only the program says for what it was loaded. Once it is attached to another program,
// it says that there is no such BTF object.
func (t *types) target(l *Link, progID uint32, info *bpf.TracingLink) {
	if info.TargetObjID == 0 {
		return
	}
	prog, ok := readProg(progID)
	if !ok {
		return
	}
	isKernel := t.isKernel(info.TargetObjID)
	if prog.AttachBTFID != 0 { // since Linux 5.18
		isKernel = isKernel && prog.AttachBTFObjID == info.TargetObjID
	}
	if names.ProgType(prog.Type).String() != "ext" && isKernel {
		l.Target = t.name(info.TargetObjID, info.TargetBTFID)
		return
	}
	l.TargetProg = info.TargetObjID
	if target, ok := readProg(l.TargetProg); ok {
		l.Target = t.name(target.BTFID, info.TargetBTFID)
	}
}

// readProg asks about a program, if it is still there.
func readProg(id uint32) (bpf.ProgInfo, bool) {
	fd, err := bpf.Open(bpf.Prog, id)
	if err != nil {
		return bpf.ProgInfo{}, false
	}
	defer fd.Close()
	info, err := bpf.ReadProgInfo(fd)
	return info, err == nil
}

// programs looks for programs that hold others: those that wait to be attached to them,
// and those that use maps.
func (f *finder) programs() error {
	f.waiting, f.users = make(map[uint32][]uint32), make(map[uint32][]uint32)
	read := func(fd bpf.FD) (bpf.ProgInfo, error) {
		info, _ := bpf.ReadProgInfo(fd) // nothing waits among those that do not tell
		return info, nil
	}
	types := new(types)
	for info, err := range pick.All(bpf.Prog, read) {
		if err != nil {
			return err
		}
		for _, id := range info.MapIDs {
			f.users[id] = append(f.users[id], info.ID)
		}
		switch names.ProgType(info.Type).String() {
		case "ext", "tracing", "lsm":
			if id := info.AttachBTFObjID; id != 0 && !types.isKernel(id) {
				f.waiting[id] = append(f.waiting[id], info.ID)
			}
		}
	}
	return nil
}
