// Package gen answers "gobpftool gen".
package gen

import "github.com/gobpftool/gobpftool/internal/call"

// Commands is the object "gen".
var Commands = call.Object{
	Name:  "gen",
	Short: "what is generated from BPF objects, such as skeletons",
	Verbs: []call.Verb{
		{Name: "object"},
		{Name: "skeleton", Args: "OBJ [name NAME] [package PACKAGE] [type TYPE]... [lang { go | c }] [out DIR] [check]", Short: "Generate code that carries an object with it, loads it and works with it", Long: skeletonLong, Run: genSkeleton},
		{Name: "subskeleton", Args: "OBJ [name NAME] [package PACKAGE] [type TYPE]... [lang { go | c }] [out DIR] [check]", Short: "Generate code that works with what an object has within another one", Long: subskeletonLong, Run: genSubskeleton},
		{Name: "min_core_btf"},
		{Name: call.Help},
		{Name: "go", Args: "[FLAG]... IDENT SOURCE [-- CFLAG...]", Short: "Compile C and generate code for it, as bpf2go does, and a skeleton", Long: goLong, Flags: true, Run: genCode},
	},
	Terms:   []call.Term{{Name: "OBJ", Syntax: "FILE"}, {Name: "SOURCE", Syntax: "FILE"}},
	Options: "LSki",
}

const skeletonLong = `Writes code in Go that carries an object with it, for programs that import github.com/cilium/ebpf. ` +
	`It has a type by the name of the object, or NAME: Open reads the object, and whatever it is made of may be changed, ` +
	`Load brings it into the kernel, Attach puts programs to work, Close ends that. ` +
	`Maps, programs, links and variables are its fields, by their names, with the types that they have in C; with type, structs of that name get a type as well, such as those of the ` +
	`records in a ring buffer. ` +
	`No compiler for C is needed. Idioms that cilium/ebpf does not know are brought into a shape that it does; ` +
	`what cannot be is told, by its name, with the reason.

The code goes to standard output and holds the object itself. With out it goes to files in a directory, ` +
	`NAME_bpfel.go and beside it the object, NAME_bpfel.o; those of big-endian objects end in _bpfeb. ` +
	`PACKAGE is $GOPACKAGE unless it is said. With check nothing is written: ` +
	`it is told which files are not as they would be, and the exit status is 3 if there are any.

With lang c, or if the tool is started under the name bpftool, the skeleton is a header in C for programs that use libbpf, ` +
	`the same as bpftool writes. It goes to standard output; package, type, out and check are for Go.

	gobpftool gen skeleton trace.bpf.o package main > trace.go
	//go:generate gobpftool gen skeleton trace.bpf.o out .
	gobpftool gen skeleton trace.bpf.o name trace lang c > trace.skel.h`

const subskeletonLong = `Writes code for a library that has an object of its own, which is linked into a greater one: ` +
	`by it the library finds its maps, programs and variables within that. The object must have types.

Unless something else is said, it is a header in C for programs that use libbpf, the same as bpftool writes, in which each variable is a pointer. ` +
	`Variables in arenas are left out, as libbpf does not find them. It goes to standard output; package, type, out and check are for Go.

With lang go it is Go, for programs that import github.com/cilium/ebpf, with the types and methods of a skeleton but without an object: ` +
	`New finds everything in the spec of the greater object, such as that of its skeleton, where it may be changed; ` +
	`Bind takes over what was loaded. What is not there, or of another type, is an error that names it. ` +
	`With out it goes to a file in a directory, NAME_bpfel.go, or NAME_bpfeb.go. All other words are as for skeleton.

	gobpftool gen subskeleton library.bpf.o name library > library.subskel.h
	//go:generate gobpftool gen subskeleton library.bpf.o lang go out .`

const goLong = `Takes the place of bpf2go, of cilium/ebpf v0.22, in lines for go generate: with its flags and variables of the environment, ` +
	`files of the same names, and in them all the names that it writes, so that programs need no change. ` +
	`There is a skeleton as well, which has the types of maps and variables: see skeleton. ` +
	`It is called IDENT with Skel behind it, BPFSkel for bpf, so that Open is OpenBPFSkel.

SOURCE is in C, and is compiled for each target, or an object that has been compiled. All that follows go is for it: ` +
	`options of the tool, such as -j, are before gen. Flags begin with one dash or two; -h tells which there are.

Nothing is written unless it can be for all targets. The objects must have maps, programs and variables of the same names.

	//go:generate gobpftool gen go -tags linux bpf xdp.c -- -I../headers
	GOPACKAGE=main gobpftool gen go -target amd64,arm64 -type event counter counter.c`
