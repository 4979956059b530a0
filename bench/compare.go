package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// A result is what one row gave.
type result struct {
	row
	ours   series
	theirs series
	absent string // why there is no rival, or ""; then theirs means nothing
	floor  int64  // of peak memory, in bytes; see the package comment
}

// compare measures one row. places has what stands for the words in braces.
func compare(ctx context.Context, r row, t tools, runs int, places *strings.Replacer) (*result, error) {
	args := places.Replace(r.command)
	o := order{
		Alone:    r.where == alone,
		Runs:     cmp.Or(r.runs, runs),
		Commands: [][]string{t.ours.with(strings.Replace(args, inC, "lang c", 1))},
	}
	if strings.Contains(r.command, pinsPlace) {
		o.Clear = places.Replace(pinsPlace)
	}
	c, absent := t.rival(r.against)
	if r.against == objdump {
		args = places.Replace(objdumpArgs)
	}
	if absent == "" {
		o.Commands = append(o.Commands, c.with(strings.Replace(args, inC, "", 1)))
	}
	rep, err := delegate(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.command, r.where, err)
	}
	res := &result{row: r, ours: rep.Series[0], absent: absent, floor: rep.Floor}
	if absent == "" {
		res.theirs = rep.Series[1]
	}
	return res, nil
}

// delegate has an order carried out by a launcher, which is this program
// started once more.
func delegate(ctx context.Context, o order) (*report, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	c := exec.CommandContext(ctx, self, launcherArg)
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(text), &out, os.Stderr
	if o.Alone {
		c.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS,
		}
	}
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("launcher: %w", err)
	}
	rep := &report{}
	if err := json.Unmarshal(out.Bytes(), rep); err != nil {
		return nil, fmt.Errorf("report of the launcher: %w", err)
	}
	if len(rep.Series) != len(o.Commands) {
		return nil, fmt.Errorf("report of the launcher: %d series, want %d", len(rep.Series), len(o.Commands))
	}
	return rep, nil
}
