// Gobpftool inspects and manipulates BPF programs, maps and other objects of
// the kernel. It stands in for bpftool.
package main

import (
	"context"
	"os"

	"github.com/gobpftool/gobpftool/cmd"
)

func main() {
	std := cmd.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	os.Exit(cmd.Main(context.Background(), os.Args, std))
}
