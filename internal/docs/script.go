package docs

import (
	"embed"
	"fmt"
	"strings"
	"text/template"
)

//go:embed templates
var templates embed.FS

// Shells are those for which there are scripts.
func Shells() []string { return []string{"bash", "zsh", "fish"} }

// Script returns the script with which a shell completes the words of t.
func Script(t *Tool, shell string) (string, error) {
	return execute(shell+".tmpl", t)
}

func execute(name string, data any) (string, error) {
	tmpl, err := template.New(name).Funcs(functions()).ParseFS(templates, "templates/"+name)
	if err != nil {
		return "", fmt.Errorf("template: %w", err)
	}
	var b strings.Builder
	if err := tmpl.Execute(&b, data); err != nil {
		return "", fmt.Errorf("template: %w", err)
	}
	return b.String(), nil
}

// functions are what templates may call.
func functions() template.FuncMap {
	return template.FuncMap{
		"flags": flags, "quote": quote, "fish": quoteFish, "join": strings.Join,
		"escape": escape, "escapeProse": escapeProse, "heading": heading,
		"prose": prose, "sentence": sentence, "syntax": syntax, "option": optionSyntax,
	}
}

// flags are all forms of the options without an argument.
func flags(list []Option) []string {
	var forms []string
	for _, o := range list {
		for _, form := range []string{o.Short, o.Long} {
			if form != "" && o.Arg == "" {
				forms = append(forms, form)
			}
		}
	}
	return forms
}

// quote makes text one word of a POSIX shell.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// quoteFish makes text one word of fish.
func quoteFish(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}
