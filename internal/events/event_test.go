package events

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/holders"
	"github.com/gobpftool/gobpftool/internal/render"
)

func TestReadPipeWords(t *testing.T) {
	tests := []struct {
		words      string
		cpu, index int // -1 for none
		typ        string
		steal      bool
		err        string
	}{
		{words: "", cpu: -1, index: -1},
		{words: "cpu 1 index 2", cpu: 1, index: 2},
		{words: "i 0x10 c 010", cpu: 8, index: 16},
		{words: "type event", cpu: -1, index: -1, typ: "event"},
		{words: "steal", cpu: -1, index: -1, steal: true},
		{words: "s t type cpu 0 index 0", cpu: 0, index: 0, typ: "type", steal: true},
		{words: "type steal steal", cpu: -1, index: -1, typ: "steal", steal: true},
		{words: "cpu 0 cpu 1 index 2", cpu: 1, index: 2},
		{words: "cpu 1", err: "cpu and index must be specified together"},
		{words: "index 1 type x steal", err: "cpu and index must be specified together"},
		{words: "cpu", err: "what is 'cpu'?"},
		{words: "cpu 1 index", err: "what is 'index'?"},
		{words: "type", err: "what is 'type'?"},
		{words: "foo", err: "what is 'foo'?"},
		{words: "foo 1", err: "what is 'foo'?"},
		{words: "cpu x", err: "can't parse x as CPU ID"},
		{words: "cpu 4294967296 index 0", err: "can't parse 4294967296 as CPU ID"},
		{words: "cpu 0 index 0x", err: "can't parse 0x as index"},
	}
	for _, tt := range tests {
		t.Run(tt.words, func(t *testing.T) {
			w, err := readPipeWords(args.New("event_pipe", strings.Fields(tt.words)))
			if tt.err != "" {
				if err == nil || err.Error() != tt.err {
					t.Fatalf("error %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil || orNone(w.cpu) != tt.cpu || orNone(w.index) != tt.index || w.typ != tt.typ || w.steal != tt.steal {
				t.Errorf("%d, %d, %+v, %v", orNone(w.cpu), orNone(w.index), w, err)
			}
		})
	}
	if _, err := readPipeWords(args.New("event_pipe", []string{""})); err == nil {
		t.Error("the empty word steals")
	}
}

func orNone(n *uint32) int {
	if n == nil {
		return -1
	}
	return int(*n)
}

// faces prints records in all formats, by a type unless it is nil.
func faces(t *testing.T, s *sink, records ...record) (plain, compact, pretty, said string) {
	t.Helper()
	var err bytes.Buffer
	print := func(f render.Format) string {
		var out bytes.Buffer
		s.talk = render.NewTalk(&err, f != render.Plain)
		s.out = render.New(&out, s.talk, f)
		s.warned = false
		failed := s.out.Array(func() error {
			_, failed := s.printAll(func(yield func(record, error) bool) {
				for _, r := range records {
					if !yield(r, nil) {
						return
					}
				}
			})
			return failed
		})
		if failed != nil {
			t.Error(failed)
		}
		s.out.Close()
		return out.String()
	}
	return print(render.Plain), print(render.JSON), print(render.Pretty), err.String()
}

func TestEventFaces(t *testing.T) {
	plain, compact, pretty, _ := faces(t, new(sink),
		describeEvent(1, 3, bpf.PerfRecord{Type: bpf.PerfSample, Time: 25_000_000_007, Data: []byte("abcdefg\x00\x00\x00\x00\x00")}),
		describeEvent(0, 0, bpf.PerfRecord{Type: bpf.PerfSample, Time: 999_999_999}),
		describeEvent(0, 0, bpf.PerfRecord{Type: bpf.PerfLost, LostID: 12, Lost: 345}),
		describeEvent(0, 0, bpf.PerfRecord{Type: 5, Size: 40}),
	)
	wantPlain := `== @25.000000007 CPU: 1 index: 3 =====
61 62 63 64 65 66 67 00  00 00 00 00
== @0.999999999 CPU: 0 index: 0 =====

lost 345 events
unknown event type=5 size=40
`
	wantCompact := `[{"type":9,"cpu":1,"index":3,"timestamp":25000000007,"data":[97,98,99,100,101,102,103,0,0,0,0,0]},` +
		`{"type":9,"cpu":0,"index":0,"timestamp":999999999,"data":[]},` +
		`{"type":2,"cpu":0,"index":0,"lost":{"id":12,"count":345}},` +
		`{"type":5,"cpu":0,"index":0}]` + "\n"
	wantPretty := `[{
        "type": 9,
        "cpu": 1,
        "index": 3,
        "timestamp": 25000000007,
        "data": [97,98,99,100,101,102,103,0,0,0,0,0
        ]
    },{
        "type": 9,
        "cpu": 0,
        "index": 0,
        "timestamp": 999999999,
        "data": []
    },{
        "type": 2,
        "cpu": 0,
        "index": 0,
        "lost": {
            "id": 12,
            "count": 345
        }
    },{
        "type": 5,
        "cpu": 0,
        "index": 0
    }
]
`
	same(t, "plain", plain, wantPlain)
	same(t, "JSON", compact, wantCompact)
	same(t, "pretty", pretty, wantPretty)
}

func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
	}
}

func TestRecordFaces(t *testing.T) {
	plain, compact, _, _ := faces(t, new(sink), describeRecord(1, []byte("abc")), describeRecord(2, nil))
	same(t, "plain", plain, "== record: 1 bytes: 3 =====\n61 62 63\n== record: 2 bytes: 0 =====\n\n")
	same(t, "JSON", compact, `[{"data":[97,98,99]},{"data":[]}]`+"\n")
}

func TestRefusals(t *testing.T) {
	nobody := func() holders.List { return nil }
	somebody := func() holders.List { return holders.List{{PID: 7, Comm: "agent"}, {PID: 9, Comm: "top"}} }
	tests := []struct {
		err  error
		want string
	}{
		{refuseSlots(nil, somebody), ""},
		{refuseSlots([]uint32{0, 3}, nobody), "the array has events of another consumer at index 0, 3"},
		{refuseSlots([]uint32{1}, somebody), "the array has events of another consumer at index 1; it is held by agent(7), top(9)"},
		{refuseRing(nil), ""},
		{refuseRing(somebody()), "the ring buffer is held by agent(7), top(9), and what is read here would be missing there"},
		{noType("x", false, nil), "type 'x': the map has no BTF, and no program with BTF uses it"},
		{noType("x", false, []uint32{5, 12}), "type 'x': the map has no BTF, and it is not in that of the programs that use it, 5, 12"},
		{noType("x", true, nil), "type 'x': not in the BTF of the map, and no program with BTF uses it"},
		{noType("x", true, []uint32{5}), "type 'x': not in the BTF of the map, nor of the programs that use it, 5"},
	}
	for _, tt := range tests {
		switch {
		case tt.want == "" && tt.err != nil, tt.want != "" && (tt.err == nil || tt.err.Error() != tt.want):
			t.Errorf("error %v, want %q", tt.err, tt.want)
		case strings.Contains(tt.want, "held") && !strings.Contains(hint(tt.err), "'steal'"):
			t.Errorf("%v: hint %q", tt.err, hint(tt.err))
		}
	}
}

func hint(err error) string {
	var h render.Hinted
	errors.As(err, &h)
	return h.Hint
}
