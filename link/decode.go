package link

import (
	"encoding/json"

	"github.com/gobpftool/gobpftool/internal/render"
)

// UnmarshalJSON implements [json.Unmarshaler]. Keys that links of the type do not
// have are an error.
func (l *Link) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, &l.Head); err != nil {
		return err
	}
	var err error
	if l.Target, err = l.newTarget(b); err != nil {
		return err
	}
	return render.Split(b, &l.Head, l.Target, &l.Tail)
}

// newTarget returns an empty target for a link of the type of l.
func (l *Link) newTarget(b []byte) (Target, error) {
	switch l.Type.String() {
	case "raw_tracepoint":
		return new(RawTracepoint), nil
	case "tracing":
		return new(Tracing), nil
	case "cgroup":
		return new(Cgroup), nil
	case "iter":
		return new(Iterator), nil
	case "netns":
		return new(Netns), nil
	case "xdp":
		return new(Device), nil
	case "perf_event":
		return newPerfTarget(b)
	case "kprobe_multi":
		return new(KprobeMulti), nil
	case "struct_ops":
		return new(StructOps), nil
	case "netfilter":
		return new(Netfilter), nil
	case "tcx", "netkit":
		return new(DeviceSide), nil
	case "uprobe_multi":
		return new(UprobeMulti), nil
	case "sockmap":
		return new(Sockmap), nil
	case "tracing_multi":
		return new(TracingMulti), nil
	}
	return nil, nil
}

// newPerfTarget tells the targets of a link of type perf_event apart by the keys
// that only one of them has.
func newPerfTarget(b []byte) (Target, error) {
	var has struct {
		Event      any `json:"event_type"`
		Tracepoint any `json:"tracepoint"`
		Func       any `json:"func"`
		File       any `json:"file"`
	}
	err := json.Unmarshal(b, &has)
	switch {
	case has.Event != nil:
		return new(Event), err
	case has.Tracepoint != nil:
		return new(Tracepoint), err
	case has.Func != nil:
		return new(Kprobe), err
	case has.File != nil:
		return new(Uprobe), err
	}
	return nil, err
}
