// Package webpage writes what all pages for browsers have in common.
package webpage

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/render"
)

// Begin writes the start of a page that needs nothing that is not in it, and says so: the
// browser is not to ask for anything. script says whether there is one.
func Begin(w *bufio.Writer, title, style string, script bool) {
	policy := "default-src 'none'; style-src 'unsafe-inline'"
	if script {
		policy += "; script-src 'unsafe-inline'"
	}
	fmt.Fprintf(w, `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="%s">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>%s</title>
<style>
%s</style>
</head>
<body>
`, policy, Escape(title), style)
}

// End writes the end of a page, with its script, or "".
func End(w *bufio.Writer, script string) {
	if script != "" {
		fmt.Fprintf(w, "<script>\n%s</script>\n", script)
	}
	fmt.Fprint(w, "</body>\n</html>\n")
}

// Escape returns text as it is written in HTML and in the values of its attributes.
// Nothing in it that comes from a stranger can end what it stands in.
func Escape(text string) string { return markup.Replace(render.Printable(text)) }

var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")
