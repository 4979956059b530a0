#!/bin/sh
# objects.sh - make the objects of the examples anew, with $CLANG and $STRIP, and their skeletons.
set -eu
cd "$(dirname "$0")"
CLANG=${CLANG:-clang-19} STRIP=${STRIP:-llvm-strip-19}
for name in trace_open xdp_drop tcp_cc; do
	cd $name
	for order in el eb; do
		"$CLANG" -g -O2 -Wall -target bpf$order -I"/usr/include/$(uname -m)-linux-gnu" \
			-ffile-prefix-map="$PWD=." -c $name.bpf.c -o $name.bpf$order.o
		"$STRIP" --strip-debug $name.bpf$order.o
	done
	go generate .
	cd ..
done
