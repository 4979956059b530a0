#!/bin/bash
# record.sh KERNELS REFERENCE [SKELETONS] - make all recordings of the C bpftool anew.
#
# KERNELS is what kernels.sh made, of bullseye-security, bookworm and trixie-backports. REFERENCE
# is what reference.sh made. SKELETONS is a bpftool 7.8.0 that knows which processes hold an object
# (`bpftool version` lists "skeletons"), linked statically: from the sources, with clang and
# libelf-dev, `make -C src EXTRA_LDFLAGS=-static`. Recordings of a kernel or tool that is not given
# stay as they are.
#
# As root. First the kernel of this machine is asked, and then, in guests, those of KERNELS, the
# newest first: each for what those before could not make. See internal/record for what there is.
set -eu
TOP=$(cd "$(dirname "$0")/../.." && pwd); LAB=$TOP/testdata/lab
KERNELS=$(realpath "$1"); REFERENCE=$(realpath "$2"); SKELETONS=${3:+$(realpath "$3")}
W=$(mktemp -d "${TMPDIR:-/tmp}/record.XXXXXX"); trap 'rm -rf "$W"' EXIT
OUT=$W/out; mkdir "$OUT"

(cd "$TOP" && CGO_ENABLED=0 go build -trimpath -o "$W/record" ./internal/record)

# The reference as the guests have it, with its own loader and libraries.
lib=$(echo "$REFERENCE"/root/usr/lib/*-linux-gnu); ld=$(echo "$lib"/ld-linux*.so.*)
tool=("$REFERENCE/root/usr/sbin/bpftool:/reference/bpftool" "$ld:/reference/ld.so")
for l in $("$ld" --library-path "$lib" --list "${tool[0]%%:*}" | grep -oE '/[^ ]+'); do
	tool+=("$l:/reference/${l##*/}")
done
printf '#!/bin/sh\nexec /reference/ld.so --library-path /reference /reference/bpftool "$@"\n' > "$W/bpftool"
chmod 755 "$W/bpftool"

# guest SUITE BPFTOOL ARG... - run record in a guest with a kernel of KERNELS, if it is there.
guest() {
	local root=$KERNELS/$1 bpftool=$2 files=() version c f try status; shift 2
	[ -d "$root" ] || return 0
	# The reference needs the kernel's configuration to name all functions.
	version=$(cd "$root" && ls -d {usr/,}lib/modules/* 2>/dev/null | head -1); version=${version##*/}
	for c in "$root/boot/config-$version" "$root/usr/lib/modules/$version/config"; do
		[ ! -f "$c" ] || files+=(-f "$c:/boot/config-$version")
	done
	for f in "${tool[@]}" "$W/record:/bin/record" "$bpftool:/bin/bpftool" "$OUT:/have"; do files+=(-f "$f"); done
	for try in 1 2 3; do # a guest may die while it boots, for no fault of ours
		echo "record: $(basename "$root")" >&2
		status=0; "$LAB/vm.sh" -k "$(find "$root/" -name 'vmlinuz*' -type f | head -1)" -t 600 -o "$OUT" "${files[@]}" \
			-M "$root:veth,nf_defrag_ipv6" -a lsm=lockdown,yama,bpf \
			-- env BPFTOOL_REFERENCE=/bin/bpftool record -o /out -unless /have "$@" || status=$?
		[ $status = 125 ] || break
	done
	[ $status = 0 ] || exit $status
	cp -r "$OUT/." "$TOP"
}

BPFTOOL_REFERENCE=$REFERENCE/bpftool "$W/record" -o "$OUT"
for suite in trixie-backports bookworm bullseye-security; do
	guest $suite "$W/bpftool" '*/*'
done
# What old kernels do not tell.
guest bullseye-security "$W/bpftool" -suffix old prog/{xdp,xdp.stats,socket_filter,tracing.fentry} \
	map/{hash,hash.btf,prog_array.owned,ringbuf} link/{raw_tracepoint,tracing,cgroup,iter.bpf_map_elem} btf/{prog,list}
guest bookworm "$W/bpftool" -suffix old link/{perf_event,perf_event.kprobe,kprobe_multi,raw_tracepoint,iter.task_tid}
# Who holds what. BTF objects are held by bpftool itself, never twice the same process.
[ -z "$SKELETONS" ] || guest trixie-backports "$SKELETONS" -suffix holders {prog,link}/list \
	prog/{xdp,xdp.pinned} map/{hash,hash.pinned} link/{xdp,iter,perf_event.{cookie,kprobe_cookie,pinned}}
