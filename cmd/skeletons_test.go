package cmd_test

import (
	"bytes"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/cmd"
	"github.com/gobpftool/gobpftool/internal/differences"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestSkeletonsInC compares the skeletons and subskeletons of all objects of this module with those of the reference.
func TestSkeletonsInC(t *testing.T) {
	fixture.Need(t, fixture.ReferenceTool)
	equal := 0
	for _, path := range ownObjects(t) {
		for _, verb := range []string{"skeleton", "subskeleton"} {
			t.Run(path+"/"+verb, func(t *testing.T) {
				if compareSkeleton(t, "gen", verb, path) {
					equal++
				}
			})
		}
	}
	if equal < 400 {
		t.Errorf("only %d are equal", equal)
	}
}

// ownObjects returns the paths of all objects of this module.
func ownObjects(t *testing.T) (list []string) {
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != ".." && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case d.Type().IsRegular() && filepath.Ext(path) == ".o":
			list = append(list, path)
		}
		return nil
	})
	check(t, err)
	return list
}

// compareSkeleton compares one, and reports whether it was written.
func compareSkeleton(t *testing.T, args ...string) (written bool) {
	tool, _ := fixture.Reference()
	reference := exec.Command(tool, args...)
	var theirs, ours, talk bytes.Buffer
	reference.Stdout = &theirs
	_ = reference.Run() // its status is looked at
	status := cmd.Main(t.Context(), append([]string{"bpftool"}, args...), cmd.Streams{In: strings.NewReader(""), Out: &ours, Err: &talk})

	command := differences.Command(args)
	if diff := shared().Compare(command, theirs.String(), ours.String()); diff != "" {
		t.Error(diff, talk.String())
	}
	want := differences.Outcome{Stdout: theirs.String(), Status: reference.ProcessState.ExitCode()}
	if !shared().Status(command, want, differences.Outcome{Stdout: ours.String(), Stderr: talk.String(), Status: status}) {
		t.Errorf("exit status %d, the reference's %d: %s", status, want.Status, talk.String())
	}
	return ours.Len() > 0
}
