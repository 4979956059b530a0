// Package link answers "gobpftool link". The packages below it answer for the
// other ways in which programs are tied to the kernel.
package link

import (
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// Commands is the object "link".
var Commands = call.Object{
	Name:  "link",
	Short: "links, the attachments of programs to the kernel",
	Verbs: []call.Verb{
		{Name: "show", Args: "[LINK]", Short: "Show links", Long: showLong, Run: show},
		{Name: "list", Like: "show"},
		{Name: call.Help},
		{Name: "pin", Args: "LINK FILE", Short: "Pin a link", Long: pinLong, Run: pin},
		{Name: "detach", Args: "LINK", Short: "Detach a link from its target", Long: detachLong, Run: detach},
	},
	Terms:   []call.Term{pick.LinkTerm},
	Options: "fn",
}

const showLong = `Shows all links, or the one that the selector names: its program, and what the program is attached to. ` +
	`What is known of the target depends on the type of the link and on the kernel.

With --bpffs the paths are shown at which links are pinned. ` +
	`Processes that hold a descriptor of a link are listed under "pids".`

const pinLong = `Pins a link at a path, so that its program stays attached when the process that made it ends. ` +
	`A BPF file system is mounted on its directory if it is not in one, unless --nomount forbids it.`

const detachLong = `Detaches the program of a link from its target at once. The link stays as long as something holds it, but does nothing any more. ` +
	`Links of some types, such as those of tracing, cannot be detached: they end with the last descriptor and pin.`
