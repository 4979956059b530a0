package kconfig

import (
	"bytes"
	"compress/gzip"
	"testing"
)

const config = `#
# Automatically generated file; DO NOT EDIT.
CONFIG_X86_KERNEL_IBT=y
CONFIG_VETH=m
# CONFIG_KPROBES is not set
CONFIG_HZ=250
`

func TestEnabled(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(config))
	z.Close()

	tests := []struct {
		option string
		want   bool
	}{
		{"CONFIG_X86_KERNEL_IBT", true},
		{"CONFIG_VETH", false},
		{"CONFIG_KPROBES", false},
		{"CONFIG_X86_KERNEL", false},
		{"CONFIG_HZ", false},
	}
	for _, tt := range tests {
		for name, text := range map[string][]byte{"plain": []byte(config), "gzip": packed.Bytes()} {
			got, err := enabled(bytes.NewReader(text), tt.option)
			if got != tt.want || err != nil {
				t.Errorf("enabled(%s) in %s = %v, %v; want %v", tt.option, name, got, err, tt.want)
			}
		}
	}
}
