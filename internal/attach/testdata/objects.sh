#!/bin/sh
# objects.sh - make the objects of this folder anew, with $CLANG and $STRIP, and on x86-64 what they are attached to: target,
# at addresses of its own, and pie/target, which has none.
set -eu
cd "$(dirname "$0")"
CLANG=${CLANG:-clang-19} STRIP=${STRIP:-llvm-strip-19}
for source in *.bpf.c; do
	"$CLANG" -g -O2 -Wall -target bpf -mcpu=v3 -D__TARGET_ARCH_x86 -I"/usr/include/$(uname -m)-linux-gnu" \
		-ffile-prefix-map="$PWD=." -c "$source" -o "${source%.c}.o"
	"$STRIP" --strip-debug "${source%.c}.o"
done
[ "$(uname -m)" = x86_64 ] || exit 0
mkdir -p pie
build() { "$CLANG" -O2 -Wall -ffreestanding -fno-stack-protector -fno-asynchronous-unwind-tables -nostdlib -Wl,--build-id=none "$@" target.c; }
build -static -fno-pie -o target
build -static-pie -fpie -o pie/target
