package x86

import "strings"

// tolerated are the differences to objdump that are not mistakes.
var tolerated = []struct {
	reason string
	ok     func(code []byte, mnemonic string, n int, want spelt) bool
}{
	{"objdump knows no such instruction, so there is nothing to compare with",
		func(_ []byte, _ string, _ int, want spelt) bool { return strings.Contains(want.text, "(bad)") }},
	{"we have no name, but the length: no JIT compiler makes these",
		func(_ []byte, m string, n int, want spelt) bool { return m == ".byte" && n == want.len }},
	{"no instruction by the manual, and neither for LLVM",
		func(_ []byte, m string, _ int, want spelt) bool {
			return m == ".byte" && hasAny(want.mnemonic, "shl", "test", "fneni", "fndisi", "fnsetpm", "frstpm", "movw", "movl", "movq")
		}},
	{"only of processors of AMD or VIA before 2012, or of security monitors",
		func(_ []byte, m string, _ int, want spelt) bool {
			return m == ".byte" && hasAny(want.mnemonic, "femms", "getsec", "extrq", "insertq", "montmul", "xsha", "xcrypt", "xstore")
		}},
	{"objdump leaves a size out that it could write, or the reverse",
		func(_ []byte, m string, n int, want spelt) bool {
			return n == want.len && (shorter(m, want.mnemonic) || shorter(want.mnemonic, m))
		}},
	{"a spelling of LLVM",
		func(_ []byte, m string, n int, want spelt) bool {
			return n == want.len && lastWord(want.mnemonic) == spellings[lastWord(m)]
		}},
	{"as LLVM, we do not write repetition before opcodes with 0F, where it means nothing",
		func(code []byte, m string, n int, want spelt) bool {
			w, ok := strings.CutPrefix(strings.TrimPrefix(want.mnemonic, "repne "), "rep ")
			return code[1] == 0x0f && n == want.len && (w == m || shorter(w, m) || shorter(m, w)) && (ok || w != want.mnemonic)
		}},
	{"objdump names the prefixes of extensions that processors have no more: MPX and TSX",
		func(_ []byte, _ string, n int, want spelt) bool {
			return n == want.len && hasAny(want.mnemonic, "bnd ", "xacquire ", "xrelease ")
		}},
	{"processors of Intel, and Linux, take no notice of 66 before near branches",
		func(code []byte, m string, n int, want spelt) bool {
			return code[0] == 0x66 && n == want.len+2 && strings.TrimRight(m, "qw") == strings.TrimRight(want.mnemonic, "qw")
		}},
	{"what processors without an extension take for a no-operation",
		func(_ []byte, m string, n int, want spelt) bool {
			return n == want.len && strings.HasPrefix(lastWord(m), "nop") && hasAny(want.mnemonic, "bnd", "cldemote")
		}},
	{"we write predicates as numbers",
		func(_ []byte, m string, n int, want spelt) bool {
			return n == want.len && hasAny(m, "cmpp", "cmps", "vpcmp", "pclmulqdq")
		}},
	{"objdump 2.40 puts the size of some before the name",
		func(_ []byte, m string, n int, want spelt) bool {
			return n == want.len && hasAny(want.text, "l"+m, "q"+m)
		}},
	{"too new for objdump 2.40",
		func(_ []byte, m string, n int, want spelt) bool { return n == want.len && m == "vmpsadbw" }},
	{"objdump joins fwait with what follows, or does not join it with what precedes",
		func(_ []byte, m string, _ int, _ spelt) bool { return strings.HasSuffix(m, "fwait") }},
}

// spellings has what objdump calls the instructions that LLVM calls otherwise.
var spellings = map[string]string{
	"movslq":  "movsxd",
	"nop":     "xchgw",
	"xlatb":   "xlat",
	"fcompi":  "fcomip",
	"fucompi": "fucomip",
	"lcallq":  "lcalll",
	"ljmpq":   "ljmpl",
	"movntil": "movntiw",
}

// shorter reports whether short is long without its last letter, which is a size.
func shorter(short, long string) bool {
	rest, ok := strings.CutPrefix(long, short)
	return ok && len(rest) == 1 && strings.Contains("bwlqsdxy", rest)
}

func lastWord(s string) string { return s[strings.LastIndex(s, " ")+1:] }

func hasAny(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}
