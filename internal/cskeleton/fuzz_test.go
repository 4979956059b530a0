package cskeleton_test

import (
	"bufio"
	"bytes"
	"os"
	"testing"

	"github.com/gobpftool/gobpftool/internal/cskeleton"
)

// FuzzWrite writes skeletons of objects that may say anything: an error, or all of a header.
func FuzzWrite(f *testing.F) {
	for _, path := range []string{
		"testdata/hard.bpf.o", "testdata/clash.bpf.o", "../../testdata/idioms/percpu.o", "../../testdata/idioms/arena.o",
		"../elfobj/testdata/structops.bpfeb.o", "../elfobj/testdata/externs.bpfel.o",
	} {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, 0, byte(0))
	}
	f.Fuzz(func(t *testing.T, data []byte, at int, flip byte) {
		if at >= 0 && at < len(data) {
			data[at] ^= flip
		}
		for _, sub := range []bool{false, true} {
			s, err := cskeleton.New(data, "fuzzed", sub)
			if err != nil {
				if s != nil {
					t.Error("both an error and a skeleton")
				}
				continue
			}
			var b bytes.Buffer
			if err := s.Write(bufio.NewWriter(&b)); err != nil {
				t.Fatal(err)
			}
			if !bytes.HasPrefix(b.Bytes(), []byte("/* SPDX")) || !bytes.HasSuffix(b.Bytes(), []byte("SKEL_H__ */\n")) {
				t.Error("not all of a header")
			}
		}
	})
}
