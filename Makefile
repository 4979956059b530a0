# Maintainers' habits. Nothing here is needed to build the tool or to test it.

.PHONY: test lab objects record probes generate lint bench corpus corpus-programs corpus-guests corpus-relocs corpus-loads corpus-skeletons corpus-headers

test:
	go test ./...

# The C tools to compare with, and kernels for the guests, below .lab.
lab:
	testdata/lab/reference.sh .lab/reference
	testdata/lab/pahole.sh .lab/pahole
	testdata/lab/binutils.sh .lab/binutils
	testdata/lab/kernels.sh .lab/kernels bullseye-security bookworm trixie trixie-backports

# BPF objects, or just their types, from their sources.
CLANG ?= clang-19
CLANG_JUMPS ?= clang-22
STRIP ?= llvm-strip-19
OBJCOPY ?= llvm-objcopy-19
objects:
	cd examples/demo/object && for e in el eb; do \
		$(CLANG) -g -O2 -Wall -target bpf$$e -I/usr/include/$$(uname -m)-linux-gnu \
			-ffile-prefix-map=$$PWD=. -c demo.bpf.c -o demo.bpf$$e.o && \
		$(STRIP) --strip-debug demo.bpf$$e.o; done
	cd testdata/script/diff_btf && for f in old new; do \
		$(CLANG) -g -O0 -Wall -target bpf -c $$f.c -o $$f.o && \
		$(OBJCOPY) --dump-section .BTF=$$f.btf $$f.o /dev/null && rm $$f.o; done
	CLANG=$(CLANG) CLANG_JUMPS=$(CLANG_JUMPS) STRIP=$(STRIP) internal/elfobj/testdata/objects.sh
	CLANG=$(CLANG) STRIP=$(STRIP) OBJCOPY=$(OBJCOPY) internal/core/testdata/objects.sh
	CLANG=$(CLANG) STRIP=$(STRIP) internal/decl/testdata/values/objects.sh
	CLANG=$(CLANG) STRIP=$(STRIP) internal/cskeleton/testdata/objects.sh
	CLANG=$(CLANG) STRIP=$(STRIP) internal/load/testdata/objects.sh
	CLANG=$(CLANG) STRIP=$(STRIP) internal/profile/object/objects.sh
	CLANG=$(CLANG) STRIP=$(STRIP) internal/attach/testdata/objects.sh
	CLANG=$(CLANG) STRIP=$(STRIP) testdata/programs/objects.sh
	CLANG=$(CLANG) STRIP=$(STRIP) testdata/idioms/objects.sh
	CLANG=$(CLANG) STRIP=$(STRIP) internal/skeleton/every/objects.sh
	CLANG=$(CLANG) STRIP=$(STRIP) examples/objects.sh

# Recordings of the reference, made anew: as root, after "make lab".
record:
	testdata/lab/record.sh .lab/kernels .lab/reference $(SKELETONS)

# What the reference says of many kernels: internal/replay/kernels.
probes:
	testdata/lab/kernels.sh .lab/probed bullseye-security bookworm-security trixie sid trixie-backports
	testdata/lab/probes.sh .lab/probed .lab/reference

# Man pages and completion scripts from the table of commands, and the examples' skeletons from their objects.
generate:
	go run ./cmd/gendocs docs
	go generate ./examples/...

lint:
	test -z "$$(gofmt -l .)"
	go vet ./...
	GOARCH=386 CGO_ENABLED=0 go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
	go mod tidy -diff

bench:
	go run ./bench > bench/RESULTS.md.new && mv bench/RESULTS.md.new bench/RESULTS.md

# Public objects, and kernels' types if BTF names a directory of them, through both tools.
corpus:
	CLANG=$(CLANG) testdata/corpus/objects.sh .lab/corpus
	go run ./internal/corpus -objects .lab/corpus $(if $(BTF),-btf $(BTF)) > testdata/corpus/RESULTS.md.new && \
		mv testdata/corpus/RESULTS.md.new testdata/corpus/RESULTS.md

# Skeletons in C of the same objects, or of those below DIR, compared with the reference's.
corpus-headers:
	$(if $(DIR),,CLANG=$(CLANG) testdata/corpus/objects.sh .lab/corpus)
	go run ./internal/corpus -headers -objects $(or $(DIR),.lab/corpus) > testdata/corpus/HEADERS.md.new && \
		mv testdata/corpus/HEADERS.md.new testdata/corpus/HEADERS.md

# The programs of public objects, loaded here, through both tools, and objdump: as root.
corpus-programs:
	CLANG=$(CLANG) testdata/corpus/objects.sh .lab/corpus
	go run ./internal/corpus -programs -objects .lab/corpus > testdata/corpus/PROGRAMS.md.new && \
		mv testdata/corpus/PROGRAMS.md.new testdata/corpus/PROGRAMS.md

# The same objects, loaded in guests of five kernels, and what "object check" says of them.
corpus-guests:
	CLANG=$(CLANG) testdata/corpus/objects.sh .lab/corpus
	testdata/lab/kernels.sh .lab/kernels bullseye-security bookworm trixie sid trixie-backports
	go run ./internal/corpus -guests .lab/kernels -objects .lab/corpus > testdata/corpus/CHECK.md.new && \
		mv testdata/corpus/CHECK.md.new testdata/corpus/CHECK.md

# The relocations of public objects, as libbpf and cilium/ebpf resolve them on the kernels whose types are
# in $(BTF), and as the tool does: as root.
corpus-relocs:
	CLANG=$(CLANG) testdata/corpus/objects.sh .lab/corpus
	go run ./internal/corpus -relocs -objects .lab/corpus -btf $(BTF) > testdata/corpus/RELOCS.md.new && \
		mv testdata/corpus/RELOCS.md.new testdata/corpus/RELOCS.md

# Objects, loaded here by both tools, and what the kernel then has: as root. DIR has what objects.sh makes, and
# whatever else is to be loaded, likewise as OWNER/NAME/*.o and made.txt. GUESTS is a directory of kernels, which
# testdata/lab/kernels.sh has got, in which the same happens.
corpus-loads:
	$(if $(DIR),,CLANG=$(CLANG) testdata/corpus/objects.sh .lab/corpus)
	CLANG=$(CLANG) go run ./internal/corpus -loads -objects $(or $(DIR),.lab/corpus) $(if $(GUESTS),-guests $(GUESTS)) > testdata/corpus/LOADS.md.new && \
		mv testdata/corpus/LOADS.md.new testdata/corpus/LOADS.md

# Skeletons of the same objects, compiled, and loaded where "prog loadall" loads the object: as root.
corpus-skeletons:
	$(if $(DIR),,CLANG=$(CLANG) testdata/corpus/objects.sh .lab/corpus)
	go run ./internal/corpus -skeletons -objects $(or $(DIR),.lab/corpus) > testdata/corpus/SKELETONS.md.new && \
		mv testdata/corpus/SKELETONS.md.new testdata/corpus/SKELETONS.md
