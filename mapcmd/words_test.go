package mapcmd

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/render"
)

// newTestCall is a call of a verb with words.
func newTestCall(words []string) *call.Call {
	return &call.Call{Args: args.New("update", words), Talk: render.NewTalk(io.Discard, true)}
}

func TestReadElement(t *testing.T) {
	hash, perCPU := newTestTable("hash", 2, 3, 0), newTestTable("percpu_hash", 1, 2, 2)
	queue := newTestTable("queue", 0, 1, 0)
	const all = withKey | withValue | withFlag
	tests := []struct {
		words      string
		table      *table
		parts      int
		key, value string
		flag       bpf.UpdateFlag
		err        string
	}{
		{words: "key 1 2 value 3 4 5", table: hash, parts: all, key: "\x01\x02", value: "\x03\x04\x05"},
		{words: "e v h a b c k 0 1", table: hash, parts: all, key: "\x00\x01", value: "\x0a\x0b\x0c", flag: bpf.Exist},
		{words: "noexist value 1 2 3 key 1 2", table: hash, parts: all, key: "\x01\x02", value: "\x01\x02\x03", flag: bpf.NoExist},
		{words: "any key 1 value 7 8", table: perCPU, parts: all, key: "\x01", value: "\x07\x08\x00\x00\x00\x00\x00\x00\x07\x08\x00\x00\x00\x00\x00\x00"},
		{words: "value 7", table: queue, parts: withValue | withFlag, value: "\x07"},
		{words: "", table: queue, parts: 0},
		{words: "", table: hash, parts: all, err: "did not find key"},
		{words: "value 1 2 3", table: hash, parts: all, err: "did not find key"},
		{words: "key 1 2", table: hash, parts: all, err: "did not find value"},
		{words: "key 1 2 key 1 2", table: hash, parts: all, err: "duplicate key"},
		{words: "value 1 2 3 value 1", table: hash, parts: all, err: "duplicate value"},
		{words: "any exist", table: hash, parts: all, err: "flags specified multiple times: exist"},
		{words: "key 1", table: queue, parts: withValue | withFlag, err: "unnecessary key"},
		{words: "value 1 2 3", table: hash, parts: withKey, err: "unnecessary value"},
		{words: "e", table: hash, parts: withKey, err: "flags specified multiple times: e"},
		{words: "key 1 2 3", table: hash, parts: withKey, err: "expected key or value, got: 3"},
		{words: "key 1", table: hash, parts: withKey, err: "key expected 2 bytes got 1"},
		{words: "value 1 2 x", table: hash, parts: all, err: "error parsing byte: x"},
		{words: "key 0 0 0 0 value id", table: newTestTable("hash_of_maps", 4, 4, 0), parts: all, err: "not enough value arguments for map in map"},
		{words: "key 0 0 0 0 value", table: newTestTable("prog_array", 4, 4, 0), parts: all, err: "not enough value arguments for map of progs"},
		{words: "key cgroup /", table: hash, parts: withKey, err: "error parsing byte: cgroup"},
	}
	for _, tt := range tests {
		t.Run(tt.words, func(t *testing.T) {
			e, err := tt.table.readElement(newTestCall(strings.Fields(tt.words)), tt.parts)
			if err != nil || tt.err != "" {
				if err == nil || err.Error() != tt.err {
					t.Errorf("error %v, want %q", err, tt.err)
				}
				return
			}
			defer e.Close()
			if diff := cmp.Diff([]string{tt.key, tt.value}, []string{string(e.key), string(e.value)}); diff != "" || e.flag != tt.flag {
				t.Errorf("flag %d, (-want +got):\n%s", e.flag, diff)
			}
		})
	}
}

// FuzzReadElement reads any words: keys and values have the map's sizes.
func FuzzReadElement(f *testing.F) {
	f.Add("key 1 2 value 3 4 5 any")
	f.Add("v h ff fe fd k hex 1 0x2 noexist")
	f.Fuzz(func(t *testing.T, words string) {
		e, err := newTestTable("hash", 2, 3, 0).readElement(newTestCall(strings.Fields(words)), withKey|withValue|withFlag)
		if (e == nil) == (err == nil) {
			t.Fatalf("element %v and error %v", e, err)
		}
		if err == nil && (len(e.key) != 2 || len(e.value) != 3) {
			t.Errorf("key %x, value %x", e.key, e.value)
		}
	})
}

func TestRequest(t *testing.T) {
	tests := []struct {
		words string
		want  bpf.MapSpec
		err   string
	}{
		{words: "type hash key 4 value 0x8 entries 010 name m flags 1",
			want: bpf.MapSpec{Type: 1, KeySize: 4, ValueSize: 8, MaxEntries: 8, Name: "m", Flags: 1}},
		{words: "n m t queue v 4 e 1", want: bpf.MapSpec{Type: 22, ValueSize: 4, MaxEntries: 1, Name: "m"}},
		{words: "name a name b type array key 0 key 4", want: bpf.MapSpec{Type: 2, KeySize: 4, Name: "b"}},
		{words: "type hash", err: "map name not specified"},
		{words: "type unspec name m", want: bpf.MapSpec{Name: "m"}},
		{words: "type hashes name m", err: "unrecognized map type: hashes"},
		{words: "type hash type hash", err: "map type already specified"},
		{words: "key 4 key 4", err: "key size already specified"},
		{words: "value 4 value 4", err: "value size already specified"},
		{words: "entries 4 entries 4", err: "max entries already specified"},
		{words: "flags 4 flags 4", err: "flags already specified"},
		{words: "key x", err: "can't parse x as key size"},
		{words: "entries 4294967296", err: "can't parse 4294967296 as max entries"},
		{words: "name", err: "'create' needs at least 2 arguments, 1 found"},
		{words: "what now", err: "unknown arg what"},
		{words: "inner_map id", err: "'inner_map' needs at least 2 arguments, 1 found"},
	}
	for _, tt := range tests {
		t.Run(tt.words, func(t *testing.T) {
			c := newTestCall(nil)
			c.Args = args.New("create", strings.Fields(tt.words))
			r := request{c: c}
			err := r.read()
			if err != nil || tt.err != "" {
				if err == nil || err.Error() != tt.err {
					t.Errorf("error %v, want %q", err, tt.err)
				}
				return
			}
			if diff := cmp.Diff(tt.want, r.spec); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
