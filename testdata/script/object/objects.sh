#!/bin/sh
# objects.sh - make the objects of this folder anew, of both byte orders, with $CLANG and $STRIP.
set -eu
cd "$(dirname "$0")"
CLANG=${CLANG:-clang-19} STRIP=${STRIP:-llvm-strip-19}
for order in el eb; do
	"$CLANG" -g -O2 -Wall -target bpf$order -mcpu=v3 -I"/usr/include/$(uname -m)-linux-gnu" \
		-ffile-prefix-map="$PWD=." -c tour.bpf.c -o tour.bpf$order.o
	"$STRIP" --strip-debug tour.bpf$order.o
done
