package require

import (
	"cmp"
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/survey"
)

// profiles are those that come with the tool, as text that [Parse] reads.
//
//go:embed profiles/*.txt
var profiles embed.FS

// Profiles returns the names of the profiles that come with the tool, in order.
func Profiles() []string {
	var list []string
	entries, _ := profiles.ReadDir("profiles") // it is embedded
	for _, e := range entries {
		list = append(list, strings.TrimSuffix(e.Name(), ".txt"))
	}
	return list
}

// Profile returns the requirements of a profile that comes with the tool, and whether there is one.
func Profile(name string) ([]Requirement, bool) {
	text, err := profiles.ReadFile(path.Join("profiles", name+".txt"))
	if err != nil {
		return nil, false
	}
	list, err := Parse(string(text))
	return list, err == nil
}

// kinds are the words with which rows of profiles begin, longer ones before those that they begin with.
func kinds() []survey.Kind {
	list := append(survey.Kinds(), Version)
	slices.SortFunc(list, func(a, b survey.Kind) int { return cmp.Compare(len(b), len(a)) })
	return list
}

// Parse reads requirements, a row each: a kind and a name, such as "map type ringbuf". In front may stand "optional",
// behind a name "for" and a type. Rows that begin with # are comments, and "source" names what says so, for all
// rows up to the next. The error tells of which row it is.
func Parse(text string) (list []Requirement, err error) {
	source := ""
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "source "); ok {
			source = strings.TrimSpace(rest)
			continue
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		q, err := parseRow(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		q.Source = source
		list = append(list, q)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("nothing is required")
	}
	return list, nil
}

// parseRow reads one row.
func parseRow(line string) (q Requirement, err error) {
	line, q.Optional = strings.CutPrefix(line, "optional ")
	for _, k := range kinds() {
		name, ok := strings.CutPrefix(line, string(k)+" ")
		if !ok {
			continue
		}
		q.Kind, q.Name = k, strings.TrimSpace(name)
		if name, of, ok := strings.Cut(q.Name, " for "); ok && k.IsPerType() {
			q.Name, q.For = strings.TrimSpace(name), []string{strings.TrimSpace(of)}
		}
		if k == Version {
			_, err = names.ParseVersion(q.Name)
		}
		if q.Name == "" {
			err = fmt.Errorf("'%s' has no name", line)
		}
		q.Since = k.Since(q.Name)
		return q, err
	}
	return q, fmt.Errorf("'%.80s': want one of the kinds %s", line, join(kinds()))
}

func join(list []survey.Kind) string {
	var b strings.Builder
	for i, k := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("'" + string(k) + "'")
	}
	return b.String()
}
