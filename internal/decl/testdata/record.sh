#!/bin/sh
# Makes the samples from their sources and records what bpftool writes for them
# in C, and this tool in Go:
#	testdata/record.sh BPFTOOL
set -e
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for source in *.c; do
	name=${source%.c}
	${CLANG:-clang-19} -g -O0 -w -target bpf -c "$source" -o "$tmp/$name.o"
	${OBJCOPY:-llvm-objcopy-19} --dump-section ".BTF=$name.btf" "$tmp/$name.o" /dev/null
	{
		echo "$name.btf as $("$1" version | head -1) writes it."
		for words in "" unsorted "root_id 8 root_id 5" "root_id 40"; do
			echo "-- $words --" | sed 's/--  --/-- sorted --/'
			"$1" btf dump file "$name.btf" format c $words
		done
	} >"$name.txtar" 2>/dev/null
	go run ../../../cmd/gobpftool btf dump file "$name.btf" format go package sample >"$name.go"
done
