// Demo loads a small program into the kernel, and shows with gobpftool what is
// there then. It needs root; for others it shows what was recorded elsewhere.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
	"golang.org/x/tools/txtar"

	"github.com/gobpftool/gobpftool/cmd"
)

// What object/demo.bpf.c compiles to, for processors of either byte order.
var (
	//go:embed object/demo.bpfel.o
	littleEndian []byte
	//go:embed object/demo.bpfeb.o
	bigEndian []byte
)

func main() {
	objects, err := load()
	if err != nil {
		explain(err)
		os.Exit(showRecorded())
	}
	status := show(objects)
	objects.Close()
	fmt.Println("\nThe program and its maps are unloaded again.")
	os.Exit(status)
}

// load loads the object and runs its program on some packets.
func load() (*ebpf.Collection, error) {
	object := littleEndian
	if binary.NativeEndian.Uint16([]byte{0, 1}) == 1 {
		object = bigEndian
	}
	spec, err := ebpf.LoadCollectionSpecFromReader(bytes.NewReader(object))
	if err != nil {
		return nil, err
	}
	// Before Linux 5.11, BPF counts as locked memory.
	_ = unix.Setrlimit(unix.RLIMIT_MEMLOCK, &unix.Rlimit{Cur: unix.RLIM_INFINITY, Max: unix.RLIM_INFINITY})
	objects, err := ebpf.NewCollection(spec)
	if err != nil {
		return nil, err
	}
	packet := make([]byte, 64)
	packet[12] = 0x08 // IPv4
	if _, err := objects.Programs["count_packets_by_protocol"].Run(&ebpf.RunOptions{Data: packet, Repeat: 3}); err != nil {
		objects.Close()
		return nil, fmt.Errorf("running the program: %w", err)
	}
	return objects, nil
}

// show answers on the live kernel.
func show(objects *ebpf.Collection) int {
	fmt.Println("A small program is loaded: a socket filter that counts packets, with its map.")
	program, err1 := objects.Programs["count_packets_by_protocol"].Info()
	packets, err2 := objects.Maps["packets"].Info()
	if err := errors.Join(err1, err2); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		return 1
	}
	progID, _ := program.ID()
	mapID, _ := packets.ID()
	id := strconv.Itoa(int(progID))
	for _, c := range []struct{ why, line string }{
		{"What is loaded?", "prog list"},
		{"Which maps are there?", "map list"},
		{"One program, by its number, for programs to read:", "-p prog show id " + id},
		{"By its name, and abbreviated:", "p s name count_packets_by_protocol"},
		{"And its map:", "map show id " + strconv.Itoa(int(mapID))},
		{"Types that programs and maps carry:", "btf list"},
	} {
		fmt.Printf("\n# %s\n$ gobpftool %s\n", c.why, c.line)
		argv := append([]string{"gobpftool"}, strings.Fields(c.line)...)
		if status := cmd.Main(context.Background(), argv, cmd.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stdout}); status != 0 {
			return status
		}
	}
	return 0
}

// explain says why nothing can be loaded, and how to get what is missing.
func explain(err error) {
	why := fmt.Sprintf("The kernel refuses to load a program: %v.", err)
	switch {
	case os.Geteuid() != 0:
		why = "Loading a program needs root, or CAP_BPF and CAP_SYS_ADMIN: try \"sudo env PATH=$PATH go run ./examples/demo\"."
	case errors.Is(err, unix.EPERM):
		why = "The kernel refuses to load a program, even for root: in a container, start it with --privileged."
	case errors.Is(err, unix.ENOSYS):
		why = "This kernel has no BPF: it must be built with CONFIG_BPF_SYSCALL."
	}
	fmt.Println(why)
}

// showRecorded answers with what was recorded on another machine.
func showRecorded() int {
	fmt.Println("These are answers that were recorded elsewhere:")
	for _, r := range []struct{ line, file string }{
		{"prog list", "prog/testdata/show/list.txtar"},
		{"map list", "mapcmd/testdata/show/list.txtar"},
		{"link list", "link/testdata/show/list.txtar"},
	} {
		recording, err := txtar.ParseFile(filepath.FromSlash(r.file))
		if err != nil {
			fmt.Fprintf(os.Stderr, "demo: %v; run it from the top of the repository\n", err)
			return 1
		}
		for _, f := range recording.Files {
			if f.Name == "plain" {
				fmt.Printf("\n$ gobpftool %s\n%s", r.line, f.Data)
			}
		}
	}
	return 0
}
