package kconfig

import (
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
