package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// A cause is a class of reasons to refuse an object: how the reference says it, and how the tool does. What they
// say about - a program, a map, a section - is the first group, and the error of the system call the second.
type cause struct {
	class  string
	theirs *regexp.Regexp
	ours   *regexp.Regexp
}

// causes come in the order in which libbpf's words are to be looked for: what it says on the way to a reason
// comes after the reason. The verifier's words, and relocations, are not among them.
var causes = []cause{
	{"byte order", regexp.MustCompile(`loading non-native endianness is unsupported`), regexp.MustCompile(`is for machines of the other byte order`)},
	{"legacy maps", regexp.MustCompile(`legacy map definitions in`), regexp.MustCompile(`as before libbpf 1\.0`)},
	{"section of no kind", regexp.MustCompile(`failed to guess program type from ELF section '([^']*)'`), regexp.MustCompile(`the section '([^']*)' does not say what it is`)},
	{"static program", regexp.MustCompile(`program '([^']*)' is static and not supported`), regexp.MustCompile(`(?:program|function) (\S+): it is static`)},
	{"static map", regexp.MustCompile(`map '([^']*)': unsupported map linkage static`), regexp.MustCompile(`map (\S+): it is static`)},
	{"field of a map", regexp.MustCompile(`map '([^']*)': unknown field`), regexp.MustCompile(`map (\S+): field "[^"]*": unknown`)},
	{"map without a type", regexp.MustCompile(`map '([^']*)': map type isn't specified`), regexp.MustCompile(`map (\S+): its definition does not say its type`)},
	{"how a map is pinned", regexp.MustCompile(`map '([^']*)': invalid pinning value`), regexp.MustCompile(`map (\S+): pinning is \d`)},
	{"setting of the kernel", regexp.MustCompile(`extern '(CONFIG_[^']*)' \(strong\): not resolved`), regexp.MustCompile(`extern (CONFIG_[^\s:]+): the kernel is not configured with it`)},
	{"setting that does not fit", regexp.MustCompile(`extern \(kcfg\) '([^']*)': value '[^']*' doesn't fit`), regexp.MustCompile(`extern ([^\s:]+): it is \S+, which does not fit`)},
	{"symbol of the kernel", regexp.MustCompile(`extern '([^']*)' \(strong\): not resolved`), regexp.MustCompile(`extern ([^\s:]+): the kernel has no symbol of that name`)},
	{"kernel function", regexp.MustCompile(`extern \((?:func|var) ksym\) '([^']*)': not found in kernel or module BTFs`), regexp.MustCompile(`(?:kfunc|ksym|variable) ([^\s:]+): (?:This kernel has no|Neither this kernel)`)},
	{"extern without types", regexp.MustCompile(`failed to find BTF for extern '([^']*)'`), regexp.MustCompile(`extern ([^\s:]+): The object does not tell what`)},
	{"function of another program", regexp.MustCompile(`prog '([^']*)': attach program FD is not set`), regexp.MustCompile(`program ([^\s:]+): its section '[^']*' is for a function of another program`)},
	{"no target named", regexp.MustCompile(`prog '([^']*)': no BTF-based attach target is specified`), regexp.MustCompile(`program ([^\s:]+): its section '[^']*' does not name what it is for`)},
	{"no such target", regexp.MustCompile(`prog '([^']*)': failed to find kernel BTF type ID of`), regexp.MustCompile(`program ([^\s:]+): attach_target`)},
	{"declared otherwise", regexp.MustCompile(`extern \(func ksym\) '([^']*)': func_proto \[\d+\] incompatible`), regexp.MustCompile(`kfunc ([^\s:]+): The object declares the function`)},
	{"struct of functions", regexp.MustCompile(`struct (?:bpf_struct_ops_)?(\S+) is not found in kernel BTF`), regexp.MustCompile(`struct_ops ([^\s:]+): (?:This kernel has no|Neither this kernel)`)},
	{"member of a struct of functions", regexp.MustCompile(`struct_ops init_kern (\S+): Cannot find member`), regexp.MustCompile(`map (\S+): struct \S+: member \S+: the kernel has none`)},
	{"function of no struct", regexp.MustCompile(`prog '([^']*)': SEC\("struct_ops"\) program isn't referenced`), regexp.MustCompile(`program (\S+): no struct in the section`)},
	{"table of jumps", regexp.MustCompile(`prog '([^']*)': relo #\d+: can't create jump table`), regexp.MustCompile(`program ([^\s:]+): instruction \d+: the table that it jumps by`)},
	{"data of no arena", regexp.MustCompile(`prog '([^']*)': bad arena data relocation`), regexp.MustCompile(`function ([^\s:]+): instruction \d+: symbol \.addr_space\.1: nothing`)},
	{"map", regexp.MustCompile(`map '([^']*)': failed to create: -(\w+)`), regexp.MustCompile(`map ([^\s:]+): ([A-Z][\w ]+)`)},
	{"program", regexp.MustCompile(`prog '([^']*)': BPF program load failed: -(\w+)`), regexp.MustCompile(`program ([^\s:]+): the (?:kernel|verifier) refuses it: ([A-Z][\w ]+)`)},
}

