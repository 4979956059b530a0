package usdt

import (
	"debug/elf"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestArguments(t *testing.T) {
	many := strings.TrimSpace(strings.Repeat("1@$1 ", mostArguments+1))
	tests := []struct {
		machine elf.Machine
		text    string
		want    []Argument
		err     string
	}{
		{elf.EM_X86_64, "", nil, ""},
		{elf.EM_X86_64, "-4@-1204(%rbp) 8@%rax", []Argument{{memoryArg, -1204, 32, 0, 0, -4}, {registerArg, 0, 80, 0, 0, 8}}, ""},
		{elf.EM_X86_64, "4@%r8d 1@%sil 2@%cx", []Argument{{registerArg, 0, 72, 0, 0, 4}, {registerArg, 0, 104, 0, 0, 1}, {registerArg, 0, 88, 0, 0, 2}}, ""},
		{elf.EM_X86_64, "8@(%rsp)", []Argument{{memoryArg, 0, 152, 0, 0, 8}}, ""},
		{elf.EM_X86_64, "-4@$-9 8@$18446744073709551615", []Argument{{constantArg, -9, 0, 0, 0, -4}, {constantArg, -1, 0, 0, 0, 8}}, ""},
		{elf.EM_X86_64, "1@-96(%rbp,%rax,8)  8@(%rdi,%rcx)", []Argument{{indexedArg, -96, 32, 80, 3, 1}, {indexedArg, 0, 112, 88, 0, 8}}, ""},
		{elf.EM_X86_64, "8@$9223372036854775807", []Argument{{constantArg, math.MaxInt64, 0, 0, 0, 8}}, ""},
		{elf.EM_X86_64, many, nil, "more than 12 arguments"},
		{elf.EM_X86_64, "8@%rax 16@%rax", nil, `argument 2, "16@%rax": size 16: want 1, 2, 4 or 8`},
		{elf.EM_X86_64, "8f@%xmm0", nil, `argument 1, "8f@%xmm0": not understood`},
		{elf.EM_X86_64, "8@%xmm0", nil, `argument 1, "8@%xmm0": register xmm0: programs cannot read it`},
		{elf.EM_X86_64, "8@number(%rip)", nil, `argument 1, "8@number(%rip)": not understood`},
		{elf.EM_X86_64, "8@(%rdi,%rcx,3)", nil, `argument 1, "8@(%rdi,%rcx,3)": scale 3: want 1, 2, 4 or 8`},
		{elf.EM_X86_64, "300@%rax", nil, `argument 1, "300@%rax": size 300: want 1, 2, 4 or 8`},
		{elf.EM_X86_64, "8@%raxx", nil, `argument 1, "8@%raxx": register raxx: programs cannot read it`},
		{elf.EM_X86_64, "8@99999999999999999999(%rax)", nil, `argument 1, "8@99999999999999999999(%rax)": strconv.ParseInt: parsing "99999999999999999999": value out of range`},

		{elf.EM_AARCH64, "-4@[sp, 96] 8@x30 4@[x0] -8@5 8@[x29,-16]", []Argument{
			{memoryArg, 96, 248, 0, 0, -4}, {registerArg, 0, 240, 0, 0, 8}, {memoryArg, 0, 0, 0, 0, 4}, {constantArg, 5, 0, 0, 0, -8}, {memoryArg, -16, 232, 0, 0, 8},
		}, ""},
		{elf.EM_AARCH64, "8@x31", nil, `argument 1, "8@x31": register x31: programs cannot read it`},
		{elf.EM_AARCH64, "8@x05", nil, `argument 1, "8@x05": register x05: programs cannot read it`},
		{elf.EM_S390, "-2@-28(%r15) 8@%r7 4@-71", []Argument{{memoryArg, -28, 144, 0, 0, -2}, {registerArg, 0, 80, 0, 0, 8}, {constantArg, -71, 0, 0, 0, 4}}, ""},
		{elf.EM_RISCV, "-8@-88(s0) 8@a0 4@7", []Argument{{memoryArg, -88, 64, 0, 0, -8}, {registerArg, 0, 80, 0, 0, 8}, {constantArg, 7, 0, 0, 0, 4}}, ""},
	}
	for _, tt := range tests {
		got, err := parseArguments(tt.text, archOf(tt.machine))
		if message(err) != tt.err {
			t.Errorf("%s, %q: %v, want %s", tt.machine, tt.text, err, tt.err)
		}
		if tt.err == "" {
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(Argument{})); diff != "" {
				t.Errorf("%s, %q (-want +got):\n%s", tt.machine, tt.text, diff)
			}
		}
	}
}

