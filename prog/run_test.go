package prog

import (
	"bufio"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/render"
)

func TestOutcome(t *testing.T) {
	tests := []struct {
		name    string
		outcome Outcome
		plain   string
		json    string
	}{
		{"nothing", Outcome{}, "Return value: 0, duration: 0ns\n", `{"retval":0,"duration":0}`},
		{"average", Outcome{Return: 4294967295, Duration: 7, average: true}, "Return value: 4294967295, duration (average): 7ns\n", `{"retval":4294967295,"duration":7}`},
		{"a byte", Outcome{DataOut: octets("a")},
			"0000000\t61                                      | a\nReturn value: 0, duration: 0ns\n", `{"data_out":[97],"retval":0,"duration":0}`},
		{"half a row", Outcome{ContextOut: octets("\x1f ~\x7f\x80\xffgh")},
			"0000000\t1f20 7e7f 80ff 6768                     | . ~...gh \nReturn value: 0, duration: 0ns\n", `{"ctx_out":[31,32,126,127,128,255,103,104],"retval":0,"duration":0}`},
		{"more", Outcome{DataOut: octets("abcdefghijklmnopqrs"), ContextOut: octets{0}},
			"0000000\t6162 6364 6566 6768 696a 6b6c 6d6e 6f70 | abcdefgh ijklmnop\n" +
				"0000010\t7172 73                                 | qrs\n" +
				"0000000\t00                                      | .\nReturn value: 0, duration: 0ns\n",
			`{"data_out":[97,98,99,100,101,102,103,104,105,106,107,108,109,110,111,112,113,114,115],"ctx_out":[0],"retval":0,"duration":0}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			w := bufio.NewWriter(&b)
			tt.outcome.Plain(w)
			w.Flush()
			if b.String() != tt.plain {
				t.Errorf("plain %q, want %q", b.String(), tt.plain)
			}
			if got, err := json.Marshal(&tt.outcome); err != nil || string(got) != tt.json {
				t.Errorf("JSON %s, %v; want %s", got, err, tt.json)
			}
		})
	}
}

func TestRunWords(t *testing.T) {
	for words, want := range map[string]string{
		"data_in f":            "",
		"data_i f ctx_i g r 3": "",
		"data_in - ctx_in f data_out - ctx_out - data_s 1 ctx_s 2": "",

		"d f":                "ambiguous prefix: 'd' could be 'data_in' or 'data_out' or 'data_size_out'",
		"ctx f":              "ambiguous prefix: 'ctx' could be 'ctx_in' or 'ctx_out' or 'ctx_size_out'",
		"x f":                "expected no more arguments, 'data_in', 'data_out', 'data_size_out', 'ctx_in', 'ctx_out', 'ctx_size_out' or 'repeat', got: 'x'?",
		"data_in":            "'data_in' needs at least 1 arguments, 0 found",
		"data_in - ctx_in -": "cannot use standard input for both data_in and ctx_in",
		"repeat 4294967296":  "can't parse 4294967296 as repeat number",
		"data_size_out -1":   "can't parse -1 as output data size",
		"ctx_size_out 12k":   "can't parse 12k as output context size",
		"data_in f  g":       "ambiguous prefix: '' could be 'data_in' or 'data_out' or 'data_size_out'",
	} {
		_, err := readRunWords(args.New("run", strings.Split(words, " ")))
		if got := errorText(err); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestReadInput(t *testing.T) {
	if b, err := readInput("f", strings.NewReader("abc"), 3); err != nil || string(b) != "abc" {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := readInput("f", strings.NewReader("abcd"), 3); errorText(err) != "data_in/ctx_in is too long (max: 3)" {
		t.Errorf("too much: %v", err)
	}
	if _, err := readInput("f", iotest.ErrReader(unix.EIO), 3); errorText(err) != "failed to read data_in/ctx_in from f: Input/output error" {
		t.Errorf("unreadable: %v", err)
	}
}

func TestRunFailure(t *testing.T) {
	tests := []struct {
		name string
		spec bpf.RunSpec
		r    bpf.RunResult
		err  unix.Errno
		hint string
	}{
		{"another reason", bpf.RunSpec{DataOut: make([]byte, 4)}, bpf.RunResult{DataSize: 5}, unix.EINVAL, ""},
		{"data", bpf.RunSpec{DataOut: make([]byte, 4), ContextOut: make([]byte, 4)}, bpf.RunResult{DataSize: 5, ContextSize: 4}, unix.ENOSPC,
			"5 bytes came out, and there is room for 4: the word data_size_out makes more"},
		{"context", bpf.RunSpec{DataOut: make([]byte, 5), ContextOut: make([]byte, 4)}, bpf.RunResult{DataSize: 5, ContextSize: 6}, unix.ENOSPC,
			"6 bytes came out, and there is room for 4: the word ctx_size_out makes more"},
		{"not wanted", bpf.RunSpec{}, bpf.RunResult{DataSize: 5}, unix.ENOSPC, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := runFailure(&tt.spec, tt.r, bpf.Errno(tt.err))
			var h render.Hinted
			if errors.As(err, &h); h.Hint != tt.hint || !errors.Is(err, tt.err) {
				t.Errorf("%v, hint %q", err, h.Hint)
			}
		})
	}
}
