package cmd_test

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestAttachSockets attaches programs that drop everything to maps of sockets: data of sockets
// that are put into the map is gone, until the program is detached.
func TestAttachSockets(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	tests := []struct {
		word    string
		prog    string
		typ     ebpf.AttachType
		out, in bool // what still passes
	}{
		{"sk_msg_verdict", "sk_msg", ebpf.AttachSkMsgVerdict, false, true},
		{"msg_verdict", "sk_msg", ebpf.AttachSkMsgVerdict, false, true},
		{"m", "sk_msg", ebpf.AttachSkMsgVerdict, false, true},
		{"sk_skb_stream_verdict", "sk_skb", ebpf.AttachSkSKBStreamVerdict, true, false},
		{"stream_v", "sk_skb", ebpf.AttachSkSKBStreamVerdict, true, false},
		{"sk_skb_verdict", "sk_skb", ebpf.AttachSkSKBVerdict, true, false},
		{"sk", "sk_skb", ebpf.AttachSkSKBVerdict, true, false},
		{"sk_skb_stream_parser", "sk_skb", ebpf.AttachSkSKBStreamParser, true, true}, // it just tells where messages end
		{"s", "sk_skb", ebpf.AttachSkSKBStreamParser, true, true},
	}
	for _, typ := range []ebpf.MapType{ebpf.SockMap, ebpf.SockHash} {
		for _, tt := range tests {
			t.Run(fmt.Sprint(typ, ".", tt.word), func(t *testing.T) {
				s := newScript(t)
				sockets := fixture.NewSockets(t, typ)
				row, _ := fixture.Find(fixture.Dropping, tt.prog)
				p := row.For(t)
				words := []string{"id", fmt.Sprint(p.ID), tt.word, "id", fmt.Sprint(sockets.Map.ID)}
				if out, in := sockets.Passes(t); !out || !in {
					t.Fatalf("at first, out %t, in %t", out, in)
				}
				s.gobpftool(append([]string{"-j", "prog", "attach"}, words...))
				if tt.typ == ebpf.AttachSkSKBVerdict && s.status == 1 && inGuest() {
					t.Skip("before Linux 5.13 there is no such type")
				}
				if s.status != 0 || s.stdout != "null\n" {
					t.Fatalf("status %d: %s%s", s.status, s.stdout, s.stderr)
				}
				checkAttached(t, uint32(sockets.Map.FD()), tt.typ, p.ID)
				if out, in := sockets.Passes(t); out != tt.out || in != tt.in {
					t.Errorf("attached, out %t, in %t; want %t and %t", out, in, tt.out, tt.in)
				}
				check(t, s.run(append([]string{"gobpftool", "prog", "detach"}, words...)))
				checkAttached(t, uint32(sockets.Map.FD()), tt.typ)
				if out, in := sockets.Passes(t); !out || !in {
					t.Errorf("detached, out %t, in %t", out, in)
				}
				if s.gobpftool(append([]string{"prog", "detach"}, words...)); s.status != 1 || s.stderr != "Error: failed prog detach from map: No such file or directory\n" {
					t.Errorf("detached again: status %d, %s", s.status, s.stderr)
				}
			})
		}
	}
}

// checkAttached compares the programs that the kernel says are attached, where it tells.
func checkAttached(t *testing.T, target uint32, typ ebpf.AttachType, want ...uint32) {
	t.Helper()
	list, _, err := bpf.Query(target, uint32(typ))
	if errors.Is(err, unix.EINVAL) && inGuest() {
		return // kernels tell what is attached to maps since Linux 5.17
	}
	if err != nil {
		t.Fatalf("what is attached: %v", err)
	}
	if len(list) != len(want) || len(want) == 1 && list[0].ProgID != want[0] {
		t.Errorf("%+v is attached, want %d", list, want)
	}
}

// TestAttachFlowDissector attaches a program to the network namespace of the tests.
func TestAttachFlowDissector(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	netns, err := os.Open("/proc/self/ns/net")
	check(t, err)
	defer netns.Close()
	target := uint32(netns.Fd())
	s := newScript(t)
	p := fixture.Prog(t, "flow_dissector")
	words := []string{"prog", "attach", "id", fmt.Sprint(p.ID), "flow_dissector"}
	checkAttached(t, target, ebpf.AttachFlowDissector)
	s.gobpftool(append([]string{"-p"}, append(words, "words", "without", "a", "meaning")...))
	if s.status != 0 || s.stdout != "null\n" {
		t.Fatalf("status %d: %s%s", s.status, s.stdout, s.stderr)
	}
	checkAttached(t, target, ebpf.AttachFlowDissector, p.ID)
	words[1] = "detach"
	check(t, s.run(append([]string{"gobpftool"}, words...)))
	checkAttached(t, target, ebpf.AttachFlowDissector)
}
