package cmd

import (
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/call"
)

// help writes how an object is used, or the tool if o is nil. In JSON it is
// null.
func (r *runner) help(o *call.Object) {
	if r.out.IsJSON() {
		r.out.Null()
		return
	}
	if o == nil {
		r.talk.Text(toolHelp(r.Program, r.objects))
	} else {
		r.talk.Text(objectHelp(r.Program, o))
	}
}

// toolHelp is the help for the tool.
func toolHelp(program string, objects []call.Object) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage: %s [OPTIONS] OBJECT { COMMAND | help }\n", program)
	var built, planned []string
	for i := range objects {
		switch o := &objects[i]; {
		case o.Run != nil:
			fmt.Fprintf(&b, "       %s\n", strings.TrimSpace(program+" "+o.Name+" "+o.Args))
		case o.Name == call.Help:
		case isBuilt(o):
			built = append(built, o.Name)
		default:
			planned = append(planned, o.Name)
		}
	}
	fmt.Fprintf(&b, "\n       OBJECT := { %s }\n", strings.Join(built, " | "))
	b.WriteString(optionsHelp("jpdVh"))
	b.WriteString(plannedHelp(planned))
	return b.String()
}

// objectHelp is the help for one object.
func objectHelp(program string, o *call.Object) string {
	var b strings.Builder
	indent := "Usage:"
	for _, line := range synopsis(o) {
		fmt.Fprintf(&b, "%s %s %s %s\n", indent, program, o.Name, line)
		indent = "      "
	}
	b.WriteByte('\n')
	for _, t := range o.Terms {
		fmt.Fprintf(&b, "       %s := %s\n", t.Name, t.Syntax)
	}
	b.WriteString(optionsHelp(commonOptions + o.Options))
	b.WriteString(plannedHelp(plannedVerbs(o)))
	return b.String()
}

// commonOptions are the short options that mean something to every object.
const commonOptions = "jpd"

// plannedVerbs are the verbs of o that keep a place and do not work yet.
func plannedVerbs(o *call.Object) []string {
	var words []string
	for i := range o.Verbs {
		if v := &o.Verbs[i]; !works(o, v) {
			words = append(words, v.Name)
		}
	}
	return words
}

// synopsis is a line for each verb of o that works, without the words before
// the verb. Verbs that are the same share a line; "help" comes last.
func synopsis(o *call.Object) []string {
	var lines []string
	for _, v := range distinctVerbs(o) {
		lines = append(lines, usage(o, v))
	}
	return append(lines, call.Help)
}

// distinctVerbs are the verbs of o that work, without second names and "help".
func distinctVerbs(o *call.Object) []*call.Verb {
	var list []*call.Verb
	for i := range o.Verbs {
		if v := &o.Verbs[i]; works(o, v) && v.Like == "" && v.Name != call.Help {
			list = append(list, v)
		}
	}
	return list
}

// usage is how a verb of o is used: its names, and its arguments.
func usage(o *call.Object, v *call.Verb) string {
	word := strings.Join(spellings(o, v), " | ")
	if strings.Contains(word, "|") {
		word = "{ " + word + " }"
	}
	return strings.TrimSpace(word + " " + v.Args)
}

// spellings are the names of a verb: its own first.
func spellings(o *call.Object, v *call.Verb) []string {
	list := []string{v.Name}
	for i := range o.Verbs {
		if o.Verbs[i].Like == v.Name {
			list = append(list, o.Verbs[i].Name)
		}
	}
	return list
}

// works reports whether a verb of o does something.
func works(o *call.Object, v *call.Verb) bool {
	return v.Name == call.Help || resolve(o, v).Run != nil
}

// isBuilt reports whether any verb of o does something besides help.
func isBuilt(o *call.Object) bool {
	for i := range o.Verbs {
		if o.Verbs[i].Name != call.Help && works(o, &o.Verbs[i]) {
			return true
		}
	}
	return false
}

// optionsHelp lists options by their letters.
func optionsHelp(letters string) string {
	list := []string{"{-j|--json} [{-p|--pretty}]"}
	for _, c := range []byte(letters) {
		if o := byShort(c); c != 'j' && c != 'p' {
			list = append(list, optionSyntax(o))
		}
	}
	return fmt.Sprintf("       OPTIONS := { %s }\n", strings.Join(list, " | "))
}

func optionSyntax(o *option) string {
	text := "-" + string(o.short)
	if o.long != "" {
		text = "{" + text + "|--" + o.long + "}"
	}
	if o.arg != "" {
		text += " " + o.arg
	}
	return text
}

func plannedHelp(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return fmt.Sprintf("\n       Not built yet: %s\n", strings.Join(words, ", "))
}
