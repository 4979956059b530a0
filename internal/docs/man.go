package docs

import "strings"

// Pages returns the man pages of t by file name: one for the tool, and one for
// each object with verbs.
func Pages(t *Tool) map[string]func() (string, error) {
	pages := map[string]func() (string, error){
		t.Name + ".8": func() (string, error) { return execute("tool.tmpl", t) },
	}
	for _, o := range t.Objects {
		if len(o.Verbs) == 0 {
			continue
		}
		pages[t.Name+"-"+o.Name+".8"] = func() (string, error) {
			return execute("object.tmpl", struct {
				*Object
				Tool *Tool
			}{o, t})
		}
	}
	return pages
}

// escape writes text for roff, in which it means itself wherever it stands.
// Dashes become those that can be typed.
func escape(text string) string {
	text = roffEscapes.Replace(text)
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	return text
}

var roffEscapes = strings.NewReplacer(
	`\`, `\(rs`,
	`-`, `\-`,
	`'`, `\(aq`,
	"`", `\(ga`,
	`^`, `\(ha`,
	`~`, `\(ti`,
	`"`, `\(dq`,
)

// heading is text in capitals, for roff.
func heading(text string) string { return escape(strings.ToUpper(text)) }

// sentence makes a sentence of a phrase, for roff.
func sentence(phrase string) string {
	return escapeProse(strings.ToUpper(phrase[:1])+phrase[1:]) + "."
}

// optionSyntax is all forms of o and its argument, for roff.
func optionSyntax(o Option) string {
	var forms []string
	for _, form := range []string{o.Short, o.Long} {
		if form == "" {
			continue
		}
		form = `\fB` + escape(form) + `\fR`
		if o.Arg != "" {
			form += ` \fI` + escape(o.Arg) + `\fR`
		}
		forms = append(forms, form)
	}
	return strings.Join(forms, ", ")
}

// prose writes paragraphs for roff, with a macro between them. Lines end where
// sentences do. A paragraph that starts with a tabulator is an example, whose
// lines stay as they are.
func prose(text, macro string) string {
	var paragraphs []string
	for p := range strings.SplitSeq(text, "\n\n") {
		var lines []string
		if strings.HasPrefix(p, "\t") {
			paragraphs = append(paragraphs, example(p))
			continue
		}
		for _, sentence := range sentences(strings.Join(strings.Fields(p), " ")) {
			lines = append(lines, escapeProse(sentence))
		}
		paragraphs = append(paragraphs, strings.Join(lines, "\n"))
	}
	return strings.Join(paragraphs, "\n"+macro+"\n")
}

// example writes lines for roff, without the tabulators before them.
func example(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = escape(strings.TrimPrefix(line, "\t"))
	}
	return ".EX\n" + strings.Join(lines, "\n") + "\n.EE"
}

// sentences takes a paragraph apart after periods before capitals.
func sentences(text string) []string {
	var list []string
	start := 0
	for i := 0; i+2 < len(text); i++ {
		if text[i] == '.' && text[i+1] == ' ' && text[i+2] >= 'A' && text[i+2] <= 'Z' {
			list = append(list, text[start:i+1])
			start = i + 2
		}
	}
	return append(list, text[start:])
}

// escapeProse is escape, but the hyphens within words stay hyphens, other than
// in options.
func escapeProse(text string) string {
	words := strings.Split(text, " ")
	for i, w := range words {
		if strings.Contains(w, "/") || strings.HasPrefix(strings.TrimLeft(w, `("'[{`), "-") {
			words[i] = escape(w)
			continue
		}
		words[i] = strings.ReplaceAll(escape(w), `\-`, "-")
	}
	return strings.Join(words, " ")
}

// syntax writes the notation of arguments for roff: keywords bold, what the
// user fills in slanted.
func syntax(text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		words[i] = syntaxWord(w)
	}
	return strings.Join(words, " ")
}

// syntaxWord takes the brackets and dots around a word off.
func syntaxWord(w string) string {
	core := strings.TrimLeft(w, "[{|")
	before := w[:len(w)-len(core)]
	core = strings.TrimRight(core, "]}|.")
	after := w[len(before)+len(core):]
	switch {
	case core == "":
		return escape(w)
	case core[0] >= 'A' && core[0] <= 'Z':
		core = `\fI` + escape(core) + `\fR`
	default:
		core = `\fB` + escape(core) + `\fR`
	}
	return before + core + after
}
