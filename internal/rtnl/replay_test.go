package rtnl

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mdlayher/netlink"
	"github.com/mdlayher/netlink/nltest"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// record is where the answers of this kernel are written to, in place of a test. The
// files in testdata are from Linux 7.3, in a guest with the modules of the rows.
var record = flag.String("record", "", "write what the kernel answers to files in this `directory`")

func TestMain(m *testing.M) {
	flag.Parse()
	fixture.Main(m)
}

// An exchange is a question and the messages with which the kernel answered.
type exchange struct {
	question string // type and body
	answers  []netlink.Message
}

func question(m netlink.Message) string { return fmt.Sprintf("%d %x", m.Header.Type, m.Data) }

// all asks for everything, and prints what was understood.
func all(c *Conn) (string, error) {
	var b strings.Builder
	devices, err := c.Devices()
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&b, "devices %+v\n", devices)
	nodes, err := c.Qdiscs()
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&b, "qdiscs %+v\n", nodes)
	for _, d := range devices {
		classes, err := c.Classes(d.Index)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "classes of %s %+v\n", d.Name, classes)
		for _, parent := range []uint32{Ingress, Egress, 0x10000, 0x10001} {
			filters, err := c.Filters(d.Index, parent)
			if err != nil {
				continue // it has no such node
			}
			for _, f := range filters {
				prog := f.Prog
				f.Prog = nil
				fmt.Fprintf(&b, "filter of %s %+v %+v\n", d.Name, f, prog)
			}
		}
	}
	actions, err := c.Actions()
	if err != nil {
		return "", err
	}
	routes, err := c.Routes()
	fmt.Fprintf(&b, "actions %+v\nroutes %+v\n", actions, routes)
	return b.String(), err
}

// TestRecord writes down what the kernel answers when programs are attached.
func TestRecord(t *testing.T) {
	if *record == "" {
		t.Skip("only when told to by -record")
	}
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	for _, row := range fixture.Attached {
		if strings.Contains("xdp tc route", row.Base()) {
			t.Run(row.Type, func(t *testing.T) { recordRow(t, row) })
		}
	}
}

func recordRow(t *testing.T, row fixture.Row) {
	row.For(t)
	kernel, err := netlink.Dial(unix.NETLINK_ROUTE, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer kernel.Close()
	var b bytes.Buffer
	c := New(nltest.Dial(func(req []netlink.Message) ([]netlink.Message, error) {
		if len(req) == 0 {
			return nil, io.EOF
		}
		m := req[0]
		m.Header.Sequence, m.Header.PID = 0, 0
		answers, err := kernel.Execute(m)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "? %s\n", question(m))
		for _, a := range answers {
			fmt.Fprintf(&b, "%d %x\n", a.Header.Type, a.Data)
		}
		return multipart(answers), nil
	}))
	said, err := all(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(said)
	if err := os.WriteFile(filepath.Join(*record, row.Type+".hex"), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// multipart is an answer of the kernel, with its end.
func multipart(answers []netlink.Message) []netlink.Message {
	for i := range answers {
		answers[i].Header.Flags |= netlink.Multi
	}
	return append(answers, netlink.Message{Header: netlink.Header{Type: netlink.Done, Flags: netlink.Multi}})
}

// recorded reads a file of testdata.
func recorded(t testing.TB, name string) []exchange {
	text, err := os.ReadFile(filepath.Join("testdata", name+".hex"))
	if err != nil {
		t.Fatal(err)
	}
	var list []exchange
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if q, ok := strings.CutPrefix(line, "? "); ok {
			list = append(list, exchange{question: q})
			continue
		}
		var m netlink.Message
		typ, data, _ := strings.Cut(line, " ")
		if _, err := fmt.Sscan(typ, &m.Header.Type); err != nil {
			t.Fatalf("%s: %q: %v", name, line, err)
		}
		if m.Data, err = hex.DecodeString(data); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		list[len(list)-1].answers = append(list[len(list)-1].answers, m)
	}
	return list
}

// replay returns a connection to a recording. Other questions find nothing.
func replay(list []exchange) *Conn {
	return New(nltest.Dial(func(req []netlink.Message) ([]netlink.Message, error) {
		if len(req) == 0 {
			return nil, io.EOF
		}
		for _, e := range list {
			if e.question == question(req[0]) {
				answers := multipart(append([]netlink.Message(nil), e.answers...))
				for i := range answers {
					answers[i].Header.Sequence, answers[i].Header.PID = req[0].Header.Sequence, nltest.PID
				}
				return answers, nil
			}
		}
		return nltest.Error(int(unix.ENODEV), req)
	}))
}
