package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
)

// mostPrograms of one repository are compared.
const mostPrograms = 60

// progChecks are the columns of the report on programs. ID stands for the
// program, FILE for a file whose bytes count as what is printed.
var progChecks = []check{
	{"plain", "prog dump xlated id ID"},
	{"opcodes", "prog dump xlated id ID opcodes"},
	{"linum", "prog dump xlated id ID linum"},
	{"opcodes linum", "prog dump xlated id ID opcodes linum"},
	{"visual", "prog dump xlated id ID visual"},
	{"visual opcodes linum", "prog dump xlated id ID visual opcodes linum"},
	{"JSON", "-j prog dump xlated id ID"},
	{"JSON opcodes linum", "-j prog dump xlated id ID opcodes linum"},
	{"pretty", "-p prog dump xlated id ID opcodes linum"},
	{"file", "prog dump xlated id ID file FILE"},
}

// A repository is a line of the report on programs.
type repository struct {
	*group
	programs []*program // all, in the order of objects and names
	compared []*program // some of those that load
}

// notLoaded returns the programs that do not load.
func (r *repository) notLoaded() []*program {
	return slices.DeleteFunc(slices.Clone(r.programs), func(p *program) bool { return p.failed == "" })
}

// comparePrograms loads the programs of all objects, and compares what both tools
// say about some of each group.
func (t *tools) comparePrograms(ctx context.Context, groups []*group) ([]*repository, error) {
	l := &loader{reference: t.reference, cache: btf.NewCache()}
	var list []*repository
	for _, g := range groups {
		r := &repository{group: g}
		if err := t.compareRepository(ctx, l, r); err != nil {
			return nil, fmt.Errorf("%s: %w", g.name, err)
		}
		fmt.Fprintf(os.Stderr, "%s: %d of %d programs load\n", r.name, len(r.programs)-len(r.notLoaded()), len(r.programs))
		list = append(list, r)
	}
	return list, nil
}

// compareRepository keeps programs in the kernel no longer than it takes.
func (t *tools) compareRepository(ctx context.Context, l *loader, r *repository) error {
	defer func() {
		for _, p := range r.programs {
			p.close()
		}
	}()
	for _, f := range r.files {
		programs, err := l.load(ctx, f.path)
		r.programs = append(r.programs, programs...)
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return err
		}
	}
	r.compared = choose(r.programs, mostPrograms)
	return each(ctx, r.compared, func(ctx context.Context, p *program) error {
		if err := t.compareProgram(ctx, p); err != nil {
			return fmt.Errorf("%s, %s: %w", p.object, p.name, err)
		}
		return nil
	})
}

// choose returns at most most of the programs that are loaded, as evenly spread
// over objects as can be, and closes the others. It keeps their order.
func choose(programs []*program, most int) []*program {
	var rounds [][]*program // those that are the n-th of their objects
	nth := make(map[string]int)
	for _, p := range programs {
		if p.failed != "" {
			continue
		}
		n := nth[p.object]
		nth[p.object]++
		if n == len(rounds) {
			rounds = append(rounds, nil)
		}
		rounds[n] = append(rounds[n], p)
	}
	chosen := make(map[*program]bool)
	for i, p := range slices.Concat(rounds...) {
		if chosen[p] = i < most; !chosen[p] {
			p.close()
		}
	}
	return slices.DeleteFunc(slices.Clone(programs), func(p *program) bool { return !chosen[p] })
}

// compareProgram runs all checks about one program.
func (t *tools) compareProgram(ctx context.Context, p *program) error {
	id, err := idOf(p.loaded)
	if err != nil {
		return err
	}
	info, err := p.loaded.Info()
	if err != nil {
		return err
	}
	size, err := info.TranslatedSize()
	if err != nil {
		return err
	}
	p.insns = size / 8
	raw := filepath.Join(t.tmp, id)
	for _, c := range progChecks {
		r, err := t.run(ctx, c.with(map[string]string{"ID": id, "FILE": raw}), raw)
		if err != nil {
			return err
		}
		p.results = append(p.results, r)
	}
	p.jited, err = t.compareJited(ctx, p.loaded, id)
	return err
}

// idOf returns the kernel's number of a program.
func idOf(p *ebpf.Program) (string, error) {
	info, err := p.Info()
	if err != nil {
		return "", err
	}
	id, ok := info.ID()
	if !ok {
		return "", errors.New("the kernel numbers no programs")
	}
	return strconv.FormatUint(uint64(id), 10), nil
}