// TestLayouts compares with what the reference wrote into a map for the tracepoints args and indexed, and with what
// the header said before it knew of indices.
func TestLayouts(t *testing.T) {
	const args, indexed = "8@8(%rdi) -4@%esi", "8@(%rdi,%rcx,8) -8@-8(%rdi,%rcx,8) 8@8(%rdi)"
	tests := []struct {
		layout     int
		text, want string
	}{
		{0, args, "0800000000000000 02000000 7000 00 00" + "0000000000000000 01000000 6800 01 20"},
		{1, args, "0800000000000000 02000000 00007000 0000 000000000000" + "0000000000000000 01000000 00006800 0120 000000000000"},
		{1, indexed, "0000000000000000 03005830 00007000 0000 000000000000" + "f8ffffffffffffff 03005830 00007000 0100 000000000000" +
			"0800000000000000 02000000 00007000 0000 000000000000"},
	}
	for _, tt := range tests {
		list, err := parseArguments(tt.text, archOf(elf.EM_X86_64))
		if err != nil {
			t.Fatal(err)
		}
		got, err := layouts[tt.layout].encode(list, binary.LittleEndian)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.ReplaceAll(tt.want, " ", "")
		if text := hex.EncodeToString(got); !strings.HasPrefix(text, want) || strings.Trim(text[len(want):], "0") != string('0'+byte(len(list))) {
			t.Errorf("layout %d, %q:\n%s, want\n%s", tt.layout, tt.text, text, want)
		}
	}
	list, _ := parseArguments(indexed, archOf(elf.EM_X86_64))
	if _, err := layouts[0].encode(list, binary.LittleEndian); err == nil {
		t.Error("indices, for programs that do not know of them")
	}
	b, err := layouts[0].encode([]Argument{{registerArg, 0, 80, 0, 0, 8}}, binary.BigEndian)
	if want := "0000000000000000" + "00000001" + "0050" + "0000"; err != nil || hex.EncodeToString(b[:16]) != want || b[201] != 1 {
		t.Errorf("big-endian: %x, %v", b, err)
	}
}

// TestNotes reads those of the program target, and what is left of them.
func TestNotes(t *testing.T) {
	data := targetNotes(t)
	notes, err := parseNotes(data, binary.LittleEndian)
	if err != nil || len(notes) != 7 {
		t.Fatalf("%d notes, %v", len(notes), err)
	}
	n := notes[2]
	if n.provider != "lab" || n.name != "counted" || n.arguments != "" || n.semaphore == 0 || n.base == 0 {
		t.Errorf("note %+v", n)
	}
	if n := notes[0]; n.arguments != "8@8(%rdi) -4@%esi 1@$7 -8@16(%rdi) -1@%sil 8@$-2" || n.semaphore != 0 {
		t.Errorf("note %+v", n)
	}
	for cut := range 100 {
		if _, err := parseNotes(data[:cut], binary.LittleEndian); err == nil && cut != 0 && cut != 12+8+0x52 && cut < 12+8+0x54 {
			t.Errorf("no error about %d bytes of a note", cut)
		}
	}
	other := append([]byte(nil), data...)
	other[8] = 4 // another type
	if notes, err := parseNotes(other, binary.LittleEndian); err != nil || len(notes) != 6 {
		t.Errorf("%d notes, %v", len(notes), err)
	}
}

// TestLongNop finds where tracepoints have two no-operations.
func TestLongNop(t *testing.T) {
	f, err := elf.Open("../attach/testdata/target")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for name, want := range map[string]bool{"long": true, "args": false} {
		places, err := Places(f, "lab", name)
		if err != nil || len(places) != 1 {
			t.Fatalf("%s: %v, %v", name, places, err)
		}
		at, err := places[0].Addr()
		if fastProbes() && want {
			at--
		}
		if err != nil || hasLongNop(f, at) != want {
			t.Errorf("%s at %#x: long: %t, %v", name, at, !want, err)
		}
	}
}

