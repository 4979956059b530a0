#!/bin/sh
# load.sh BPFTOOL DIR - load each DIR/NAME.o, all its programs, in a guest, and attach nothing.
# /out gets NAME.status, the exit status, and NAME.log, what the end of the log says and
# whatever in it is about relocations; vmlinux.btf, the types of the kernel; and release.
uname -r > /out/release
cat /sys/kernel/btf/vmlinux > /out/vmlinux.btf
for object in "$2"/*.o; do
	name=$(basename "$object" .o)
	mount -t bpf bpf /sys/fs/bpf
	timeout 120 "$1" prog loadall "$object" /sys/fs/bpf/load > /tmp/log 2>&1
	echo $? > "/out/$name.status"
	{ grep -aE 'CO-RE|195896080' /tmp/log | tail -n 20; tail -n 12 /tmp/log; } | cut -c 1-400 > "/out/$name.log"
	umount -l /sys/fs/bpf # what is pinned goes with it
done
