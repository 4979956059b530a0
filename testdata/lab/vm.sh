#!/bin/bash
# vm.sh - boot a kernel in qemu with a throw-away initramfs, run one command, power off.
#
#   vm.sh -k VMLINUZ [options] -- COMMAND [ARG...]
#
#   -k FILE          bzImage to boot (needed)
#   -f SRC[:DEST]    put a file or directory into the initramfs (DEST defaults to /bin/NAME
#                    for executables that are files, else /NAME); may be repeated
#   -d PROG          put a dynamically linked program in, with the libraries ldd names
#   -M ROOT:a,b,c    load kernel modules a b c (and what they need) from ROOT/{usr/,}lib/modules/*
#   -o DIR           what the command leaves under /out in the guest comes back into DIR
#   -t SECONDS       limit for the whole run (default 60)
#   -m MIB           guest memory (default 1024)      -s N  cpus (default 2)
#   -a STRING        more kernel command line         -c    copy the kernel console to stderr at the end
#   -A ACCEL         qemu accelerator (default tcg,thread=single: with thread=multi and two cpus
#                    about one boot in thirty dies of a stray int3)     -C MODEL cpu (default max,-erms:
#                    the emulation stores byte by byte what such a cpu would clear at once)
#
# stdout: what the command wrote (stdout and stderr together). Exit status: the command's own;
# 124 when the limit ran out, 125 when the guest died without finishing (console on stderr).
set -u
die() { echo "vm: $*" >&2; exit 125; }
K= T=60 MEM=1024 SMP=2 APPEND= OUTDIR= CONS= ACCEL=tcg,thread=single CPU=max,-erms FILES=() DYN=() MODS=()
while getopts k:f:d:M:o:t:m:s:a:cA:C: o; do case $o in
	k) K=$OPTARG;; f) FILES+=("$OPTARG");; d) DYN+=("$OPTARG");; M) MODS+=("$OPTARG");;
	o) OUTDIR=$OPTARG;; t) T=$OPTARG;; m) MEM=$OPTARG;; s) SMP=$OPTARG;; a) APPEND=$OPTARG;;
	c) CONS=1;; A) ACCEL=$OPTARG;; C) CPU=$OPTARG;; *) exit 125;; esac; done