// TestPlaces asks for what a file does not have, and where it has no addresses of its own.
func TestPlaces(t *testing.T) {
	for _, tt := range []struct{ file, name, want string }{
		{"target", "counted", ""},
		{"target", "nothing", "none among 7"},
		{"pie/target", "counted", "before Linux 5.15"},
		{"usdt.bpf.o", "counted", "no tracepoints: no section .note.stapsdt"},
	} {
		f, err := elf.Open("../attach/testdata/" + tt.file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		places, err := Places(f, "lab", tt.name)
		if errors.Is(err, fs.ErrNotExist) != (tt.name == "nothing") {
			t.Errorf("%s, %s: %v is of another kind", tt.file, tt.name, err)
		}
		if err == nil {
			if places[0].Semaphore == 0 || places[0].Offset == 0 {
				t.Errorf("%s, %s: %+v", tt.file, tt.name, places[0])
			}
			_, err = places[0].Addr()
		}
		if !strings.HasPrefix(message(err), tt.want) || err != nil && tt.want == "" {
			t.Errorf("%s, %s: %v, want %s", tt.file, tt.name, err, tt.want)
		}
	}
}

// TestTable numbers descriptions.
func TestTable(t *testing.T) {
	for _, tt := range []struct {
		specs, addrs MapSize
		want         string
	}{
		{MapSize{4, 208, 2}, MapSize{8, 4, 1}, ""},
		{MapSize{4, 207, 2}, MapSize{8, 4, 1}, "map __bpf_usdt_specs: keys of 4 bytes and values of 207: not understood"},
		{MapSize{8, 208, 2}, MapSize{8, 4, 1}, "map __bpf_usdt_specs: keys of 8 bytes and values of 208: not understood"},
		{MapSize{4, 208, 2}, MapSize{4, 4, 1}, "map __bpf_usdt_ip_to_spec_id: keys of 4 bytes and values of 4, want 8 and 4"},
	} {
		if _, err := NewTable(tt.specs, tt.addrs); message(err) != tt.want {
			t.Errorf("%v, %v: %v, want %s", tt.specs, tt.addrs, err, tt.want)
		}
	}
	table, err := NewTable(MapSize{4, 208, 2}, MapSize{8, 4, 1})
	if err != nil {
		t.Fatal(err)
	}
	var put []uint32
	failed := errors.New("failed")
	number := func(value int64, err error) string {
		id, err := table.Number([]Argument{{value: value}}, func(id uint32, value []byte) error {
			put = append(put, id)
			return err
		})
		return fmt.Sprint(id, " ", message(err))
	}
	got := []string{number(1, failed), number(1, nil), number(2, nil), number(1, nil), number(3, nil)}
	want := []string{"0 map __bpf_usdt_specs: failed", "0 ", "1 ", "0 ", "0 map __bpf_usdt_specs: has room for 2 descriptions of arguments: argument list too long"}
	if diff := cmp.Diff(want, got); diff != "" || !slices.Equal(put, []uint32{0, 0, 1}) {
		t.Errorf("put %v (-want +got):\n%s", put, diff)
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func targetNotes(tb testing.TB) []byte {
	f, err := elf.Open("../attach/testdata/target")
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	data, err := f.Section(noteSection).Data()
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// FuzzNotes reads notes of anyone, and the arguments in them.
func FuzzNotes(f *testing.F) {
	f.Add(targetNotes(f))
	f.Add([]byte("\x08\x00\x00\x00\xff\xff\xff\xff\x03\x00\x00\x00stapsdt\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		notes, err := parseNotes(data, binary.LittleEndian)
		if err != nil {
			return
		}
		for _, n := range notes {
			for _, a := range []*arch{archOf(elf.EM_X86_64), archOf(elf.EM_AARCH64), archOf(elf.EM_S390), archOf(elf.EM_RISCV)} {
				list, err := parseArguments(n.arguments, a)
				if err != nil {
					continue
				}
				if len(list) > mostArguments {
					t.Fatalf("%d arguments", len(list))
				}
				if _, err := layouts[1].encode(list, binary.LittleEndian); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
