package adapt

import (
	"os"
	"testing"

	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// BenchmarkObject adapts an object with settings, weak maps and hidden functions, or the one that OBJECT names.
func BenchmarkObject(b *testing.B) {
	file := os.Getenv("OBJECT")
	if file == "" {
		file = "../../testdata/idioms/usdt.o"
	}
	data, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	o, err := elfobj.Read(data)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Object(data, o); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRead reads the same object, to compare with.
func BenchmarkRead(b *testing.B) {
	file := os.Getenv("OBJECT")
	if file == "" {
		file = "../../testdata/idioms/usdt.o"
	}
	data, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := elfobj.Read(data); err != nil {
			b.Fatal(err)
		}
	}
}
