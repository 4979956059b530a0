#!/bin/bash
# reference.sh DIR - bpftool 7.8.0 as Debian packages it, unpacked into DIR and run as DIR/bpftool:
# see debian.sh. This build has no disassembler, no pids and no profiler (`bpftool version` shows
# its features); for everything else it is the reference.
set -eu
. "$(dirname "$0")/debian.sh"
DIR=$(realpath -m "$1")
if [ ! -x "$DIR/bpftool" ]; then
	unpack "$DIR" "trixie trixie-backports" bpftool/trixie-backports
	start "$DIR" usr/sbin/bpftool
fi
exec "$DIR/bpftool" version
