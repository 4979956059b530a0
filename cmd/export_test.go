package cmd_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// exportable are the types of maps whose entries mean the same elsewhere.
var exportable = []string{
	"hash", "array", "percpu_hash", "percpu_array", "lru_hash", "lru_percpu_hash", "lpm_trie", "rhash",
	"devmap", "devmap_hash", "cpumap",
}

// TestExport exports maps and imports them into new ones, and into themselves: the
// same is there. Others are refused, and nothing is written.
func TestExport(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	for _, row := range fixture.Maps {
		t.Run(row.Type, func(t *testing.T) {
			s := newScript(t)
			s.have(row)
			file := filepath.Join(s.dir, "map.jsonl")
			args := []string{"map", "export", "id", s.vars["ID"], file}
			if s.gobpftool(args); !slices.Contains(exportable, row.Base()) || strings.HasSuffix(row.Type, "map.prog") || row.Type == "devmap_hash.prog" {
				if s.status != 1 || !strings.Contains(s.stderr, "they cannot be exported or imported") {
					t.Errorf("status %d, %s", s.status, s.stderr)
				}
				if _, err := os.Stat(file); err == nil {
					t.Error("there is a file")
				}
				return
			}
			check(t, s.run(append([]string{"gobpftool"}, args...)))
			roundTrip(s, file)
		})
	}
}

// roundTrip imports the file of the object made last.
func roundTrip(s *script, file string) {
	s.t.Helper()
	old := dumps(s, "id", s.vars["ID"])
	path := fixture.BPFFS() + "/imported"
	s.cleanup(path)
	check(s.t, s.run([]string{"gobpftool", "map", "import", "create", path, file}))
	if diff := difference(old, dumps(s, "pinned", path)); diff != "" {
		s.t.Errorf("imported into a new map: %s", diff)
	}
	s.gobpftool([]string{"map", "import", "id", s.vars["ID"], file})
	if frozen := s.status == 1 && strings.Contains(s.stderr, "Operation not permitted"); s.status != 0 && !frozen {
		s.t.Errorf("imported into itself: status %d, %s", s.status, s.stderr)
	}
	if diff := difference(old, dumps(s, "id", s.vars["ID"])); diff != "" {
		s.t.Errorf("imported into itself: %s", diff)
	}
	again := file + ".again"
	check(s.t, s.run([]string{"gobpftool", "map", "export", "pinned", path, again}))
	if diff := difference(lines(s, file), lines(s, again)); diff != "" {
		s.t.Errorf("exported again: %s", diff)
	}
}

// dumps returns the entries of a map in JSON, in order of their text: hash tables have
// another each time. Slots that are empty are left out.
func dumps(s *script, by, which string) []string {
	s.t.Helper()
	check(s.t, s.run([]string{"gobpftool", "-j", "map", "dump", by, which}))
	var entries []json.RawMessage
	check(s.t, json.Unmarshal([]byte(s.stdout), &entries))
	var list []string
	for _, e := range entries {
		if !strings.Contains(string(e), `"error":`) {
			list = append(list, string(e))
		}
	}
	slices.Sort(list)
	return list
}

func lines(s *script, file string) []string {
	s.t.Helper()
	text, err := os.ReadFile(file)
	check(s.t, err)
	list := strings.Split(string(text), "\n")
	slices.Sort(list)
	return list
}

// difference returns the first that is in one list only.
func difference(a, b []string) string {
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			return "too much: " + b[i]
		case i >= len(b):
			return "missing: " + a[i]
		case a[i] != b[i]:
			return a[i] + "\nis now " + b[i]
		}
	}
	return ""
}

// TestUpdateWithLookup updates entries with what is printed of them: nothing changes.
func TestUpdateWithLookup(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	tried := 0
	for _, row := range fixture.Maps {
		if !slices.Contains(exportable, row.Base()) {
			continue
		}
		t.Run(row.Type, func(t *testing.T) {
			s := newScript(t)
			s.have(row)
			old := dumps(s, "id", s.vars["ID"])
			for _, text := range old {
				var e struct {
					Formatted struct{ Key, Value, Values json.RawMessage }
				}
				check(t, json.Unmarshal([]byte(text), &e))
				f := e.Formatted
				if f.Key == nil {
					continue // no types, or none for keys
				}
				if f.Value == nil {
					f.Value = f.Values
				}
				tried++
				check(t, s.run([]string{"gobpftool", "map", "update", "--", "id", s.vars["ID"], "key", string(f.Key), "value", string(f.Value)}))
			}
			// Bytes after the end of a text, and within gaps, are not printed by types.
			if diff := difference(formatted(t, old), formatted(t, dumps(s, "id", s.vars["ID"]))); diff != "" {
				t.Error(diff)
			}
		})
	}
	if tried < 50 {
		t.Errorf("only %d entries were updated", tried)
	}
}

// formatted returns what entries are by their types.
func formatted(t *testing.T, entries []string) []string {
	t.Helper()
	var list []string
	for _, text := range entries {
		var e struct{ Formatted json.RawMessage }
		check(t, json.Unmarshal([]byte(text), &e))
		list = append(list, string(e.Formatted))
	}
	slices.Sort(list)
	return list
}
