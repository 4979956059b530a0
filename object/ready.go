package object

import (
	_ "embed"
	"slices"
	"strings"
	"text/template"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// ready is text that gives those who load an object what they need, and nothing else.
type ready struct {
	Systemd    string `json:"systemd"`
	Docker     string `json:"docker"`
	Kubernetes string `json:"kubernetes"`
}

// A format is a kind of ready text.
type format struct {
	name string
	of   func(*ready) string
}

var formats = []format{
	{"systemd", func(r *ready) string { return r.Systemd }},
	{"docker", func(r *ready) string { return r.Docker }},
	{"kubernetes", func(r *ready) string { return r.Kubernetes }},
}

func unknownFormat(word string) error {
	var list []string
	for _, f := range formats {
		list = append(list, "'"+f.name+"'")
	}
	return args.Errorf("expected %s, got: '%s'?", strings.Join(list, ", "), word)
}

// grants are what the texts are made of.
type grants struct {
	Object string
	Given  []needs.Capability
	Attach []needs.Capability // of which only attaching needs these
	Unsure []unsure           // that are not given
	Perf   bool               // programs may be attached by perf events
}

// unsure is a capability that may be needed, and why.
type unsure struct {
	Capability needs.Capability
	Why        string
}

//go:embed ready.tmpl
var readyText string

// readyFor writes the texts.
func readyFor(file string, n *needs.Needs) ready {
	g := grants{Object: render.Printable(file)}
	for _, r := range n.Rights {
		switch {
		case r.Answer == verdict.Unknown:
			g.Unsure = append(g.Unsure, unsure{r.Capability, render.Printable(r.Evidence)})
		case r.Answer == verdict.Yes:
			g.Given = append(g.Given, r.Capability)
			g.Perf = g.Perf || r.Capability == needs.Perfmon
			if r.Attach {
				g.Attach = append(g.Attach, r.Capability)
			}
		}
	}
	t := template.Must(template.New("").Funcs(template.FuncMap{"short": short, "join": join, "admin": g.admin}).Parse(readyText))
	write := func(name string) string {
		var b strings.Builder
		if err := t.ExecuteTemplate(&b, name, g); err != nil {
			panic(err) // it is one of ours
		}
		return b.String()
	}
	return ready{write("systemd"), write("docker"), write("kubernetes")}
}

// admin reports whether CAP_SYS_ADMIN is given, which Kubernetes treats otherwise.
func (g grants) admin() bool { return slices.Contains(g.Given, needs.SysAdmin) }

// short returns the name of a capability without CAP_, as containers spell it.
func short(c needs.Capability) string { return strings.TrimPrefix(c.String(), "CAP_") }

// join returns the names of capabilities with spaces between.
func join(list []needs.Capability) string {
	var names []string
	for _, c := range list {
		names = append(names, c.String())
	}
	return strings.Join(names, " ")
}
