package cmd_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
)

const (
	churned = 1_000_000 // entries that there may be
	stable  = 500_000   // of which these stay
)

// TestChurn dumps a hash table while it is rewritten by another process: entries that
// stay are there once, all others once at most.
func TestChurn(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	if testing.Short() {
		t.Skip("takes seconds")
	}
	typ, _ := names.ParseMapType("hash")
	fd, err := bpf.CreateMap(bpf.MapSpec{Type: uint32(typ), KeySize: 4, ValueSize: 8, MaxEntries: churned, Name: "churn"})
	check(t, err)
	defer fd.Close()
	for key := range uint32(churned) {
		check(t, bpf.Update(fd, words32(key), words32(key, 0), bpf.Any))
	}
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	writers.Go(func() { rewrite(ctx, fd) })
	defer writers.Wait()
	defer stop()

	id, err := bpf.ReadID(fd)
	check(t, err)
	s := newScript(t)
	for _, format := range []string{"", "-j"} {
		args := append(strings.Fields(format), "map", "dump", "id", fmt.Sprint(id))
		if check(t, s.exec(tool(args...))); s.status != 0 {
			t.Fatalf("%s: status %d, %s", format, s.status, s.stderr)
		}
		seen := countKeys(t, []byte(s.stdout))
		for key, n := range seen {
			if n > 1 || n == 0 && key < stable {
				t.Fatalf("%s: key %d is there %d times", format, key, n)
			}
		}
	}
}

// rewrite changes the values of some entries, and removes and restores others.
func rewrite(ctx context.Context, fd bpf.FD) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := uint32(1); ctx.Err() == nil; n++ {
		key := r.Uint32N(churned)
		if key >= stable && n%2 == 0 {
			_ = bpf.Delete(fd, words32(key)) // it may be gone already
		} else {
			_ = bpf.Update(fd, words32(key), words32(key, n), bpf.Any)
		}
	}
}

// words32 returns numbers as they are in memory.
func words32(list ...uint32) []byte {
	var b []byte
	for _, n := range list {
		b = binary.NativeEndian.AppendUint32(b, n)
	}
	return b
}

// countKeys counts how often each key is in a dump, plain or JSON.
func countKeys(t *testing.T, dump []byte) []uint8 {
	seen := make([]uint8, churned)
	plain := !bytes.HasPrefix(dump, []byte("["))
	mark, end := []byte(`{"key":["`), []byte(`]`)
	if plain {
		mark, end = []byte("key: "), []byte("  ")
	}
	drop := strings.NewReplacer(" ", "", "0x", "", `"`, "", ",", "")
	for {
		_, rest, ok := bytes.Cut(dump, mark)
		if !ok {
			return seen
		}
		text, rest, _ := bytes.Cut(rest, end)
		key, err := hex.DecodeString(drop.Replace(string(text)))
		if err != nil || len(key) != 4 {
			t.Fatalf("key %q", text)
		}
		seen[binary.NativeEndian.Uint32(key)]++
		dump = rest
	}
}
