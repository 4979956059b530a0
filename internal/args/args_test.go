package args

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestIs(t *testing.T) {
	tests := []struct {
		name    string
		words   []string
		keyword string
		want    bool
	}{
		{"in full", []string{"pinned"}, "pinned", true},
		{"shortened", []string{"p"}, "pinned", true},
		{"misspelt", []string{"pined"}, "pinned", false},
		{"too long", []string{"pinneds"}, "pinned", false},
		{"nothing left", nil, "pinned", false},
		{"empty word", []string{""}, "pinned", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := New("show", tt.words)
			if got := a.Is(tt.keyword); got != tt.want {
				t.Errorf("Is(%q) = %v, want %v", tt.keyword, got, tt.want)
			}
			if read := len(tt.words) - a.Len(); read != map[bool]int{true: 1}[tt.want] {
				t.Errorf("read %d words", read)
			}
		})
	}
}

func TestUint32(t *testing.T) {
	tests := []struct {
		word string
		want uint32
		ok   bool
	}{
		{"0", 0, true},
		{"10", 10, true},
		{"0x0a", 10, true},
		{"0XA", 10, true},
		{"012", 10, true},
		{"00", 0, true},
		{"4294967295", 4294967295, true},
		{"4294967296", 0, false}, // bpftool wraps to another object
		{"08", 0, false},
		{"0x", 0, false},
		{"1_000", 0, false},
		{"0b1", 0, false},
		{"0o17", 0, false},
		{"-1", 0, false},
		{"+1", 0, false},
		{"0x+1", 0, false},
		{"7 ", 0, false},
		{"", 0, false},
	}
	for _, tt := range tests {
		got, err := New("id", []string{tt.word}).Uint32("ID")
		if got != tt.want || (err == nil) != tt.ok {
			t.Errorf("Uint32(%q) = %d, %v; want %d, ok %v", tt.word, got, err, tt.want, tt.ok)
		}
	}
}

func TestMessages(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"too few", New("pin", []string{"id", "7"}).Need(3), "'pin' needs at least 3 arguments, 2 found"},
		{"surplus", New("show", []string{"x", "y"}).Done(), "what is 'x'?"},
		{"number", second(New("id", []string{"x"}).Uint32("ID")), "can't parse x as ID"},
		{"last word read", second(readAll("id", "7")), "'7' needs at least 1 arguments, 0 found"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.err == nil || tt.err.Error() != tt.want {
				t.Errorf("error = %v, want %s", tt.err, tt.want)
			}
			if !errors.As(tt.err, new(*Error)) {
				t.Errorf("%T is not an *args.Error", tt.err)
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

func readAll(words ...string) (string, error) {
	a := New("show", words)
	for range words {
		a.Next(1)
	}
	return a.Next(1)
}

// FuzzArgs reads words by every method, in an order that the input decides. A
// method that fails must not have moved on, and none may read past the end.
func FuzzArgs(f *testing.F) {
	f.Add("id 0x7 name x", []byte{0, 1, 2, 3})
	f.Add("", []byte{3, 3, 3})
	f.Add("tag 0123456789abcdef", []byte{0, 0, 4})
	f.Fuzz(func(t *testing.T, line string, steps []byte) {
		words := strings.Split(line, " ")
		a := New("show", slices.Clone(words))
		for _, s := range steps {
			before := a.Len()
			read := 0
			switch s % 5 {
			case 0:
				if a.Is("name") {
					read = 1
				}
			case 1:
				if _, err := a.Next(1); err == nil {
					read = 1
				}
			case 2:
				if before > 0 {
					read = 1 // a word that is no number is read, too
				}
				a.Uint32("ID")
			case 3:
				if (a.Done() == nil) != (before == 0) {
					t.Fatalf("Done with %d words left", before)
				}
			case 4:
				a.Peek()
			}
			if a.Len() != before-read {
				t.Fatalf("step %d: %d words left of %d, want %d", s%5, a.Len(), before, before-read)
			}
		}
	})
}
