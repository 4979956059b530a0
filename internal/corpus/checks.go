package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/gobpftool/gobpftool/cmd"
	"github.com/gobpftool/gobpftool/internal/differences"
)

// A check is a command that both tools run about each file.
type check struct {
	name string
	args string // separated by blanks; FILE stands for the file
}

// checks are the columns of the report.
var checks = []check{
	{"raw", "btf dump file FILE"},
	{"raw JSON", "-j btf dump file FILE"},
	{"c", "btf dump file FILE format c"},
	{"c unsorted", "btf dump file FILE format c unsorted"},
}

// with returns the arguments of a check for one file.
func (c check) with(f *file) []string {
	args := strings.Fields(c.args)
	for i, a := range args {
		if a == "FILE" {
			args[i] = f.path
		}
	}
	if f.base != "" {
		args = append(args, "-B", f.base)
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

// A result is what a check found about one file.
type result struct {
	verdict verdict
	why     []string // the reasons of the rows that excuse it, or where it differs
}

// tools are what is compared.
type tools struct {
	reference string // its path
	version   string
	table     string // of differences
}

// compareAll runs all checks over all files, and keeps the results with them.
func (t *tools) compareAll(ctx context.Context, groups []*group) error {
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.NumCPU())
	var mu sync.Mutex
	var first error
	for _, g := range groups {
		for _, f := range g.files {
			slots <- struct{}{}
			wait.Go(func() {
				defer func() { <-slots }()
				if err := t.compareFile(ctx, f); err != nil {
					mu.Lock()
					first = errors.Join(first, err)
					mu.Unlock()
				}
			})
			if ctx.Err() != nil {
				break
			}
		}
	}
	wait.Wait()
	return first
}

// compareFile runs all checks over one file.
func (t *tools) compareFile(ctx context.Context, f *file) error {
	for _, c := range checks {
		args := c.with(f)
		theirs, err := t.ask(ctx, args)
		if err != nil {
			return fmt.Errorf("%s: %w", strings.Join(args, " "), err)
		}
		r, err := t.compare(differences.Command(args), theirs, answerHere(ctx, args))
		if err != nil {
			return err
		}
		f.results = append(f.results, r)
	}
	return nil
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

// answerHere returns the tool's answer.
func answerHere(ctx context.Context, args []string) differences.Outcome {
	var out, talk bytes.Buffer
	std := cmd.Streams{In: strings.NewReader(""), Out: &out, Err: &talk}
	status := cmd.Main(ctx, append([]string{"gobpftool"}, args...), std)
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
		return result{differs, strings.Split(diff, "\n")}, nil
	}
	if !table.Status(command, theirs, ours) {
		return result{differs, []string{fmt.Sprintf("exit status %d, the reference's %d", ours.Status, theirs.Status)}}, nil
	}
	var r result
	for _, row := range table {
		if row.Used {
			r.verdict = excused
			r.why = append(r.why, row.Class+": "+row.Reason)
		}
	}
	slices.Sort(r.why)
	return r, nil
}