// A found cause is one of a refusal.
type found struct{ class, subject, errno string }

// find returns the first cause of which a text tells.
func find(text string, of func(cause) *regexp.Regexp) (found, bool) {
	for _, c := range causes {
		m := of(c).FindStringSubmatch(text)
		if m == nil {
			continue
		}
		m = append(m, "", "")
		return found{c.class, m[1], errorName(m[2])}, true
	}
	return found{}, false
}

// errorName returns the name of an error that is given by its name, or its words.
func errorName(text string) string {
	for e := unix.Errno(1); e < 134; e++ {
		if strings.EqualFold(e.Error(), strings.TrimSpace(text)) {
			return unix.ErrnoName(e)
		}
	}
	return text
}

// compareRefused tells whether two refusals have the same cause.
func (o *loadObject) compareRefused() {
	theirs, ours := o.theirs.text, o.ours.text
	words := verifierWords(theirs)
	a, ok := find(theirs, func(c cause) *regexp.Regexp { return c.theirs })
	b, too := find(ours, func(c cause) *regexp.Regexp { return c.ours })
	if words != "" && says(ours, words) || words == "" && ok && too && a == b {
		o.verdict, o.cause = refusedSame, strings.TrimSpace(a.class+" "+a.errno)
		if words != "" {
			o.cause = "the verifier's word, or a relocation"
		}
		return
	}
	o.verdict = refusedUnlike
	o.why = []string{fmt.Sprintf("the reference: %s; here: %s", cmp.Or(words, a.String(), gist(theirs)), gist(ours))}
	for _, s := range severalCauses {
		if s.theirs.MatchString(theirs) && s.ours.MatchString(ours) {
			o.explain(s.why)
			return
		}
	}
}

// severalCauses are of objects that have more than one cause to be refused, of which both sides name another.
var severalCauses = []struct {
	theirs, ours *regexp.Regexp
	why          string
}{
	{regexp.MustCompile(`.`), regexp.MustCompile(`is for machines of the other byte order`),
		"of the other byte order, and with another flaw: the reference looks at sections, maps and symbols first, the tool at the byte order"},
	{regexp.MustCompile(`is static and not supported`), regexp.MustCompile(`as before libbpf 1\.0|map \S+: it is static`),
		"a static program and a legacy or static map: the reference looks at programs first, the tool at maps"},
	{regexp.MustCompile(`BPF program load failed|\(strong\): not resolved|failed to resolve CO-RE`), regexp.MustCompile(`attach_target .*: (?:This kernel has no|Neither this kernel)`),
		"a program is refused, and another one's target is not there: the tool looks for all targets before it asks the kernel for anything"},
	{regexp.MustCompile(`failed to find BTF for extern|unrecognized extern section`), regexp.MustCompile(`The object does not tell what|: (?:This kernel has no|Neither this kernel)|symbol \.addr_space\.1: nothing`),
		"pieces of programs, which lack several symbols: another one is named"},
	{regexp.MustCompile(`is not pointing to valid bpf_map`), regexp.MustCompile(`no direct value access support for this map type`),
		"variables that each processor has of its own, where the kernel knows none: the reference does not make their map"},
}

