package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
	"golang.org/x/tools/txtar"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/replay"
)

// A reference is the C bpftool.
type reference struct {
	path string
	name string // which it is, on which kernel
}

func newReference() (*reference, error) {
	path, ok := fixture.Reference()
	if !ok {
		return nil, fmt.Errorf("no reference at %s", path)
	}
	r := &reference{path: path}
	text, err := r.run("version")
	if err != nil {
		return nil, err
	}
	version, rest, _ := strings.Cut(string(text), "\n")
	var with string
	if strings.Contains(rest, "skeletons") {
		with = " with skeletons" // it knows which processes hold an object
	}
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return nil, err
	}
	r.name = fmt.Sprintf("%s%s on Linux %s", version, with, unix.ByteSliceToString(u.Release[:]))
	return r, nil
}

// run returns what the reference prints.
//
// Its exit status says little: showing one link fails or not by an error number
// left over from something else.
func (r *reference) run(args ...string) ([]byte, error) {
	c := exec.Command(r.path, args...)
	c.Env = append(os.Environ(), "TZ=UTC", "LC_ALL=C")
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	if strings.Contains(stderr.String(), "Error: ") {
		return nil, fmt.Errorf("bpftool %s: %s", strings.Join(args, " "), &stderr)
	}
	return out, nil
}

// tries is how often the reference is asked until its answers agree: counters
// count on, and a time that is reckoned may come out a second later.
const tries = 5

// ask records the answers to one question.
func (r *reference) ask(args []string) (*txtar.Archive, error) {
	for range tries {
		ar, err := r.answers(args)
		if err != nil {
			return nil, err
		}
		again, err := r.answers(args)
		if err != nil {
			return nil, err
		}
		if bytes.Equal(txtar.Format(ar), txtar.Format(again)) {
			return ar, nil
		}
	}
	return nil, fmt.Errorf("bpftool %s: answers differ from one time to the next", strings.Join(args, " "))
}

// answers asks for JSON, indented JSON and plain text, once.
func (r *reference) answers(args []string) (*txtar.Archive, error) {
	ar := &txtar.Archive{Comment: fmt.Appendf(nil, "%s\nbpftool %s\n\n", r.name, strings.Join(args, " "))}
	for _, face := range []struct {
		name    string
		options []string
	}{{replay.JSON, []string{"-j"}}, {replay.Pretty, []string{"-p"}}, {replay.Plain, nil}} {
		out, err := r.run(slices.Concat(face.options, args)...)
		if err != nil {
			return nil, err
		}
		if len(face.options) > 0 && !isAnswer(out) {
			return nil, fmt.Errorf("bpftool %s: %s", strings.Join(args, " "), out)
		}
		ar.Files = append(ar.Files, txtar.File{Name: face.name, Data: out})
	}
	return ar, nil
}

// isAnswer reports whether a JSON document is not about an error.
func isAnswer(text []byte) bool {
	var object struct{ Error *string }
	return json.Valid(text) && (json.Unmarshal(text, &object) != nil || object.Error == nil)
}
