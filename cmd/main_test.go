package cmd_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobpftool/gobpftool/cmd"
	"github.com/gobpftool/gobpftool/internal/differences"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// asToolVar makes the test binary behave as the tool.
const asToolVar = "GOBPFTOOL_AS_TOOL"

// delegatedVar names a directory on which it first mounts the BPF file system that is delegated to it.
const delegatedVar = "GOBPFTOOL_DELEGATED"

func TestMain(m *testing.M) {
	if os.Getenv(asToolVar) != "" {
		runtime.LockOSThread() // strace counts the system calls of each thread
		if dir := os.Getenv(delegatedVar); dir != "" {
			if err := fixture.MountDelegated(dir); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
		std := cmd.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
		os.Exit(cmd.Main(context.Background(), os.Args, std))
	}
	time.Local = time.UTC // as in the environment of the reference
	os.Setenv("TZ", "UTC")
	os.Exit(fixture.Isolate(func() int { return max(m.Run(), differencesStatus()) }))
}

// strict reports whether what tests need must be there.
func strict() bool { return os.Getenv("GOBPFTOOL_REQUIRE") == "all" }

// differencesStatus counts the rows of the table of differences, and returns 1
// if one is not needed any more. That can only be told when all tests ran.
func differencesStatus() int {
	if inGuest() {
		for _, d := range shared() {
			if d.Used {
				fmt.Printf("%s%d\n", usedPrefix, d.Line)
			}
		}
		return 0
	}
	if !strict() || slices.ContainsFunc(os.Args, func(a string) bool { return strings.HasPrefix(a, "-test.run=") }) {
		return 0
	}
	fmt.Printf("%s: %d rows\n", differences.File, len(shared()))
	status := 0
	for _, d := range shared() {
		if !d.Used {
			fmt.Printf("%s:%d: nothing differs any more\n", differences.File, d.Line)
			status = 1
		}
	}
	return status
}

// shared is the table that all comparing tests of this package use, so that rows
// which nothing needed can be told at the end.
var shared = sync.OnceValue(func() differences.Table {
	text, err := os.ReadFile(filepath.Join("..", differences.File))
	if err != nil {
		panic(err)
	}
	table, err := differences.Read(string(text))
	if err != nil {
		panic(fmt.Sprintf("%s: %v", differences.File, err))
	}
	return table
})
