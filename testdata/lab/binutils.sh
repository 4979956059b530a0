#!/bin/bash
# binutils.sh DIR - GNU as, ld and objdump of Debian 13 for the architectures whose machine code we
# read, unpacked into DIR and run as DIR/TRIPLET-as, DIR/TRIPLET-objdump and so on: see debian.sh.
set -eu
. "$(dirname "$0")/debian.sh"
DIR=$(realpath -m "$1")
for arch in aarch64 riscv64 s390x powerpc64le loongarch64; do
	triplet=$arch-linux-gnu
	if [ ! -x "$DIR/$triplet-objdump" ]; then
		unpack "$DIR" trixie "binutils-$arch-linux-gnu"
		for tool in as objcopy objdump; do
			start "$DIR" "usr/bin/$triplet-$tool"
		done
	fi
	"$DIR/$triplet-objdump" --version | head -1
done
