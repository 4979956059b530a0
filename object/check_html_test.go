package object

import (
	"bufio"
	"bytes"
	_ "embed"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/render"
)

//go:embed testdata/look.js
var look string

// seen is what look.js returns.
type seen struct {
	Wrong, Requests, Refused []string
	Grid                     [][]string // words of the table's lines
	Shown                    []string   // text of the panels that clicks show, by their cells in order
	Colours                  map[string]string
	Owned                    bool
	Light                    float64 // of the ground: 0 to 1
}

func pageOf(m *Matrix) []byte {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	m.writePage(w)
	w.Flush()
	return b.Bytes()
}

// hostile is a matrix with names that mean something in a page.
func hostile() *Matrix {
	const script = `<script>owned=1</script><img src=x onerror="owned=1">"'&`
	m := newMatrix(nil)
	m.Objects = []*Column{{Name: script, File: script}}
	f := failure{Object: script, Program: script, Function: script, Kind: script, Access: script, Cause: script, Help: script, Source: script, Code: script}
	m.add(&Row{Name: script, File: script, Cells: []*Cell{{Object: script, Verdict: judge([]failure{f}), found: []failure{f}}}})
	m.add(&Row{Name: script + "2", File: script, Error: script, Cells: []*Cell{m.Objects[0].unread(fmt.Errorf("%s", script))}})
	m.finish()
	return m
}

// large is a matrix of hundreds of kernels and tens of objects.
func large() *Matrix {
	m := newMatrix(nil)
	for i := range 40 {
		m.Objects = append(m.Objects, &Column{Name: fmt.Sprintf("object_with_a_name_%d.bpf.o", i)})
	}
	for k := range 300 {
		r := &Row{Name: fmt.Sprintf("ubuntu/20.04/x86_64/5.4.0-%d-generic", k)}
		for i, o := range m.Objects {
			var found []failure
			for n := range (k / 50 * i) % 4 {
				f := renamed
				f.Object, f.Class, f.Access = o.Name, Class(n), fmt.Sprintf("struct_%d.member_%d", i, n)
				found = append(found, f)
			}
			r.Cells = append(r.Cells, &Cell{Object: o.Name, Verdict: judge(found), found: found})
		}
		m.add(r)
	}
	m.finish()
	return m
}

// TestPage has a browser show pages, clicks, and looks at what it shows.
func TestPage(t *testing.T) {
	fixture.Need(t, fixture.Browser)
	tests := []struct {
		name string
		m    *Matrix
		view fixture.View
	}{
		{"one of everything", sample(), fixture.View{}},
		{"dark", sample(), fixture.View{Dark: true, Width: 500, Height: 500}},
		{"hostile", hostile(), fixture.View{}},
		{"large", large(), fixture.View{Width: 1200, Height: 800}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkPage(t, tt.m, tt.view) })
	}
}

func checkPage(t *testing.T, m *Matrix, v fixture.View) {
	var visits atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	defer elsewhere.Close()
	// The page has no script of its own: that of the test is let in.
	content := bytes.Replace(pageOf(m), []byte("default-src 'none';"), []byte("default-src 'none'; script-src 'unsafe-inline';"), 1)
	var got seen
	console := fixture.Browse(t, content, v, strings.ReplaceAll(look, "$ELSEWHERE", elsewhere.URL+"/"), &got)
	for _, line := range console {
		if !strings.Contains(line, elsewhere.URL) { // what look.js tries in vain
			t.Errorf("console: %s", line)
		}
	}
	for _, text := range got.Wrong {
		t.Error(text)
	}
	if got.Owned || visits.Load() != 0 || len(got.Requests) != 0 || len(got.Refused) == 0 {
		t.Errorf("owned: %t, %d visits, requests: %q, refused: %q", got.Owned, visits.Load(), got.Requests, got.Refused)
	}
	if v.Dark != (got.Light < 0.2) {
		t.Errorf("dark: %t; the ground is %v", v.Dark, got.Light)
	}
	checkGrid(t, m, &got)
}

// checkGrid compares what a browser shows with the matrix.
func checkGrid(t *testing.T, m *Matrix, got *seen) {
	t.Helper()
	var want [][]string
	var panels []string // what each panel must have
	for _, r := range m.Kernels {
		line := []string{r.Name}
		for _, c := range r.Cells {
			word := m.word(c)
			if word == "unknown" || word == "denied" {
				word = "?"
			}
			line = append(line, word)
			if len(c.Failures) > 0 {
				panels = append(panels, m.Failures[c.Failures[0]].Access)
			} else if c.Evidence != "" {
				panels = append(panels, c.Evidence)
			}
		}
		want = append(want, line)
	}
	if !slices.EqualFunc(want, got.Grid, func(a, b []string) bool { return slices.Equal(a, b) }) {
		t.Errorf("shows %.1000q, want %.1000q", got.Grid, want)
	}
	if len(got.Shown) != len(panels) {
		t.Fatalf("%d panels, want %d", len(got.Shown), len(panels))
	}
	for i, p := range panels {
		if !strings.Contains(got.Shown[i], render.Printable(p)) {
			t.Errorf("click %d shows %.500q, want %q", i+1, got.Shown[i], p)
		}
	}
	distinct := make(map[string]bool)
	for _, c := range got.Colours {
		distinct[c] = true
	}
	if len(distinct) != len(got.Colours) {
		t.Errorf("cells look the same: %v", got.Colours)
	}
}

// TestPageStays makes sure that a page has no script and is the same each time.
func TestPageStays(t *testing.T) {
	first := pageOf(sample())
	for range 5 {
		if !bytes.Equal(first, pageOf(sample())) {
			t.Fatal("two pages of one matrix differ")
		}
	}
	if bytes.Contains(first, []byte("<script")) {
		t.Error("there is a script")
	}
	if n := len(pageOf(large())); n > 2<<20 {
		t.Errorf("a large page has %d bytes", n)
	}
}

// TestPagePictures looks at pictures, and keeps them in the directory that PICTURES names.
func TestPagePictures(t *testing.T) {
	fixture.Need(t, fixture.Browser)
	tests := []struct {
		name string
		m    *Matrix
		view fixture.View
	}{
		{"light", sample(), fixture.View{Width: 1000, Height: 900}},
		{"dark", sample(), fixture.View{Width: 1000, Height: 900, Dark: true}},
		{"large", large(), fixture.View{Width: 1200, Height: 900}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			picture := fixture.Screenshot(t, pageOf(tt.m), tt.view)
			colours := make(map[[3]uint32]int)
			for x := range picture.Bounds().Dx() {
				for y := range picture.Bounds().Dy() {
					r, g, b, _ := picture.At(x, y).RGBA()
					colours[[3]uint32{r, g, b}]++
				}
			}
			areas := 0 // that are no borders of letters
			for _, n := range colours {
				if n > 300 {
					areas++
				}
			}
			if areas < 5 { // two grounds, three verdicts
				t.Errorf("only %d colours", areas)
			}
			if dir := os.Getenv("PICTURES"); dir != "" {
				f, err := os.Create(filepath.Join(dir, tt.name+".png"))
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				if err := png.Encode(f, picture); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
