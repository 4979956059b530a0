package cmd

import (
	"path"

	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/docs"
	"github.com/gobpftool/gobpftool/internal/entries"
)

// Docs returns the files that are generated from the tables of commands, of
// types of maps and of rules of audits: man pages, scripts for completion, pages. Keys are paths below the
// directory docs.
func Docs() (map[string]string, error) {
	t := describeTool(table(&runner{}))
	files := make(map[string]string)
	for name, page := range docs.Pages(t) {
		text, err := page()
		if err != nil {
			return nil, err
		}
		files[path.Join("man", name)] = text
	}
	text, err := docs.MapTypes(describeMapTypes())
	if err != nil {
		return nil, err
	}
	files["map/types.md"] = text
	if files["audit/findings.md"], err = docs.AuditPage(describeAudit()); err != nil {
		return nil, err
	}
	for _, shell := range docs.Shells() {
		text, err := docs.Script(t, shell)
		if err != nil {
			return nil, err
		}
		files[path.Join("completion", t.Name+"."+shell)] = text
	}
	return files, nil
}

// describeMapTypes tells what can be done with the types of maps.
func describeMapTypes() []docs.MapType {
	var list []docs.MapType
	for _, k := range entries.Kinds() {
		d := docs.MapType{Type: k.Type, Since: k.Since, Create: k.Create, Made: k.Made, Dump: k.Dump}
		for _, verb := range entries.Operations {
			if why := entries.WhyNot(k.Type, verb); why != "" {
				d.Lacks = append(d.Lacks, docs.Lack{Verb: verb, Sentence: why})
			} else {
				d.Verbs = append(d.Verbs, verb)
			}
		}
		list = append(list, d)
	}
	return list
}

// describeTool tells about the objects what is printed about them.
func describeTool(objects []call.Object) *docs.Tool {
	t := &docs.Tool{Name: "gobpftool", Options: describeOptions(nil)}
	for i := range objects {
		switch o := &objects[i]; {
		case o.Name == call.Help || o.Run != nil || isBuilt(o):
			t.Objects = append(t.Objects, describeObject(o))
		default:
			t.Planned = append(t.Planned, o.Name)
		}
	}
	return t
}

func describeObject(o *call.Object) *docs.Object {
	d := &docs.Object{
		Name: o.Name, Args: o.Args, Short: o.Short, Long: o.Long,
		Options: describeOptions(o),
		Planned: plannedVerbs(o),
	}
	for _, v := range verbWords(o) {
		d.Words = append(d.Words, docs.Word{Name: v.word, About: v.about})
	}
	for _, v := range distinctVerbs(o) {
		d.Verbs = append(d.Verbs, docs.Verb{Usage: usage(o, v), Short: v.Short, Long: v.Long})
	}
	for _, t := range o.Terms {
		d.Terms = append(d.Terms, docs.Term(t))
	}
	return d
}

// describeOptions describes the options that mean something to o, or all if it
// is nil.
func describeOptions(o *call.Object) []docs.Option {
	var list []docs.Option
	for i := range options {
		if p := &options[i]; meansSomething(o, p) {
			list = append(list, docs.Option{Short: p.shortForm(), Long: p.longForm(), Arg: p.arg, About: p.help})
		}
	}
	return list
}
