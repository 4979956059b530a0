package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestLaunch(t *testing.T) {
	text, err := json.Marshal(order{
		Runs: 3,
		Commands: [][]string{
			{"/bin/true"},
			{"/bin/sh", "-c", "echo sorry >&2; exit 3"},
			{"/nonexistent"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := launch(bytes.NewReader(text), &out); err != nil {
		t.Fatal(err)
	}
	var r report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Floor <= 0 {
		t.Errorf("floor: %d bytes, want some", r.Floor)
	}

	good := r.Series[0]
	if good.Failed != "" || len(good.Wall) != 3 || good.Peak <= 0 {
		t.Errorf("/bin/true: %+v, want 3 runs with times and a peak", good)
	}
	for i, want := range map[int]string{1: "exit status 3: sorry", 2: "no such file"} {
		if got := r.Series[i]; !strings.Contains(got.Failed, want) || len(got.Wall) != 0 {
			t.Errorf("command %d: %+v, want no runs and failure %q", i, got, want)
		}
	}
}

func TestLaunchBadOrder(t *testing.T) {
	err := launch(strings.NewReader("{"), &bytes.Buffer{})
	if err == nil || !strings.HasPrefix(err.Error(), "order: ") {
		t.Errorf("launch() = %v, want an error about the order", err)
	}
}

func TestHighWater(t *testing.T) {
	got, err := highWater([]byte("Name:\tbench\nVmPeak:\t    9 kB\nVmHWM:\t    4812 kB\n"))
	if err != nil || got != 4812<<10 {
		t.Errorf("highWater() = %d, %v, want %d", got, err, 4812<<10)
	}
	if _, err := highWater([]byte("Name:\tbench\n")); err == nil {
		t.Error("highWater() without VmHWM: no error")
	}
}
