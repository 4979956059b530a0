package object

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"path/filepath"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/decl"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/render"
)

// Object is what "object show" reports about an ELF object.
type Object struct {
	File      string     `json:"file"` // its name, without folders
	ByteOrder string     `json:"byte_order"`
	License   string     `json:"license,omitempty"`
	Version   uint32     `json:"kernel_version,omitempty"` // that old kernels want probes to be made for
	BTF       *Types     `json:"btf,omitempty"`            // nil without types
	Programs  []Program  `json:"programs"`
	Functions []Function `json:"functions"` // that programs call
	Maps      []Map      `json:"maps"`
	Variables []Variable `json:"variables"`
	Externs   []Extern   `json:"externs"`

	// Relocations counts those of all functions, by kind.
	Relocations Counts `json:"relocations"`
}

// Types is how much BTF an object has.
type Types struct {
	Types int `json:"types"`
	Bytes int `json:"bytes"`
}

// show answers "object show OBJ".
func show(_ context.Context, c *call.Call) error {
	path, err := c.Args.Next(1)
	if err != nil {
		return err
	}
	if err := c.Args.Done(); err != nil {
		return err
	}
	o, err := open(path)
	if err != nil {
		return err
	}
	return c.Out.One(describe(filepath.Base(path), o))
}

// describe turns an object into a report.
func describe(file string, o *elfobj.Object) *Object {
	r := &Object{
		File: file, ByteOrder: "little-endian", License: o.License, Version: o.Version,
		Programs: []Program{}, Functions: []Function{}, Maps: []Map{}, Variables: []Variable{}, Externs: []Extern{},
		Relocations: Counts{},
	}
	if o.Order == binary.ByteOrder(binary.BigEndian) {
		r.ByteOrder = "big-endian"
	}
	if o.BTF != nil {
		r.BTF = &Types{Types: int(o.BTF.Len()) - 1, Bytes: o.BTF.Bytes()}
	}
	for _, f := range o.Programs {
		p := describeProgram(o, f)
		r.Programs = append(r.Programs, p)
		r.Relocations.add(p.Relocations)
	}
	for _, f := range o.Funcs {
		d := describeFunction(o, f)
		r.Functions = append(r.Functions, d)
		r.Relocations.add(d.Relocations)
	}
	members := make(memberIndex)
	for _, m := range o.Maps {
		r.Maps = append(r.Maps, describeMap(o, m, members))
	}
	for _, v := range o.Variables {
		r.Variables = append(r.Variables, describeVariable(o, v))
	}
	for _, e := range o.Externs {
		r.Externs = append(r.Externs, describeExtern(o, e))
	}
	return r
}

// spell returns a type as it is written in C, or nothing if it is not known, or that of a section.
func spell(o *elfobj.Object, id btf.ID) string {
	if o.BTF == nil || id == 0 || o.BTF.Kind(id) == btf.Datasec {
		return ""
	}
	return decl.Spell(o.BTF, id)
}

// declare returns the declaration of a name in C, or nothing if its type is not known.
func declare(o *elfobj.Object, id btf.ID, name string) string {
	if o.BTF == nil || id == 0 {
		return ""
	}
	return decl.Declare(o.BTF, id, name)
}

// Plain implements [render.Fact].
func (r *Object) Plain(w *bufio.Writer) { render.Carefully(w, r.plain) }

func (r *Object) plain(w *bufio.Writer) {
	fmt.Fprintf(w, "%s: %s", r.File, r.ByteOrder)
	if r.License != "" {
		fmt.Fprintf(w, "  license %s", r.License)
	}
	if r.Version != 0 {
		fmt.Fprintf(w, "  kernel_version %d.%d.%d", r.Version>>16, r.Version>>8&0xff, r.Version&0xff)
	}
	if r.BTF != nil {
		fmt.Fprintf(w, "  btf %dB, %s", r.BTF.Bytes, render.Amount(r.BTF.Types, "type"))
	}
	fmt.Fprintln(w)
	plainList(w, "programs", r.Programs)
	plainList(w, "functions", r.Functions)
	plainList(w, "maps", r.Maps)
	plainList(w, "variables", r.Variables)
	plainList(w, "externs", r.Externs)
	if len(r.Relocations) > 0 {
		section(w, 0, "relocations")
		fmt.Fprintln(w, r.Relocations)
	}
}

// plainList writes a section with something in each line.
func plainList[T interface{ plain(*bufio.Writer) }](w *bufio.Writer, name string, list []T) {
	for i, x := range list {
		section(w, i, name)
		x.plain(w)
	}
}

// section begins a line of a section: the first, or a further one.
func section(w *bufio.Writer, i int, name string) {
	if i == 0 {
		fmt.Fprintf(w, "\t%s:\n", name)
	}
	fmt.Fprint(w, "\t\t")
}
