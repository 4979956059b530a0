#!/bin/sh
# objects.sh - make the objects of this folder anew, with $CLANG and $STRIP, and what $REFERENCE makes of one.
set -eu
cd "$(dirname "$0")"
for source in *.bpf.c; do
	"${CLANG:-clang-19}" -g -O2 -Wall -Wno-missing-braces -target bpfel -mcpu=v3 \
		-ffile-prefix-map="$PWD=." -c "$source" -o "${source%.c}.o"
	"${STRIP:-llvm-strip-19}" --strip-debug "${source%.c}.o"
done
REFERENCE=${REFERENCE:-../../../.lab/reference/bpftool}
"$REFERENCE" gen skeleton hard.bpf.o name hard > hard.skel.h
"$REFERENCE" gen subskeleton hard.bpf.o name hard > hard.subskel.h
