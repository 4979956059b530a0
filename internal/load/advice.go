package load

import "regexp"

// advices are what may be done about what the verifier says, by its words. From Linux 7.3 on it
// says so itself.
var advices = []struct {
	words string // a regular expression
	hint  string
}{
	{`invalid mem access '[a-z_]*_or_null'`, "a lookup or reservation may fail: compare its result with NULL right after the call"},
	{`invalid mem access '(scalar|inv)'`, "a number is used as a pointer: read kernel memory with bpf_probe_read_kernel or BPF_CORE_READ"},
	{`R\d+ !read_ok`, "the register is not set on every way to this instruction: initialise the variable, or return a value"},
	{`offset is outside of the packet|invalid access to packet`, "compare the pointer with data_end before the access, again after every helper that may change the packet"},
	{`unbounded memory access|min value is negative|unbounded min value`, "nothing bounds the value: use an unsigned variable and compare it with the size before the access"},
	{`makes map_value pointer be out of bounds|outside of the (allowed memory range|map value)|invalid access to map value`, "the access may end beyond the value: offset and length together must not exceed its size; an index should be unsigned"},
	{`invalid zero-sized read`, "the length may be 0: return before the call if it is"},
	{`reference leak|Unreleased reference`, "what was reserved or acquired must be submitted, discarded or released on every way out"},
	{`invalid bpf_context access`, "programs of this type cannot access these bytes of their context: use the fields of its struct as they are declared"},
	{`dereference of modified ctx ptr`, "the compiler has changed the pointer to the context: read the field into a variable first"},
	{`cannot use helper|unknown func bpf_`, "the helper is not for programs of this type on this kernel: see which are with \"object requires\" and \"feature probe\""},
	{`GPL-restricted`, "the helper is for programs with a license compatible with the GPL: char LICENSE[] SEC(\"license\") = \"GPL\""},
	{`At program exit the register R0|has value .* should have been in`, "programs of this type may return only the values that are named"},
	{`cannot pass map_type`, "the helper is for maps of another type"},
	{`infinite loop detected|back-edge from insn`, "the verifier sees no progress in the loop: give it a constant bound, or use bpf_loop or bpf_for"},
	{`program is too large|jumps is too complex`, "the program has too many ways through it: move parts to functions that are not inlined and not static, or use bpf_loop"},
	{`combined stack size|stack limit|stack depth`, "a program and what it calls have 512 bytes of stack together: put large variables into a per-CPU array"},
	{`pointer arithmetic|operator .* on pointer`, "the compiler calculates with a pointer in a way that is not allowed: keep to adding and subtracting"},
	{`invalid (indirect )?(read from|access to|variable-offset).* stack|invalid read from stack`, "not all bytes on the stack are set: initialise the variable with = {}, and its padding with it"},
	{`might sleep in a non-sleepable|only.* sleepable`, "the function may sleep, the program may not: its section must end with .s"},
	{`calling kernel function .* is not allowed`, "the kfunc is not for programs of this type"},
	{`failed to find the address for kernel symbol`, "per-CPU and static variables have no address here: see /proc/kallsyms"},
}

// advice returns what may be done about a reason, or "".
func advice(reason string) string {
	for _, a := range advices {
		if regexp.MustCompile(a.words).MatchString(reason) {
			return a.hint
		}
	}
	return ""
}
