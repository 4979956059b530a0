package cmd_test

import (
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// ciliumExamples are the programs among [bpf2goUsers], by the names of their directories, and what they are for: each sees
// something happen, and says so. For map_in_map and tracepoint_in_go nothing is generated.
var ciliumExamples = map[string]func(e *example){
	"cgroup_skb": func(e *example) {
		e.start("Counting packets")
		sendDatagrams(e.T, 3)
		e.says("number of packets: 3\n")
		e.interrupt(killed)
	},
	"fentry": func(e *example) {
		e.start("Comm +Src addr")
		e.says(`cmd\.test\W+` + connect(e.T))
		e.interrupt(finished)
		e.says("received signal, exiting")
	},
	"getting_started": func(e *example) {
		w := e.devices()
		e.start("Counting incoming packets on eth0")
		for range 3 {
			check(e.T, w.sendFrame(w.other.Index))
		}
		e.says("Received 3 packets\n")
		e.interrupt(finished)
		e.says("Received signal, exiting")
	},
	"kprobe": func(e *example) {
		e.start("Waiting for events")
		execute(e.T, 3)
		e.says("sys_execve called 3 times\n")
		e.interrupt(killed)
	},
	"kprobe_percpu": func(e *example) {
		e.start("Waiting for events")
		execute(e.T, 3)
		e.says("sys_execve called [1-3] times on CPU[01]\n")
		e.interrupt(killed)
	},
	"kprobepin": func(e *example) {
		e.start("Waiting for events")
		execute(e.T, 3)
		e.says("sys_execve called 3 times\n")
		e.interrupt(killed)
		e.start("Waiting for events") // with the map that was pinned
		execute(e.T, 3)
		e.says("sys_execve called 6 times\n")
		e.interrupt(killed)
		check(e.T, os.RemoveAll("/sys/fs/bpf/sys_execve"))
	},
	"map_in_map": func(e *example) {
		e.start("outerMapKey 0, ")
		e.says("outerMapKey 4, innerMap.Info: ")
		e.end(finished)
	},
	"ringbuffer": func(e *example) {
		e.start("Waiting for events")
		e.says(fmt.Sprintf("pid: %d\tcomm: cmd.test\n", execute(e.T, 1)))
		e.interrupt(finished)
		e.says("Received signal, exiting")
	},
	"sched_ext": func(e *example) {
		e.start("")
		e.await("the scheduler", func() bool { return contents("/sys/kernel/sched_ext/state") == "enabled\n" })
		if ops := contents("/sys/kernel/sched_ext/root/ops"); ops != "minimal\n" {
			e.Errorf("the scheduler is %q", ops)
		}
		time.Sleep(time.Second) // until then it may not await signals yet, and says nothing of it
		e.interrupt(finished)
		e.says("quit sched_ext")
		e.await("no scheduler", func() bool { return contents("/sys/kernel/sched_ext/state") == "disabled\n" })
	},
	"tcprtt": func(e *example) {
		e.start("Src addr")
		e.says(connect(e.T) + " +[0-9]+ *\n")
		e.interrupt(finished)
	},
	"tcprtt_sockops": func(e *example) {
		e.start("Src addr")
		e.says(connect(e.T) + " +[0-9]+ *\n")
		e.interrupt(finished)
	},
	"tcx": func(e *example) {
		e.start("Press Ctrl-C", "lo")
		sendDatagrams(e.T, 3)
		e.says(" 3 Ingress, +3 Egress\n")
		e.interrupt(killed)
	},
	"tracepoint_in_c": func(e *example) {
		e.start("Waiting for events")
		e.says("[1-9][0-9]* times\n")
		e.interrupt(killed)
	},
	"tracepoint_in_go": func(e *example) {
		e.start("Waiting for events")
		contents("/proc/uptime") // opens a file
		e.says(`Record: .*\[123 0 0 0`)
		e.interrupt(finished)
		e.says("Received signal, exiting")
	},
	"uretprobe": func(e *example) {
		e.start("Listening for events")
		speakToBash(e.T, "echo hello")
		e.says("/bin/bash:readline return value: echo hello\n")
		e.interrupt(finished)
		e.says("Received signal, exiting program")
	},
	"variables": func(e *example) {
		e.start("BPF program returned 42\n")
		e.says("BPF program returned 9001\nBPF program returned 9002\nBPF program returned 9003\nVariable global_u16 is now 9003\n")
		e.end(finished)
	},
	"xdp": func(e *example) {
		e.start("Press Ctrl-C", "lo")
		sendDatagrams(e.T, 3)
		e.says("127.0.0.1 => 3\n")
		e.interrupt(killed)
	},
	"xdp_live_frame": func(e *example) {
		w := e.devices()
		express, err := fixture.Express(w.other.Index, true)(fixture.Prog(e.T, "xdp").FD()) // or else it takes no frames from there
		check(e.T, err)
		defer express.Close()
		tap := w.tap(w.other.Index)
		defer unix.Close(tap)
		e.start("Attached XDP program", "eth0", "5", "1", "10.0.0.1", "10.0.0.2", w.other.HardwareAddr.String())
		e.says("XDP program completed with return value: ")
		e.end(finished)
		arrived := 0
		e.await("5 packets", func() bool {
			b := make([]byte, 100)
			n, _, err := unix.Recvfrom(tap, b, unix.MSG_DONTWAIT)
			if err == nil && strings.HasSuffix(string(b[:n]), "Hello, XDP!") {
				arrived++
			}
			return arrived == 5
		})
	},
}
