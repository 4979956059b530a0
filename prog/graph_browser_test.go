package prog

import (
	"bytes"
	_ "embed"
	"image"
	"image/color"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

//go:embed testdata/look.js
var look string

// seen is what look.js returns.
type seen struct {
	Wrong, Requests, Refused []string
	Looks                    map[string][2]string // the colour and the dashes of arrows, by their kind
	Owned, Dark              bool
	Blocks, Edges            int
	Light                    float64 // of the ground: 0 to 1
}

// rambling is a program of n instructions that jumps about in all ways that there are.
// Its functions and its lines of source have names.
func rambling(n int, seed uint64) *listing {
	r := rand.New(rand.NewPCG(seed, 2))
	insns := make([]bytecode.Insn, n)
	for i := range insns {
		off := int16(min(max(i+r.IntN(60)-12, 0), n-1) - i - 1)
		switch r.IntN(12) {
		case 0, 1, 2:
			insns[i] = insnIf(off)
		case 3:
			insns[i] = insnGo(off)
		case 4:
			if insns[i] = insnExit; i%40 == 0 {
				insns[i] = insnGone
			}
		default:
			insns[i] = insnMove
		}
	}
	insns[n-1], insns[2] = insnExit, insnCall(int16(n/2-3))
	l := listed(insns...)
	l.funcs = []function{{0, "int main(void *ctx)"}, {uint32(n / 2), "static __u64 other(struct request *r, int flags)"}}
	for i := 0; i < n; i += 1 + r.IntN(7) {
		l.lines = append(l.lines, line{uint32(i), true, "/src/a.bpf.c", strings.Repeat("if (x < y) ", r.IntN(9)), uint32(i), 3})
	}
	return l
}

// TestPageLooks has a browser show pages, and looks at what it shows.
func TestPageLooks(t *testing.T) {
	fixture.Need(t, fixture.Browser)
	tests := []struct {
		name string
		l    *listing
		view fixture.View
	}{
		{"one block", listed(insnMove, insnExit), fixture.View{}},
		{"all kinds of arrows", listed(insnIf(2), insnMove, insnIf(-3), insnGo(-2), insnGone, insnExit), fixture.View{Dark: true}},
		{"loops", listed(insnMove, insnIf(-1), insnIf(-3), insnIf(-4), insnIf(2), insnGo(-3), insnMove, insnExit), fixture.View{}},
		{"functions", listed(insnCall(3), insnAddress(3), insnHigh, insnExit, insnMove, insnExit), fixture.View{Dark: true, Width: 500}},
		{"hostile", hostile(), fixture.View{}},
		{"small and rambling", rambling(60, 1), fixture.View{}},
		{"bytes and lines", func() *listing { l := rambling(90, 2); l.opcodes, l.linum = true, true; return l }(), fixture.View{Dark: true}},
		{"big", rambling(500, 3), fixture.View{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkLooks(t, tt.l, tt.view) })
	}
}

func checkLooks(t *testing.T, l *listing, v fixture.View) {
	var visits atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	defer elsewhere.Close()
	page := pageOf(t, l)
	var got seen
	console := fixture.Browse(t, page, v, strings.ReplaceAll(look, "$ELSEWHERE", elsewhere.URL+"/"), &got)
	for _, line := range console {
		// What look.js tries in vain is told there, and nothing else.
		if !strings.Contains(line, elsewhere.URL) {
			t.Errorf("console: %s", line)
		}
	}
	for _, text := range got.Wrong {
		t.Error(text)
	}
	blocks, edges := 0, 0
	for _, f := range newPage(subject{}, l).functions {
		blocks += len(f.Blocks)
		edges += len(arrows(&f))
	}
	if got.Blocks != blocks || got.Edges != edges {
		t.Errorf("%d blocks and %d edges, want %d and %d", got.Blocks, got.Edges, blocks, edges)
	}
	taken, not, always := got.Looks["taken"], got.Looks["not"], got.Looks["always"]
	if taken[0] == not[0] || taken[0] == always[0] || not[0] == always[0] || taken[1] == not[1] || not[1] == always[1] {
		t.Errorf("arrows look the same: %v", got.Looks)
	}
	if got.Dark != v.Dark || got.Dark != (got.Light < 0.2) || !got.Dark != (got.Light > 0.8) {
		t.Errorf("dark: %t, want %t; the ground is %v", got.Dark, v.Dark, got.Light)
	}
	want := []string{"connect-src", "frame-src", "img-src", "script-src-elem", "style-src-elem"}
	if !slices.Equal(got.Refused, want) || visits.Load() != 0 || len(got.Requests) != 0 {
		t.Errorf("refused: %q, want %q; %d visits, requests: %q", got.Refused, want, visits.Load(), got.Requests)
	}
	if got.Owned {
		t.Error("a script of the program's source ran")
	}
}

// TestPageShows looks at pictures of a page, in both schemes, and without any script.
func TestPageShows(t *testing.T) {
	fixture.Need(t, fixture.Browser)
	page := pageOf(t, rambling(60, 1))
	const scripts = "script-src 'unsafe-inline'"
	if !bytes.Contains(page, []byte(scripts)) {
		t.Fatal("the page does not tell about scripts")
	}
	tests := []struct {
		name string
		page []byte
		view fixture.View
	}{
		{"light", page, fixture.View{Width: 1000, Height: 1400}},
		{"dark", page, fixture.View{Width: 1000, Height: 1400, Dark: true}},
		{"without script", bytes.Replace(page, []byte(scripts), []byte("script-src 'none'"), 1), fixture.View{Width: 1000, Height: 1400}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			colours := count(fixture.Screenshot(t, tt.page, tt.view))
			// Lines of three kinds and text of five, which have no sharp borders.
			if len(colours) < 30 {
				t.Errorf("only %d colours", len(colours))
			}
			most, all := 0, 0
			for _, n := range colours {
				most, all = max(most, n), all+n
			}
			if share := float64(most) / float64(all); share < 0.3 || share > 0.98 {
				t.Errorf("one colour takes %v of the picture", share)
			}
		})
	}
}

func count(picture image.Image) map[color.Color]int {
	colours := make(map[color.Color]int)
	b := picture.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			colours[picture.At(x, y)]++
		}
	}
	return colours
}

// BenchmarkPage writes the page of a program with 20,000 instructions.
func BenchmarkPage(b *testing.B) {
	l := rambling(20_000, 4)
	for b.Loop() {
		b.SetBytes(int64(len(pageOf(b, l))))
	}
}
