// Package every is a skeleton that has everything: maps of all types, variables in all
// sections, types that are laid out in hard ways. Its tests use it as other programs use theirs.
// Another one is about user-space tracepoints. There is a subskeleton as well, of a library within a greater object.
package every

//go:generate go run ../../../cmd/gobpftool gen skeleton every.bpf.o package every out .
//go:generate go run ../../../cmd/gobpftool gen skeleton hooks.bpf.o package every out .
//go:generate go run ../../../cmd/gobpftool gen skeleton ../../../testdata/idioms/struct_ops_shadow.o name shadow package every out .
//go:generate go run ../../../cmd/gobpftool gen skeleton ../../../testdata/idioms/kconfig.o name settings package every out .
//go:generate go run ../../../cmd/gobpftool gen skeleton usdt.bpf.o package every out .
//go:generate go run ../../../cmd/gobpftool gen skeleton whole.bpf.o package every out .
//go:generate go run ../../../cmd/gobpftool gen subskeleton library.bpf.o lang go package every out .
//go:generate go run ../../../cmd/gobpftool gen subskeleton ../../../testdata/idioms/struct_ops_shadow.o name ops lang go package every out .
