package cmd_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobpftool/gobpftool/cmd"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// asToolVar makes the test binary behave as the tool.
const asToolVar = "GOBPFTOOL_AS_TOOL"

func TestMain(m *testing.M) {
	if os.Getenv(asToolVar) != "" {
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
			if d.used {
				fmt.Printf("%s%d\n", usedPrefix, d.line)
			}
		}
		return 0
	}
	if !strict() || slices.ContainsFunc(os.Args, func(a string) bool { return strings.HasPrefix(a, "-test.run=") }) {
		return 0
	}
	fmt.Printf("%s: %d rows\n", differencesFile, len(shared()))
	unused := shared().unused()
	for _, u := range unused {
		fmt.Println(u)
	}
	return min(len(unused), 1)
}
