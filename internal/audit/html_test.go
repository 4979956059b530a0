package audit

import (
	_ "embed"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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
	Findings                 []struct {
		ID, Level, Text string
		Open            bool
		Seen, Why, Mend string
	}
	Counts  map[string]int
	Colours map[string]string // of the words for levels
	Owned   bool
	Light   float64 // of the ground: 0 to 1
	Title   string
}

// TestPage has a browser show pages, clicks, and looks at what it shows.
func TestPage(t *testing.T) {
	fixture.Need(t, fixture.Browser)
	for name, r := range reports() {
		for kind, view := range map[string]fixture.View{"": {}, " dark": {Dark: true}, " narrow": {Width: 500, Height: 700}} {
			t.Run(name+kind, func(t *testing.T) { checkPage(t, r, view) })
		}
	}
}

func checkPage(t *testing.T, r *Report, v fixture.View) {
	var visits atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	defer elsewhere.Close()
	text := written(r.HTML)
	if strings.Contains(text, "<script") {
		t.Error("there is a script")
	}
	// The page has no script of its own: that of the test is let in.
	text = strings.Replace(text, "default-src 'none';", "default-src 'none'; script-src 'unsafe-inline';", 1)
	var got seen
	console := fixture.Browse(t, []byte(text), v, strings.ReplaceAll(look, "$ELSEWHERE", elsewhere.URL+"/"), &got)
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
	checkFindings(t, r, &got)
}

// checkFindings compares what a browser shows with the report.
func checkFindings(t *testing.T, r *Report, got *seen) {
	t.Helper()
	at := 0
	for _, l := range Levels() {
		if n := got.Counts[l.String()]; n != *r.Summary.of(l) {
			t.Errorf("%s: %d, want %d", l, n, *r.Summary.of(l))
		}
		for _, f := range r.Findings {
			if f.Level != l {
				continue
			}
			if at >= len(got.Findings) {
				t.Fatalf("%d findings are shown, want more", at)
			}
			s := got.Findings[at]
			at++
			bad := l == Fail || l == Warn || l == Unknown
			if s.ID != f.ID || s.Level != l.String() || s.Open != bad || !strings.Contains(s.Text, plainly(f.What)) ||
				s.Seen != plainly(f.seen()) || s.Why != plainly(f.Why) || s.Mend != plainly(f.Mend) {
				t.Errorf("%+v is shown as %+v", f, s)
			}
		}
	}
	if at != len(got.Findings) {
		t.Errorf("%d findings are shown, want %d", len(got.Findings), at)
	}
	distinct := make(map[string]bool)
	for _, c := range got.Colours {
		distinct[c] = true
	}
	if len(distinct) != len(got.Colours) {
		t.Errorf("levels look the same: %v", got.Colours)
	}
	if kernel := r.State.Kernel.Value; kernel != "" && got.Title != "BPF on Linux "+plainly(kernel) {
		t.Errorf("title %q", got.Title)
	}
}

// plainly returns text as a page shows it.
func plainly(text string) string { return render.Printable(text) }

// TestPagePictures looks at pictures, and keeps them in the directory that PICTURES names.
func TestPagePictures(t *testing.T) {
	fixture.Need(t, fixture.Browser)
	r := reports()["asked"]
	for name, v := range map[string]fixture.View{"light": {Height: 1000}, "dark": {Height: 1000, Dark: true}, "narrow": {Width: 500, Height: 1000}} {
		t.Run(name, func(t *testing.T) {
			picture := fixture.Screenshot(t, []byte(written(r.HTML)), v)
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
			if areas < 6 { // two grounds, four levels
				t.Errorf("only %d colours", areas)
			}
			if dir := os.Getenv("PICTURES"); dir != "" {
				f, err := os.Create(filepath.Join(dir, name+".png"))
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
