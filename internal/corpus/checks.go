package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gobpftool/gobpftool/cmd"
	"github.com/gobpftool/gobpftool/internal/differences"
)

// A check is a command that both tools run about each file or program.
type check struct {
	name string
	args string // separated by blanks; FILE stands for the file
}

// typeChecks are the columns of the report about types.
var typeChecks = []check{
	{"raw", "btf dump file FILE"},
	{"raw JSON", "-j btf dump file FILE"},
	{"c", "btf dump file FILE format c"},
	{"c unsorted", "btf dump file FILE format c unsorted"},
}

// headerChecks are those of the report about skeletons in C.
var headerChecks = []check{
	{"skeletons", "gen skeleton FILE"},
	{"subskeletons", "gen subskeleton FILE"},
}

// with returns the arguments of a check, with values for words that stand for
// something.
func (c check) with(values map[string]string) []string {
	args := strings.Fields(c.args)
	for i, a := range args {
		args[i] = cmp.Or(values[a], a)
	}
	return args
}

// A verdict says how the answers of both tools compare.
type verdict int

const (
	identical verdict = iota
	excused           // by rows of the table of differences
	differs
)

// A tally counts verdicts.
type tally [3]int

// String returns "7 +2 -1" for seven that are identical, two that are excused, and
// one that differs.
func (t tally) String() string {
	text := strconv.Itoa(t[identical])
	if n := t[excused]; n > 0 {
		text += fmt.Sprintf(" +%d", n)
	}
	if n := t[differs]; n > 0 {
		text += fmt.Sprintf(" -%d", n)
	}
	return text
}

// add adds what u counted.
func (t *tally) add(u tally) {
	for v, n := range u {
		t[v] += n
	}
}

// A result is what a check found about one file.
type result struct {
	verdict verdict
	why     []string // the reasons of the rows that excuse it, or where it differs
	failed  bool     // both tools did
}

// tools are what is compared.
type tools struct {
	reference string // its path
	version   string
	table     string // of differences
	tmp       string // a directory for files
	checks    []check

	answer func(context.Context, []string) differences.Outcome // what the tool says about arguments
}

// compareAll runs all checks over all files, and keeps the results with them.
func (t *tools) compareAll(ctx context.Context, groups []*group) error {
	var files []*file
	for _, g := range groups {
		files = append(files, g.files...)
	}
	return each(ctx, files, t.compareFile)
}

// each does something with all of a list, as many at once as GOMAXPROCS allows, and
// returns what went wrong.
func each[T any](ctx context.Context, list []T, do func(context.Context, T) error) error {
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var mu sync.Mutex
	var wrong error
	for _, x := range list {
		if ctx.Err() != nil {
			break
		}
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			if err := do(ctx, x); err != nil {
				mu.Lock()
				defer mu.Unlock()
				wrong = errors.Join(wrong, err)
			}
		})
	}
	wait.Wait()
	return cmp.Or(wrong, ctx.Err())
}

// compareFile runs all checks over one file.
func (t *tools) compareFile(ctx context.Context, f *file) error {
	for _, c := range t.checks {
		r, err := t.run(ctx, f.args(c), "")
		if err != nil {
			return err
		}
		f.results = append(f.results, r)
	}
	return nil
}

// args returns the arguments of a check about a file.
func (f *file) args(c check) []string {
	args := c.with(map[string]string{"FILE": f.path})
	if f.base != "" {
		args = append(args, "-B", f.base)
	}
	return args
}

// run runs a command with both tools. What they write to the file written counts
// as printed, if it is not "".
func (t *tools) run(ctx context.Context, args []string, written string) (result, error) {
	theirs, err := t.ask(ctx, args)
	if err == nil {
		err = take(written, &theirs)
	}
	if err != nil {
		return result{}, fmt.Errorf("%s: %w", strings.Join(args, " "), err)
	}
	ours := t.answer(ctx, args)
	if err := take(written, &ours); err != nil {
		return result{}, err
	}
	return t.compare(differences.Command(args), theirs, ours)
}

// take moves what is in a file to what was printed.
func take(path string, o *differences.Outcome) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	o.Stdout += string(text)
	return errors.Join(err, os.Remove(path))
}

// ask returns the reference's answer.
func (t *tools) ask(ctx context.Context, args []string) (differences.Outcome, error) {
	c := exec.CommandContext(ctx, t.reference, args...)
	out, err := c.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return differences.Outcome{}, err
	}
	return differences.Outcome{Stdout: string(out), Status: c.ProcessState.ExitCode()}, ctx.Err()
}

// answerHere returns the tool's answer, under the name by which skeletons are in C.
func answerHere(ctx context.Context, args []string) differences.Outcome {
	var out, talk bytes.Buffer
	std := cmd.Streams{In: strings.NewReader(""), Out: &out, Err: &talk}
	status := cmd.Main(ctx, append([]string{"bpftool"}, args...), std)
	return differences.Outcome{Stdout: out.String(), Status: status}
}

// compare compares answers by the table of differences. It is read anew each
// time, to tell which rows this comparison needed.
func (t *tools) compare(command string, theirs, ours differences.Outcome) (result, error) {
	table, err := differences.Read(t.table)
	if err != nil {
		return result{}, fmt.Errorf("%s: %w", differences.File, err)
	}
	if diff := table.Compare(command, theirs.Stdout, ours.Stdout); diff != "" {
		return result{verdict: differs, why: strings.Split(diff, "\n")}, nil
	}
	if !table.Status(command, theirs, ours) {
		return result{verdict: differs, why: []string{fmt.Sprintf("exit status %d, the reference's %d", ours.Status, theirs.Status)}}, nil
	}
	r := result{failed: theirs.Status != 0 && ours.Status != 0}
	for _, row := range table {
		if row.Used {
			r.verdict = excused
			r.why = append(r.why, row.Class+": "+row.Reason)
		}
	}
	slices.Sort(r.why)
	return r, nil
}
