#!/bin/bash
# probes.sh KERNELS REFERENCE - ask the kernels below KERNELS, in guests, what they can do, and put the
# answers into internal/replay/kernels/probes.tar.xz, in the place of those it has of the same releases.
# Others stay: distributions keep few kernels for long. See the README there.
#
# KERNELS is what kernels.sh made, and REFERENCE what reference.sh made.
set -eu
TOP=$(cd "$(dirname "$0")/../.." && pwd); LAB=$TOP/testdata/lab
KERNELS=$(realpath "$1"); REFERENCE=$(realpath "$2")
ARCHIVE=$TOP/internal/replay/kernels/probes.tar.xz
W=$(mktemp -d "${TMPDIR:-/tmp}/probes.XXXXXX"); trap 'rm -rf "$W"' EXIT
mkdir "$W/all"
[ ! -f "$ARCHIVE" ] || tar -xJf "$ARCHIVE" -C "$W/all"

cat > "$W/ask" <<'ASK'
lib=$(echo /reference/root/usr/lib/*-linux-gnu)
bpftool() { "$lib"/ld-linux*.so.* --library-path "$lib" /reference/root/usr/sbin/bpftool "$@"; }
set -e
bpftool -j feature probe kernel > /out/json
bpftool feature probe kernel > /out/plain
bpftool feature probe kernel macros > /out/macros
grep -rs . /proc/sys/net/core/bpf_jit_* /proc/sys/kernel/unprivileged_bpf_disabled /proc/sys/kernel/bpf_stats_enabled \
	/proc/sys/kernel/perf_event_paranoid /proc/sys/kernel/kptr_restrict /proc/sys/kernel/dmesg_restrict \
	/sys/kernel/security/lsm /sys/kernel/security/lockdown > /out/settings
ASK
for image in "$KERNELS"/*/boot/vmlinuz-* "$KERNELS"/*/usr/lib/modules/*/vmlinuz*; do
	[ -f "$image" ] || continue
	case $image in
	*/boot/*) release=${image##*/vmlinuz-} config=${image%/*}/config-$release;;
	*) release=${image%/*}; config=$release/config release=${release##*/};;
	esac
	echo "probes: $release" >&2
	rm -rf "$W/all/$release"
	for try in 1 2 3; do # a guest may die while it boots, for no fault of ours
		status=0; "$LAB/vm.sh" -k "$image" -t 600 -m 2048 -o "$W/all/$release" -f "$W/ask:/ask" \
			-f "$REFERENCE/root:/reference/root" -f "$config:/boot/config-$release" -- sh /ask || status=$?
		[ $status = 125 ] || break
	done
	[ $status = 0 ] || exit $status
done
tar -C "$W/all" --sort=name --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime=@0 --format=ustar -cf - \
	$(ls "$W/all") | xz -9e > "$W/archive"
mv "$W/archive" "$ARCHIVE"
