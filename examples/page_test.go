package examples_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	commands "github.com/gobpftool/gobpftool/cmd"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// page reads docs/skeletons.md.
func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../docs/skeletons.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// block returns the first block of the page that is in a language.
func block(t *testing.T, language string) string {
	t.Helper()
	_, text, ok1 := strings.Cut(page(t), "```"+language+"\n")
	text, _, ok2 := strings.Cut(text, "```\n")
	if !ok1 || !ok2 {
		t.Fatalf("docs/skeletons.md has no block in %s", language)
	}
	return text
}

// TestPage does what the page says, in an empty directory.
func TestPage(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Clang, fixture.Modules)
	dir, bin := t.TempDir(), t.TempDir()
	write := func(path, text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(dir, "calls.bpf.c"), block(t, "c"), 0o666)
	write(filepath.Join(dir, "main.go"), block(t, "go"), 0o666)
	// What machines may lack, or have of another version.
	clang, _ := fixture.Compiler()
	write(filepath.Join(bin, "clang"), "#!/bin/sh\nexec "+clang+" \"$@\"\n", 0o777)
	write(filepath.Join(bin, "sudo"), "#!/bin/sh\nexec \"$@\"\n", 0o777)
	if out, err := exec.Command("go", "build", "-o", filepath.Join(bin, "gobpftool"), "../cmd/gobpftool").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}

	lines := strings.Split(strings.TrimSpace(block(t, "sh")), "\n")
	if len(lines) != 5 {
		t.Errorf("%d commands, want 5", len(lines))
	}
	var out []byte
	for i, line := range lines {
		if i == len(lines)-1 { // which loads
			defer fixture.Alone().Close()
		}
		c := exec.Command("sh", "-c", line)
		c.Dir = dir
		c.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "GOFLAGS=", "GOPACKAGE=", "PWD="+dir)
		var err error
		if out, err = c.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
	}
	// The program is a command that makes system calls itself.
	if !regexp.MustCompile(`(?m)^\d+ calls$`).Match(out) {
		t.Errorf("the last command printed\n%s", out)
	}
}

// An attachRow is a row of the page's table about sections.
type attachRow struct {
	section *regexp.Regexp
	takes   string // parameters, or "none"
}

// attachRows reads that table.
func attachRows(t *testing.T) (rows []attachRow) {
	t.Helper()
	_, table, _ := strings.Cut(page(t), "| section | `Attach` |\n|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	for line := range strings.Lines(table) {
		cells := strings.Split(line, " | ")
		if len(cells) != 2 {
			t.Fatalf("%d cells: %s", len(cells), line)
		}
		takes := "none"
		if m := regexp.MustCompile("^`([^`]*)`").FindStringSubmatch(cells[1]); m != nil {
			takes = m[1]
		}
		for pattern := range strings.FieldsSeq(strings.NewReplacer("|", "", "`", "").Replace(cells[0])) {
			pattern = strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".+")
			rows = append(rows, attachRow{regexp.MustCompile("^" + pattern + "$"), takes})
		}
	}
	if len(rows) < 50 {
		t.Fatalf("only %d patterns of sections", len(rows))
	}
	return rows
}

// TestAttach compares the page with the skeletons of programs of all types.
func TestAttach(t *testing.T) {
	rows := attachRows(t)
	used := make(map[*regexp.Regexp]bool)
	objects, err := filepath.Glob("../testdata/*/*.o")
	if err != nil || len(objects) < 100 {
		t.Fatalf("%d objects, %v", len(objects), err)
	}
	for _, path := range objects {
		for section, got := range attachMethods(t, path) {
			section = regexp.MustCompile(`^\??([^/]*?)(\.s|\.frags)?(/.*)?$`).ReplaceAllString(section, "$1$3")
			for _, r := range rows {
				if !r.section.MatchString(section) {
					continue
				}
				if used[r.section] = true; r.takes != got {
					t.Errorf("%s: %s takes %s, and the page says %s", path, section, got, r.takes)
				}
				break
			}
		}
	}
	for _, r := range rows {
		if !used[r.section] {
			t.Errorf("no object has a section %s", r.section)
		}
	}
}

// attachMethods returns what the methods Attach of the programs of an object take, by
// their sections. It has none for objects that cannot be loaded from a skeleton.
func attachMethods(t *testing.T, path string) map[string]string {
	t.Helper()
	object, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	o, err := elfobj.Read(object)
	if err != nil {
		return nil
	}
	var out, errs bytes.Buffer
	argv := []string{"gobpftool", "gen", "skeleton", path, "name", "s", "package", "main"}
	if commands.Main(context.Background(), argv, commands.Streams{In: strings.NewReader(""), Out: &out, Err: &errs}) != 0 {
		return nil
	}
	methods := make(map[string]string)
	for _, p := range o.Programs {
		field := regexp.MustCompile(`// \w+ is ` + p.Name + `, SEC\(.*\n\t\w+ (\w+)\n`).FindSubmatch(out.Bytes())
		if field == nil {
			t.Errorf("%s: no field for program %s", path, p.Name)
			continue
		}
		methods[p.Section] = "none"
		method := regexp.MustCompile(`(?m)^func \(p \*` + string(field[1]) + `\) Attach(\(.*\)) error \{$`).FindSubmatch(out.Bytes())
		if method != nil {
			methods[p.Section] = string(method[1])
		}
	}
	return methods
}
