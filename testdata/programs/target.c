/*
 * What probes of user space are put into: a function, and a probe of its own with the argument 1.
 * It runs without a library, calls the function three times, and ends.
 */
__attribute__((noinline)) int target(int n)
{
	__asm__ volatile("990:	nop\n"
			 ".pushsection .note.stapsdt, \"\", \"note\"\n"
			 "	.balign 4\n"
			 "	.4byte 992f-991f, 994f-993f, 3\n"
			 "991:	.asciz \"stapsdt\"\n"
			 "992:	.balign 4\n"
			 "993:	.8byte 990b, _.stapsdt.base, 0\n"
			 "	.asciz \"gobpftool\"\n"
			 "	.asciz \"probe\"\n"
			 "	.asciz \"-4@$1\"\n"
			 "994:	.balign 4\n"
			 ".popsection\n"
			 ".ifndef _.stapsdt.base\n"
			 ".pushsection .stapsdt.base, \"aG\", \"progbits\", .stapsdt.base, comdat\n"
			 ".weak _.stapsdt.base\n"
			 ".hidden _.stapsdt.base\n"
			 "_.stapsdt.base: .space 1\n"
			 ".size _.stapsdt.base, 1\n"
			 ".popsection\n"
			 ".endif\n");
	return n + 1;
}

void _start(void)
{
	int n = 0;

	while (n < 3)
		n = target(n);
	__asm__ volatile("syscall" : : "a"(60), "D"(0)); /* exit(0) */
}
