// Package opinion has what libbpf and cilium/ebpf say of CO-RE relocations, in words that can be
// compared with those of package core. Only tests and tools import it.
package opinion

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// A Reloc is what has become of a CO-RE relocation, in words that are the same for libbpf
// and for the tool.
type Reloc struct {
	Place string // function and number of the instruction in it
	Text  string
}

// Lines of libbpf's log.
var (
	relocHead    = regexp.MustCompile(`^prog '(.*?)': relo #(\d+): (?:parsing|target candidate search failed for|(<\w+> \[.*))`)
	relocMatch   = regexp.MustCompile(`^prog '.*?': relo #\d+: matching candidate #\d+ (.*)`)
	relocPatched = regexp.MustCompile(`^prog '.*?': relo #\d+: patched insn #(\d+) \(.*?\) (imm|off|imm64|mem_sz) (\d+) -> (\d+)`)
	relocPoison  = regexp.MustCompile(`^prog '.*?': relo #\d+: substituting insn #(\d+) w/ invalid insn`)
	relocUnclear = regexp.MustCompile(`^prog '.*?': relo #\d+: (field offset|relocation decision) ambiguity`)
	relocFailed  = regexp.MustCompile(`^prog '.*?': relo #\d+: failed to (relocate|patch)`)
	relocSpec    = regexp.MustCompile(`^<(\w+)> \[(\d+)\] \w+ (.*?)(?: = -?\d+)?(?: \([\d:]+ @ offset (\d+)(?:\.(\d))?\))?$`)
	// How libbpf says that something is wrong.
	relocComplaint = regexp.MustCompile(`: (can't|failed|missing|not found|unrecognized|unsupported|invalid|unexpected)|^(failed|Error)|not found|not resolved|not supported`)
	relocOver      = regexp.MustCompile(`^(map '.*': created|prog '.*': (added|BPF program load failed|-- BEGIN PROG|pinned)|failed to perform CO-RE)`)
)

// unnamed is the kind of relocations of which the number of the type says all: it often has no
// name.
const unnamed = "local_type_id"

// A RelocLog is what libbpf says of the relocations of an object.
type RelocLog struct {
	Relocs []Reloc
	Ended  bool   // early, at one that makes it refuse the object
	Over   bool   // it came to what follows the relocations
	Last   string // the last complaint
}

// ReadRelocs reads libbpf's log up to where it is done with relocations, which are those of
// the functions of an object.
func ReadRelocs(log io.Reader) (*RelocLog, error) {
	r := relocReader{log: &RelocLog{}}
	s := bufio.NewScanner(log)
	s.Buffer(nil, 1<<20)
	for s.Scan() && !r.log.Over {
		line, ok := strings.CutPrefix(s.Text(), "libbpf: ")
		if !ok {
			continue
		}
		if relocComplaint.MatchString(line) && !strings.HasSuffix(line, "skipping optional step...") {
			r.log.Last = line
		}
		r.read(line)
	}
	r.finish()
	return r.log, s.Err()
}

// A relocReader puts what several lines say of one relocation together.
type relocReader struct {
	log     *RelocLog
	within  bool
	name    string
	head    string
	match   string
	insn    string
	verdict string
}

func (r *relocReader) read(line string) {
	if m := relocHead.FindStringSubmatch(line); m != nil {
		r.finish()
		*r = relocReader{log: r.log, within: true, name: m[1], head: plainSpec(m[3], false)}
	} else if m := relocMatch.FindStringSubmatch(line); m != nil && r.match == "" {
		r.match = plainSpec(m[1], true)
	} else if m := relocPatched.FindStringSubmatch(line); m != nil {
		r.insn = m[1]
		if m[2] == "mem_sz" {
			r.verdict += ", size"
		}
		r.verdict += " " + m[3] + " -> " + m[4]
	} else if m := relocPoison.FindStringSubmatch(line); m != nil {
		r.poison(m[1])
	} else if relocUnclear.MatchString(line) {
		r.verdict, r.log.Ended = " ambiguous", true
	} else if relocFailed.MatchString(line) && r.verdict == "" {
		r.verdict, r.log.Ended = " refused", true
	} else if relocOver.MatchString(line) {
		r.log.Over = true
	}
}

// poison notes that an instruction must not be run; of two slots, the first one.
func (r *relocReader) poison(insn string) {
	if r.verdict == "" {
		r.insn, r.verdict = insn, " poisoned"
	}
}

