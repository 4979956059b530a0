package btfcmd

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestPahole compares the layout of all structs and unions of the running kernel
// with what pahole tells about them.
func TestPahole(t *testing.T) {
	fixture.Need(t, fixture.PaholeTool)
	if _, err := os.Stat(vmlinux); err != nil {
		t.Skip(err)
	}
	tool, _ := fixture.Pahole()
	out, err := exec.Command(tool, "-F", "btf", vmlinux).Output()
	if err != nil {
		t.Fatal(err)
	}
	ours := measureAll(t)
	agree := 0
	for _, theirs := range readPahole(out) {
		// Several types may have one name.
		same := func(m *measures) bool { return cmp.Equal(m, theirs) }
		if len(ours[theirs.Tag]) == 0 {
			t.Errorf("%s is only known to pahole", theirs.Tag)
		} else if !slices.ContainsFunc(ours[theirs.Tag], same) {
			t.Errorf("%s (-pahole +us):\n%s", theirs.Tag, cmp.Diff(theirs, ours[theirs.Tag][0]))
		} else {
			agree++
			ours[theirs.Tag] = slices.DeleteFunc(ours[theirs.Tag], same)
		}
	}
	for tag, rest := range ours {
		for range rest {
			t.Errorf("%s is only known to us", tag)
		}
	}
	t.Logf("%d structs and unions agree", agree)
}

// measures are the numbers that pahole prints about a struct or union.
type measures struct {
	Tag     string   // such as "struct file"
	Places  []string // offset and size of each member, those of inner structs first
	Lines   []string // number and offset of each cache line that is marked
	Summary map[string]int
}

// shown matches the place of a member in what pahole prints.
var shown = regexp.MustCompile(`/\* +(\d+)(?:: *(\d+))? +(\d+) \*/$`)

// marked matches the mark of a cache line.
var marked = regexp.MustCompile(`/\* --- cacheline (\d+) boundary \((\d+) bytes\)`)

// summed matches a number of its summary that has a fact of ours.
var summed = regexp.MustCompile(`(size|cachelines|members|sum members|holes|sum holes|sum bitfield members|bit holes|sum bit holes|padding|bit_padding|last cacheline): (\d+)`)

// skipped matches the lines of the summary about what types of members have
// inside, and with guesses at what was written.
var skipped = regexp.MustCompile(`^/\* (member types|paddings|forced|flexible)`)

// readPahole reads what pahole prints about types with names.
func readPahole(out []byte) []*measures {
	var list []*measures
	var m *measures
	var open []int // how many places there were before each brace
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		line := lines.Text()
		text := strings.TrimLeft(line, "\t")
		if tag, ok := strings.CutSuffix(line, " {"); ok {
			if tag == strings.TrimLeft(tag, "\t") {
				m = &measures{Tag: tag, Summary: make(map[string]int)}
				list = append(list, m)
			}
			open = append(open, len(m.Places))
		}
		if strings.HasPrefix(text, "}") {
			if strings.HasPrefix(text, "} *") { // what a member points to is not in the struct
				m.Places = m.Places[:open[len(open)-1]]
			}
			open = open[:len(open)-1]
		}
		if match := shown.FindStringSubmatch(line); match != nil {
			m.Places = append(m.Places, place(match))
		}
		if match := marked.FindStringSubmatch(line); match != nil {
			m.Lines = append(m.Lines, match[1]+" at "+match[2])
		}
		if line == "\t"+text && strings.HasPrefix(text, "/* ") && !skipped.MatchString(text) {
			for _, c := range summed.FindAllStringSubmatch(text, -1) {
				m.Summary[c[1]], _ = strconv.Atoi(c[2])
			}
		}
	}
	return list
}

// place returns "offset size", or "offset:bit size" for a bitfield.
func place(match []string) string {
	if match[2] != "" {
		return match[1] + ":" + match[2] + " " + match[3]
	}
	return match[1] + " " + match[3]
}

// measureAll returns the same numbers of ours.
func measureAll(t *testing.T) map[string][]*measures {
	spec, err := btf.Open(vmlinux, nil)
	if err != nil {
		t.Fatal(err)
	}
	k := newWalk(spec)
	all := make(map[string][]*measures)
	for id := btf.ID(1); id < spec.Len(); id++ {
		tt, err := spec.Type(id)
		if err != nil {
			t.Fatal(err)
		}
		if keyword(tt.Kind) == "" || tt.Name == "" {
			continue
		}
		l, err := k.layout(id)
		if err != nil {
			t.Fatal(err)
		}
		m := &measures{Tag: l.Kind + " " + l.Name, Summary: summary(l)}
		m.add(&l.Block)
		all[m.Tag] = append(all[m.Tag], m)
	}
	return all
}

// add adds the places and cache lines of a block.
func (m *measures) add(b *Block) {
	for _, p := range b.Members {
		if p.Line != nil {
			m.Lines = append(m.Lines, fmt.Sprint(p.Line.Number, " at ", p.Line.Offset))
		}
		if p.Inner != nil {
			m.add(p.Inner)
		}
		if p.Bits != nil {
			m.Places = append(m.Places, fmt.Sprintf("%d:%d %d", p.Offset, p.BitOffset-8*p.Offset, p.Size))
		} else {
			m.Places = append(m.Places, fmt.Sprintf("%d %d", p.Offset, p.Size))
		}
	}
}

// summary returns the numbers that pahole has in a summary: none for unions, and
// those that are not 0.
func summary(l *Layout) map[string]int {
	m := make(map[string]int)
	s := l.Summary
	if s.Sums == nil {
		return m
	}
	m["size"], m["cachelines"], m["members"] = int(l.Size), int(s.Cachelines), s.Members
	for name, n := range map[string]uint64{
		"padding": s.Padding, "bit_padding": s.BitPadding, "last cacheline": uint64(s.Last),
	} {
		if n > 0 {
			m[name] = int(n)
		}
	}
	if s.HoleBytes == 0 && s.HoleBits == 0 {
		return m
	}
	if s.Bytes > 0 {
		m["sum members"] = int(s.Bytes)
	}
	if s.Holes > 0 {
		m["holes"], m["sum holes"] = s.Holes, int(s.HoleBytes)
	}
	if s.Bitfields > 0 {
		m["sum bitfield members"] = int(s.Bitfields)
	}
	if s.BitHoles > 0 {
		m["bit holes"], m["sum bit holes"] = s.BitHoles, int(s.HoleBits)
	}
	return m
}
