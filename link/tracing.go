package link

import (
	"bufio"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// RawTracepoint is the target of a link of type raw_tracepoint.
type RawTracepoint struct {
	Name   string `json:"tp_name"`
	Cookie uint64 `json:"cookie"` // 0 also on kernels that do not tell
}

func rawTracepoint(t *bpf.RawTracepointLink) *RawTracepoint {
	return &RawTracepoint{Name: t.Name, Cookie: t.Cookie}
}

// Plain implements [Target].
func (t *RawTracepoint) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "\n\ttp '%s'  ", t.Name)
	plainCookie(w, t.Cookie)
}

// Tracing is the target of a link of type tracing.
type Tracing struct {
	ProgType    names.ProgType   `json:"prog_type"`
	AttachType  names.AttachType `json:"attach_type"`
	TargetObjID uint32           `json:"target_obj_id"` // BTF object; program for freplace
	TargetBTFID uint32           `json:"target_btf_id"` // type of the function there
	Cookie      uint64           `json:"cookie"`
}

// progType asks for the type of a program.
func progType(id uint32) (names.ProgType, error) {
	fd, err := bpf.Open(bpf.Prog, id)
	if err != nil {
		return 0, fmt.Errorf("can't get prog by id (%d): %w", id, err)
	}
	defer fd.Close()
	info, _, err := pick.ProgInfo(fd)
	return names.ProgType(info.Type), err
}

func tracing(progType names.ProgType, t *bpf.TracingLink) *Tracing {
	return &Tracing{
		ProgType:    progType,
		AttachType:  names.AttachType(t.AttachType),
		TargetObjID: t.TargetObjID,
		TargetBTFID: t.TargetBTFID,
		Cookie:      t.Cookie,
	}
}

// Plain implements [Target].
func (t *Tracing) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "\n\tprog_type %s  attach_type %s  ", t.ProgType, t.AttachType)
	if t.TargetObjID != 0 || t.TargetBTFID != 0 {
		fmt.Fprintf(w, "\n\ttarget_obj_id %d  target_btf_id %d  ", t.TargetObjID, t.TargetBTFID)
	}
	if t.Cookie != 0 {
		fmt.Fprintf(w, "\n\tcookie %d  ", t.Cookie)
	}
}

// plainCookie writes the cookie of a link on the line begun, if it has one.
func plainCookie(w *bufio.Writer, cookie uint64) {
	if cookie != 0 {
		fmt.Fprintf(w, "cookie %d  ", cookie)
	}
}
