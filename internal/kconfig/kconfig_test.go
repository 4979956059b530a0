package kconfig

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	const text = "#\n# Automatically generated file; DO NOT EDIT.\nCONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C=\"x=y\"\nOTHER=1\nCONFIG_D\nCONFIG_E=-5\n"
	got, err := Parse(strings.NewReader(text))
	want := map[string]string{"CONFIG_A": "y", "CONFIG_C": `"x=y"`, "CONFIG_E": "-5"}
	if err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("Parse: %v, %s", err, cmp.Diff(want, got))
	}
}

// TestFirst finds the first file that can be read: one that cannot is not one without options.
func TestFirst(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	none, empty, broken := filepath.Join(dir, "none"), file("empty", ""), file("broken", "\x1f\x8b\x08\x00")
	a, b := file("a", "CONFIG_A=y\n"), file("b", "CONFIG_B=y\n")
	tests := []struct {
		name  string
		paths []string
		want  string // the option that is set
		error error  // or what is wrong; nil for anything
	}{
		{"the first", []string{a, b}, "CONFIG_A", nil},
		{"one that is there", []string{none, b, a}, "CONFIG_B", nil},
		{"one that has options", []string{empty, b}, "CONFIG_B", nil},
		{"one that can be read", []string{broken, dir, b}, "CONFIG_B", nil},
		{"none is there", []string{none}, "", os.ErrNotExist},
		{"one has no options", []string{none, empty, none}, "", ErrOther},
		{"one is broken", []string{broken}, "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path, got, err := first(tt.paths)
			if tt.want != "" && (err != nil || got[tt.want] != "y" || "CONFIG_"+strings.ToUpper(filepath.Base(path)) != tt.want) {
				t.Errorf("%s: %v, %v", path, got, err)
			}
			if tt.want == "" && (err == nil || tt.error != nil && !errors.Is(err, tt.error)) {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}