// finish ends a relocation.
func (r *relocReader) finish() {
	if !r.within || r.verdict == "" {
		return
	}
	r.within = false
	text := r.head + " =>" + r.verdict
	if r.match != "" && !r.log.Ended {
		text = r.head + " => " + r.match + " =>" + r.verdict
	}
	r.log.Relocs = append(r.log.Relocs, Reloc{r.name + "+" + r.insn, text})
}

// plainSpec spells what libbpf says of an access, with its offset in bits if it is that on a
// kernel.
func plainSpec(text string, offset bool) string {
	m := relocSpec.FindStringSubmatch(text)
	if m == nil {
		return text
	}
	if m[1] == unnamed {
		return fmt.Sprintf("%s [%s]", unnamed, m[2])
	}
	if !offset {
		return fmt.Sprintf("%s [%s] %s", m[1], m[2], m[3])
	}
	if m[4] == "" {
		m[4] = "0"
	}
	if m[5] == "" {
		m[5] = "0"
	}
	return fmt.Sprintf("[%s] %s @ %s.%s", m[2], m[3], m[4], m[5])
}

// Relocs are those of the functions of an object on a kernel, as the tool has them, by place.
func Relocs(o *elfobj.Object, kernel *core.Target) map[string][]string {
	found := make(map[string][]string)
	for _, list := range [][]*elfobj.Func{o.Programs, o.Funcs} {
		for _, f := range list {
			if !f.Autoload() {
				continue
			}
			for _, r := range core.Evaluate(o, f, kernel) {
				if r.Func != f {
					break // functions that it calls come on their own
				}
				at := fmt.Sprintf("%s+%d", f.Name, r.Insn)
				found[at] = append(found[at], relocText(r))
			}
		}
	}
	return found
}

// relocText says what has become of a relocation.
func relocText(r core.Result) string {
	text := fmt.Sprintf("%v [%d] %s => ", r.Kind, r.Local, bare(r.Field))
	if r.Kind.String() == unnamed {
		text = fmt.Sprintf("%s [%d] => ", unnamed, r.Local)
	}
	if r.Target != "" && !r.Outcome.IsFatal() {
		text += fmt.Sprintf("[%d] %s @ %d.%d => ", r.TargetID, bare(r.Target), r.BitOffset/8, r.BitOffset%8)
	}
	switch r.Outcome {
	case core.Poisoned, core.Guarded:
		return text + "poisoned"
	case core.Ambiguous:
		return text + "ambiguous"
	case core.Refused:
		return text + "refused"
	}
	text += fmt.Sprintf("%d -> %d", r.Old, r.New)
	if r.Adapted {
		text += fmt.Sprintf(", size %d -> %d", r.OldSize, r.NewSize)
	}
	return text
}

// bare leaves the word for the kind of a type out.
func bare(text string) string {
	for _, word := range []string{"struct ", "union ", "enum "} {
		if rest, ok := strings.CutPrefix(text, word); ok {
			return rest
		}
	}
	return text
}

// CompareRelocs returns what is different between libbpf and the tool, a line for each
// relocation, and how many are the same.
func CompareRelocs(log *RelocLog, ours map[string][]string) (same int, differ []string) {
	for _, r := range log.Relocs {
		at := r.Place
		if strings.HasSuffix(at, "+") { // a failure that does not tell the instruction
			same++
			if !failsSomewhere(ours, at, r.Text) {
				same--
				differ = append(differ, r.Place+": "+r.Text+"\n\tours has none such")
			}
			continue
		}
		got := "nothing"
		if len(ours[at]) > 0 {
			got, ours[at] = ours[at][0], ours[at][1:]
		}
		if got == r.Text {
			same++
		} else {
			differ = append(differ, fmt.Sprintf("%s: %s\n\tours: %s", at, r.Text, got))
		}
	}
	if log.Over && !log.Ended {
		for at, list := range ours {
			for _, text := range list {
				differ = append(differ, at+": nothing\n\tours: "+text)
			}
		}
	}
	return same, differ
}

// failsSomewhere reports whether a function has a relocation that fails.
func failsSomewhere(ours map[string][]string, prefix, text string) bool {
	for at, list := range ours {
		for _, got := range list {
			if strings.HasPrefix(at, prefix) && (got == text || text == " => refused" && strings.HasSuffix(got, "refused")) {
				return true
			}
		}
	}
	return false
}
