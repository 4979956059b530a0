package adapt

import (
	"bytes"
	"debug/elf"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/elffile"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

var update = flag.Bool("update", false, "write the golden file anew, to be read by a person")

// TestAdapted compares what is said of objects with testdata/adapted.txt.
func TestAdapted(t *testing.T) {
	const golden = "testdata/adapted.txt"
	var b strings.Builder
	for _, file := range slices.Concat(committed(t), bigEndian(t)) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		o, err := elfobj.Read(data)
		if err != nil {
			continue
		}
		a, err := Object(data, o)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if (len(a.Changes) == 0) != bytes.Equal(a.Data, data) {
			t.Errorf("%s: %d changes, but the data are the same: %t", file, len(a.Changes), bytes.Equal(a.Data, data))
		}
		if text := dump(a); text != "" {
			fmt.Fprintf(&b, "%s\n%s", filepath.Base(file), text)
		}
	}
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("adapted (-want +got)\n%s", diff)
	}
}

func bigEndian(t testing.TB) []string {
	files, err := filepath.Glob("../elfobj/testdata/*.bpfeb.o")
	if err != nil || len(files) == 0 {
		t.Fatal("no objects", err)
	}
	return files
}

// dump writes down what is said of an object, one thing a line.
func dump(a *Adapted) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, "\t"+format+"\n", args...) }
	for _, c := range a.Changes {
		line("%s: %s", c.Name, c.What)
	}
	for _, c := range a.Cannot {
		line("cannot %s: %s", c.Name, c.Why)
	}
	for _, list := range []struct {
		what  string
		names []string
	}{{"functions", a.Functions}, {"optional", a.Optional}, {"rings", a.Rings}, {"zeroes", a.Zeroes}} {
		if len(list.names) > 0 {
			line("%s %s", list.what, strings.Join(list.names, " "))
		}
	}
	facts := func(what string, x any) {
		text, err := json.Marshal(x)
		if err != nil {
			panic(err)
		}
		if s := string(text); s != "null" && s != "{}" {
			line("%s %s", what, s)
		}
	}
	facts("sections", a.Sections)
	facts("catches", a.Catches)
	facts("structs", a.Structs)
	facts("kinds", a.Kinds)
	facts("numa", a.NUMA)
	facts("settings", a.Settings)
	facts("typed", a.Typed)
	return b.String()
}

// TestTwice adapts what was adapted: nothing is left to be changed, but for what was changed for
// the sake of code that knows it.
func TestTwice(t *testing.T) {
	for _, file := range slices.Concat(committed(t), bigEndian(t)) {
		data, o := readQuietly(t, file)
		if o == nil {
			continue
		}
		a, err := Object(data, o)
		if err != nil {
			t.Fatal(err)
		}
		again, err := elfobj.Read(a.Data)
		if a.Catches != nil {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(again.Programs) != len(o.Programs) {
			t.Errorf("%s: %d programs, %d before", file, len(again.Programs), len(o.Programs))
		}
		for i, p := range again.Programs {
			if p.Name != o.Programs[i].Name || !slices.Equal(codes(o, o.Programs[i]), codes(again, p)) {
				t.Errorf("%s: program %s has other code", file, p.Name)
			}
		}
		b, err := Object(a.Data, again)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if len(b.Changes) > 0 {
			t.Errorf("%s: changed again: %v", file, b.Changes)
		}
		if twice, _ := Object(data, o); !bytes.Equal(twice.Data, a.Data) {
			t.Errorf("%s: other bytes the second time", file)
		}
	}
}

// codes returns the operations of a program as it is linked.
func codes(o *elfobj.Object, p *elfobj.Func) (list []byte) {
	for _, part := range o.Link(p) {
		for at := 0; at < len(part.Code); at += 8 {
			list = append(list, part.Code[at])
		}
	}
	return list
}

// committed are the objects of this repository that are for this machine's byte order.
func committed(t testing.TB) (list []string) {
	for _, pattern := range []string{
		"../../testdata/idioms/*.o", "../../testdata/programs/*.o", "../elfobj/testdata/*.bpfel.o", "../core/testdata/*.bpfel.o",
		"../load/testdata/*.o",
	} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no objects %s: %v", pattern, err)
		}
		list = append(list, files...)
	}
	return list
}

func readQuietly(t testing.TB, file string) ([]byte, *elfobj.Object) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	o, err := elfobj.Read(data)
	if err != nil {
		return nil, nil
	}
	return data, o
}

// TestDebug leaves out what debuggers read.
func TestDebug(t *testing.T) {
	data, _ := readQuietly(t, "../../testdata/idioms/license_none.o")
	f, err := elffile.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	f.Add(&elffile.Section{Name: ".debug_info", Type: elf.SHT_PROGBITS, Data: make([]byte, 1<<16), Align: 1})
	data = f.Bytes()
	o, err := elfobj.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	a, err := Object(data, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Data) > len(data)-1<<16 || len(a.Changes) != 1 {
		t.Errorf("%d bytes of %d, changes %v", len(a.Data), len(data), a.Changes)
	}
}

// FuzzObject adapts objects of which some bytes are wrong. What comes of it is an object, or an error.
func FuzzObject(f *testing.F) {
	files := slices.Concat(committed(f), bigEndian(f))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range files {
		for range 3 {
			f.Add(uint16(i), random.Uint64(), random.Uint64())
		}
	}
	objects := make([][]byte, len(files))
	for i, file := range files {
		var err error
		if objects[i], err = os.ReadFile(file); err != nil {
			f.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, which uint16, places, values uint64) {
		data := bytes.Clone(objects[int(which)%len(objects)])
		for range 4 {
			data[int(places&0xffff)*7%len(data)] = byte(values)
			places, values = places>>16, values>>8
		}
		o, err := elfobj.Read(data)
		if err != nil {
			return
		}
		before := bytes.Clone(data)
		a, err := Object(data, o)
		if (a == nil) == (err == nil) {
			t.Fatalf("Object() = %v, %v", a, err)
		}
		if !bytes.Equal(before, data) {
			t.Error("the given object is another one now")
		}
		if err == nil && a.Catches == nil {
			if _, err := elfobj.Read(a.Data); err != nil {
				t.Error(err)
			}
		}
	})
}
