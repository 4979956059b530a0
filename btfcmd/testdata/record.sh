#!/bin/sh
# Makes the sample from its source.
set -e
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
${CLANG:-clang-19} -g -O2 -target bpf -c kinds.c -o "$tmp/kinds.o"
${OBJCOPY:-llvm-objcopy-19} --dump-section .BTF=kinds.btf "$tmp/kinds.o" /dev/null