func (f found) String() string {
	return strings.Join(strings.Fields(f.class+" "+f.subject+" "+f.errno), " ")
}

// What libbpf puts around the verifier's words, and what in them are no reasons.
var (
	programLog = regexp.MustCompile(`(?s)-- BEGIN PROG LOAD LOG --\n(.*?)-- END PROG LOAD LOG --`)
	idleLine   = regexp.MustCompile(`^(\s*$|;|\d+: |processed \d+ insns|verification time|stack depth|mark_precise|from \d+ to|func#\d|arg#\d|R\d=|(?:old|cur) state|parent |last_idx|regs=|propagating)`)
)

// verifierWords returns the verifier's last word that is about no instruction, or "".
func verifierWords(theirs string) string {
	m := programLog.FindStringSubmatch(theirs)
	if m == nil {
		return ""
	}
	for _, line := range slices.Backward(strings.Split(m[1], "\n")) {
		if !idleLine.MatchString(line) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// unresolved is what libbpf puts into the verifier's log for a relocation that fails.
var unresolved = regexp.MustCompile(`^failed to resolve CO-RE relocation <(\w+)> \[\d+\] (\w+ )?([^ ]+)`)

// unguarded is what libbpf puts there for a call of a function that is not there.
var unguarded = regexp.MustCompile(`^kfunc '([^']*)' is referenced but wasn't resolved`)

// says tells whether the tool gives words of the verifier for its reason.
func says(ours, words string) bool {
	if m := unguarded.FindStringSubmatch(words); m != nil {
		return strings.Contains(ours, "the function "+m[1]+", which this kernel does not have")
	}
	if m := unresolved.FindStringSubmatch(words); m != nil {
		return strings.Contains(ours, m[1]+" "+m[3]) || strings.Contains(ours, m[1]+" enum "+m[3])
	}
	// From Linux 7.3 on the last word may be advice, of which the tool makes a hint.
	advice := "hint: " + strings.ToLower(words[:1]) + strings.TrimSuffix(words[1:], ".")
	return strings.Contains(ours, words) || strings.Contains(ours, advice)
}

// gist returns the first line of an error that says something of its own.
func gist(text string) string {
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(line), "libbpf: "), "Error: ")
		line = strings.TrimPrefix(line, "failed to load object file: ")
		if line != "" {
			return fmt.Sprintf("%.300s", line)
		}
	}
	return "nothing"
}

// An onlyReason says why only one of both refuses an object.
type onlyReason struct {
	says *regexp.Regexp
	why  string
}

var theirsAlone = []onlyReason{
	{regexp.MustCompile(`can't pin program that wasn't loaded`), "optional programs, which are not loaded: the reference fails at pinning them"},
	{regexp.MustCompile(`unsupported map linkage static`), "a hidden map: the reference takes it for static"},
	{regexp.MustCompile(`is static and not supported`), "a static function in a section of programs: the reference takes it for a program"},
	{regexp.MustCompile(`map '[^']*': failed to create: -EINVAL`), "an array of perf events without sizes: the reference does not know them, the kernel refuses it"},
	{regexp.MustCompile(`already has pin path|couldn't pin map|failed to pin`), "maps that say where they are to be pinned: the reference fails at pinning them elsewhere, too"},
}

var oursAlone = []onlyReason{
	{regexp.MustCompile(`neither programs, functions nor maps`), "nothing is in the object: the reference succeeds at nothing"},
}

// alone explains why one side refuses what the other loads.
func (o *loadObject) alone(reasons []onlyReason, s *side) {
	o.why = []string{gist(s.text)}
	for _, r := range reasons {
		if r.says.MatchString(s.text) {
			o.explain(r.why)
			return
		}
	}
}