shift $((OPTIND - 1))
[ -r "$K" ] || die "no kernel: '$K'"
[ $# -gt 0 ] || die "no command"
W=$(mktemp -d "${TMPDIR:-/tmp}/vm.XXXXXX") || die "no temporary directory"
QPID=
# timeout passes the TERM on to qemu; a KILL would leave qemu behind
cleanup() { [ -n "$QPID" ] && kill "$QPID" 2>/dev/null && wait "$QPID" 2>/dev/null; rm -rf "$W"; }
trap cleanup EXIT
trap 'exit 130' INT TERM

R=$W/root
mkdir -p "$R"/{bin,sbin,etc,proc,sys,dev,tmp,run,root,out,mod,usr/bin,usr/sbin,var}
cp /bin/busybox "$R/bin/busybox" || die "busybox-static is missing"
ln -s ../proc/mounts "$R/etc/mtab"; ln -s ../run "$R/var/run"
printf 'root:x:0:0:root:/root:/bin/sh\n' > "$R/etc/passwd"; printf 'root:x:0:\n' > "$R/etc/group"
put() { # put SRC DEST
	mkdir -p "$R/$(dirname "$2")"; cp -aL "$1" "$R/$2" || die "cannot copy $1"; }
for f in ${FILES[@]+"${FILES[@]}"}; do
	s=${f%%:*}; d=${f#*:}
	[ "$d" = "$f" ] && { [ -f "$s" ] && [ -x "$s" ] && d=/bin/$(basename "$s") || d=/$(basename "$s"); }
	put "$s" "$d"
done
# A shell that searches PATH: Debian's busybox sh runs its own applets (ip, tar...) before that.
[ -x /bin/dash ] && DYN+=(/bin/dash)
for p in ${DYN[@]+"${DYN[@]}"}; do
	q=$(command -v "$p") || die "no program $p"
	put "$q" "/usr/local/bin/$(basename "$q")"
	ldd "$q" | grep -oE '/[^ ]+' | while read -r l; do put "$l" "$l"; done
done
n=100
for m in ${MODS[@]+"${MODS[@]}"}; do
	root=${m%%:*}; list=${m#*:}
	md=$(ls -d "$root"/usr/lib/modules/*/ "$root"/lib/modules/*/ 2>/dev/null | head -1)
	[ -n "$md" ] || die "no modules under $root"
	ver=$(basename "$md"); mkdir -p "$W/m/lib/modules"; ln -sfn "$(realpath "$md")" "$W/m/lib/modules/$ver"
	depmod -n -b "$W/m" "$ver" 2>/dev/null | awk -F: '/^kernel\/.*\.ko/{print}' > "$W/dep"
	for w in ${list//,/ }; do
		line=$(grep -E "/${w//[-_]/[-_]}\.ko(\.[gx]z|\.zst)?:" "$W/dep" | head -1)
		[ -n "$line" ] || { echo "vm: no module $w (built in?)" >&2; continue; }
		# modules.dep names a module's needs nearest first: load them from the far end
		for k in $(echo "$line" | tr -d : | tr ' ' '\n' | tac); do
			b=$(basename "$k"); b=${b%%.ko*}; ls "$R"/mod/*-"$b.ko" >/dev/null 2>&1 && continue
			n=$((n + 1)); t=$R/mod/$n-$b.ko
			case $k in *.xz) xz -dc "$md/$k" > "$t";; *.zst) zstd -dcq "$md/$k" > "$t";;
				*.gz) gzip -dc "$md/$k" > "$t";; *) cp "$md/$k" "$t";; esac
		done
	done
done
# POSIX quoting (bash's %q writes $'..', which other shells do not read)
for w in "$@"; do printf "'%s' " "${w//\'/\'\\\'\'}"; done > "$R/cmd"
cat > "$R/init" <<'INIT'
#!/bin/busybox sh
export PATH=/usr/local/bin:/bin:/sbin:/usr/bin:/usr/sbin HOME=/root TERM=dumb
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm; mount -t devpts pts /dev/pts; mount -t tmpfs shm /dev/shm
mount -t tmpfs run /run; mount -t tmpfs tmp /tmp; mount -t tmpfs out /out
mount -t bpf bpf /sys/fs/bpf
mount -t cgroup2 cg /sys/fs/cgroup
mount -t debugfs debug /sys/kernel/debug 2>/dev/null
mount -t tracefs trace /sys/kernel/tracing
mount -t securityfs sec /sys/kernel/security 2>/dev/null
/bin/busybox ip link set lo up
ulimit -l unlimited
stty -F /dev/ttyS1 raw -echo
for k in /mod/*.ko; do [ -f "$k" ] && insmod "$k"; done
[ -e /usr/local/bin/dash ] && ln -sf /usr/local/bin/dash /bin/sh
[ -f /cmd ] && { /bin/sh -c "$(cat /cmd)" < /dev/null > /dev/ttyS1 2>&1; rc=$?; }
if [ -b /dev/nvme0n1 ]; then (cd /out && tar -cf /dev/nvme0n1 . 2>/dev/null); sync; fi
printf '\nVM_EXIT %d\n' "$rc" > /dev/ttyS1
poweroff -f
INIT
chmod 755 "$R/init"
(cd "$R" && find . | cpio -o -H newc -R 0:0 --quiet > "$W/initrd") || die "cpio failed"
: > "$W/out"; : > "$W/con"
DISK=()
if [ -n "$OUTDIR" ]; then
	truncate -s 256M "$W/disk"
	DISK=(-drive "file=$W/disk,format=raw,if=none,id=d0,cache=unsafe" -device nvme,drive=d0,serial=vm)
fi
# What would take most of the emulated time: code that is translated anew for each process, as it is
# elsewhere, timers that are set at each switch of tasks, and memory that is cleared before it is filled.
QUICK="norandmaps highres=off nohz=off init_on_alloc=0 mitigations=off tsc=reliable"
timeout -k 2 "$T" qemu-system-x86_64 -accel "$ACCEL" -cpu "$CPU" -smp "$SMP" -m "$MEM" \
	-nodefaults -no-user-config -display none -no-reboot -net none \
	-serial "file:$W/con" -serial "file:$W/out" ${DISK[@]+"${DISK[@]}"} \
	-kernel "$K" -initrd "$W/initrd" \
	-append "console=ttyS0 quiet loglevel=4 panic=-1 oops=panic random.trust_cpu=on $QUICK $APPEND" \
	< /dev/null > "$W/qemu" 2>&1 &
QPID=$!
wait "$QPID"; q=$?; QPID=
last=$(tail -n 1 "$W/out" | tr -d '\r')
case $last in
VM_EXIT\ *) rc=${last#VM_EXIT }
	# the marker stands after one newline of its own: drop both
	head -c -$((${#last} + 2)) "$W/out"
	if [ -n "$OUTDIR" ]; then mkdir -p "$OUTDIR" && tar -xf "$W/disk" -C "$OUTDIR" 2>/dev/null; fi;;
*)	cat "$W/out"; rc=125; [ "$q" = 124 ] || [ "$q" = 137 ] && rc=124
	echo "vm: no end mark from the guest (qemu $q)" >&2; cat "$W/qemu" >&2; tail -n 40 "$W/con" >&2;;
esac
[ -n "$CONS" ] && cat "$W/con" >&2
exit "$rc"
