package support

//lint:file-ignore U1000 skeletons use it

// Uses: files

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// skelUprobe attaches a program to a function in a file.
func skelUprobe(file, function string, offset uint64, returns bool) func(*ebpf.Program) (link.Link, error) {
	return func(prog *ebpf.Program) (link.Link, error) {
		path, err := skelFile(file)
		if err != nil {
			return nil, err
		}
		in, err := link.OpenExecutable(path)
		if err != nil {
			return nil, err
		}
		options := &link.UprobeOptions{Offset: offset}
		if returns {
			return in.Uretprobe(function, prog, options)
		}
		return in.Uprobe(function, prog, options)
	}
}
