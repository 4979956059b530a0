package feature

import (
	"bufio"
	"fmt"
	"slices"
	"strings"
)

// Macros writes the features as a header for C. prefix goes before the names of macros.
func (f *Features) Macros(w *bufio.Writer, prefix string) {
	if f.System != nil {
		w.WriteString("/*** Misc kernel config items ***/\n")
		f.System.macros(w, prefix)
		w.WriteString("\n")
	}
	f.Syscall.macros(w, prefix, "/*** System call availability ***/")
	if f.Progs == nil {
		return
	}
	f.Progs.macros(w, prefix, "/*** eBPF program types ***/")
	f.Maps.macros(w, prefix, "/*** eBPF map types ***/")
	w.WriteString("/*** eBPF helper functions ***/\n")
	w.WriteString(strings.ReplaceAll(helperMacro, "PREFIX", prefix))
	for _, c := range f.Helpers {
		for _, name := range c.tried {
			able := 0
			if slices.Contains(c.able, name) {
				able = 1
			}
			fmt.Fprintf(w, "#define %sBPF__PROG_TYPE_%s__HELPER_%s %d\n", prefix, c.typ, name, able)
		}
	}
	w.WriteString("\n")
	f.Misc.macros(w, prefix, "/*** eBPF misc features ***/")
}

// macros writes a section.
func (list haves) macros(w *bufio.Writer, prefix, title string) {
	fmt.Fprintln(w, title)
	for _, h := range list {
		no := "NO_"
		if h.able {
			no = ""
		}
		fmt.Fprintf(w, "#define %s%sHAVE_%s\n", prefix, no, strings.ToUpper(h.name))
	}
	w.WriteString("\n")
}

// helperMacro is the macro by which programs ask for a helper, and how to use it.
const helperMacro = `/*
 * Use PREFIXHAVE_PROG_TYPE_HELPER(prog_type_name, helper_name)
 * to determine if <helper_name> is available for <prog_type_name>,
 * e.g.
 *	#if PREFIXHAVE_PROG_TYPE_HELPER(xdp, bpf_redirect)
 *		// do stuff with this helper
 *	#elif
 *		// use a workaround
 *	#endif
 */
#define PREFIXHAVE_PROG_TYPE_HELPER(prog_type, helper)	\
	PREFIXBPF__PROG_TYPE_ ## prog_type ## __HELPER_ ## helper
`
