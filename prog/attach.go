package prog

import (
	"context"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// attachDirectly answers "prog attach PROG ATTACH_TYPE [MAP]".
func attachDirectly(_ context.Context, c *call.Call) error {
	return change(c, bpf.AttachProg, "failed prog attach to map")
}

// detachDirectly answers "prog detach PROG ATTACH_TYPE [MAP]".
func detachDirectly(_ context.Context, c *call.Call) error {
	return change(c, bpf.DetachProg, "failed prog detach from map")
}

// change reads the words behind attach and detach, and does what they say. failure begins the error if
// that cannot be done. Words behind the last that is needed mean nothing, as in bpftool.
func change(c *call.Call, do func(prog, target bpf.FD, attachType uint32) error, failure string) error {
	if err := c.Args.Need(3); err != nil {
		return err
	}
	prog, err := pick.Prog(c.Args)
	if err != nil {
		return err
	}
	defer prog.Close()
	typ, err := attachType(c.Args)
	if err != nil {
		return err
	}
	var target bpf.FD // none: it is the network namespace
	if typ != flowDissector {
		if err := c.Args.Need(2); err != nil {
			return err
		}
		if target, err = pick.Map(c.Args, bpf.ReadWrite); err != nil {
			return err
		}
		defer target.Close()
	}
	if err := do(prog, target, uint32(typ)); err != nil {
		return fmt.Errorf("%s: %w", failure, err)
	}
	c.Out.Null()
	return nil
}

// Numbers of enum bpf_attach_type, include/uapi/linux/bpf.h.
const (
	skSkbStreamParser  names.AttachType = 4
	skSkbStreamVerdict names.AttachType = 5
	skMsgVerdict       names.AttachType = 7
	flowDissector      names.AttachType = 17
	skSkbVerdict       names.AttachType = 38
)

// attachTypes are the ways in which programs are attached here, by the words that bpftool had for
// them first. Those may be shortened, the names of the types may not.
var attachTypes = []struct {
	typ names.AttachType
	old string // or empty
}{
	{skSkbStreamParser, "stream_parser"},
	{skSkbStreamVerdict, "stream_verdict"},
	{skMsgVerdict, "msg_verdict"},
	{flowDissector, ""},
	{skSkbVerdict, "skb_verdict"},
}

// attachType reads a way to attach.
func attachType(a *args.Args) (names.AttachType, error) {
	word, err := a.Next(1)
	if err != nil {
		return 0, err
	}
	for _, t := range attachTypes {
		if word == t.typ.String() || args.Abbreviates(word, t.old) {
			return t.typ, nil
		}
	}
	return 0, args.Errorf("invalid attach/detach type")
}
