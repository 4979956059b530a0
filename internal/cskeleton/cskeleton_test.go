package cskeleton_test

import (
	"bufio"
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/cskeleton"
)

// write writes the skeleton or subskeleton of an object.
func write(t *testing.T, object, name string, sub bool) (text string, notes []string, err error) {
	t.Helper()
	data, err := os.ReadFile(object)
	if err != nil {
		t.Fatal(err)
	}
	s, err := cskeleton.New(data, name, sub)
	if err != nil {
		return "", nil, err
	}
	var b bytes.Buffer
	if err := s.Write(bufio.NewWriter(&b)); err != nil {
		t.Fatal(err)
	}
	return b.String(), s.Notes(), nil
}

// TestRecorded compares with what the reference has written.
func TestRecorded(t *testing.T) {
	for _, tt := range []struct {
		file string
		sub  bool
	}{{"testdata/hard.skel.h", false}, {"testdata/hard.subskel.h", true}} {
		want, err := os.ReadFile(tt.file)
		if err != nil {
			t.Fatal(err)
		}
		got, notes, err := write(t, "testdata/hard.bpf.o", "hard", tt.sub)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.file, diff)
		}
		if said := strings.Join(notes, "\n"); said != "map bits: its bitfields, and all that follows, are not where its struct says, as in the skeletons of bpftool" {
			t.Errorf("notes: %s", said)
		}
	}
}

// TestRefused refuses what libbpf would not open, and what would be no C.
func TestRefused(t *testing.T) {
	const notOpened = "failed to open BPF object file: "
	for _, tt := range []struct {
		object, want string
		sub          bool
	}{
		{"../../testdata/idioms/map_legacy.o", notOpened + `map old: it is defined in the section "maps"`, false},
		{"../../testdata/idioms/map_static.o", notOpened + "map mine: it is static", false},
		{"../../testdata/idioms/map_hidden.o", notOpened + "map mine: it is static, or hidden", true},
		{"../../testdata/idioms/map_typeless.o", notOpened + "map m: its definition does not say its type", false},
		{"../../testdata/idioms/map_pinning_unknown.o", notOpened + "map shared: pinning is 2", false},
		{"../../testdata/idioms/map_field_unknown.o", notOpened + `section .maps: map m: field "no_such_field"`, false},
		{"../../testdata/idioms/subprogram_static.o", notOpened + "program called: it is static, in section 'xdp'", false},
		{"testdata/extern.bpf.o", notOpened + "extern elsewhere: no type says what it is", false},
		{"testdata/clash.bpf.o", "map data_a_b: there are two of that name", false},
		{"testdata/objects.sh", notOpened + "not an ELF file", false},
	} {
		_, _, err := write(t, tt.object, "x", tt.sub)
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.object, err, tt.want)
		}
	}
}

func TestIsName(t *testing.T) {
	for name, want := range map[string]bool{
		"a": true, "_": true, "a1_B": true, "func": true, "type": true, "": false, "1a": false, "a-b": false, "a.b": false, "ä": false, "int": false, "struct": false,
	} {
		if got := cskeleton.IsName(name); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}
