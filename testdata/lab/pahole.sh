#!/bin/bash
# pahole.sh DIR - pahole 1.30 as Debian 13 packages it, unpacked into DIR and run as DIR/pahole:
# see debian.sh. It gives the second opinion on the layout of structs.
set -eu
. "$(dirname "$0")/debian.sh"
DIR=$(realpath -m "$1")
if [ ! -x "$DIR/pahole" ]; then
	unpack "$DIR" trixie dwarves
	start "$DIR" usr/bin/pahole
fi
exec "$DIR/pahole" --version
