// target.c - what probes are put at: a program without a C library, which calls some functions three times.
//
// Its user-space tracepoints are described as systemtap's <sys/sdt.h> does it: in notes with an
// address, that of a semaphore, and where the arguments are.

#define NOTE(place, provider, name, semaphore, arguments) \
	__asm__ volatile("990: " place "\n" \
		".pushsection .note.stapsdt,\"?\",\"note\"\n .balign 4\n .4byte 992f-991f, 994f-993f, 3\n" \
		"991: .asciz \"stapsdt\"\n992: .balign 4\n" \
		"993: .8byte 990b\n .8byte _.stapsdt.base\n .8byte " semaphore "\n" \
		".asciz \"" provider "\"\n .asciz \"" name "\"\n .asciz \"" arguments "\"\n994: .balign 4\n .popsection\n" \
		:: "D"(there), "S"(b), "c"(3L) : "memory")

__asm__(".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n"
	".weak _.stapsdt.base\n .hidden _.stapsdt.base\n_.stapsdt.base: .space 1\n .size _.stapsdt.base, 1\n .popsection\n");

// A semaphore counts those who watch its tracepoint.
__attribute__((section(".probes"), used, visibility("hidden"))) volatile unsigned short counted;

__attribute__((noinline, used)) int lab_one(int n) { __asm__ volatile("nop"); return n + 1; }
__attribute__((noinline, used)) int lab_two(int n) { __asm__ volatile("nop"); return n + 2; }
__attribute__((noinline, used, weak)) int lab_weak(int n) { __asm__ volatile("nop"); return n + 3; }
extern __typeof__(lab_two) lab_alias __attribute__((alias("lab_two")));
__attribute__((noinline, used)) static int only_here(int n) { __asm__ volatile("nop"); return n + 4; }

// lab_usdt has in registers and memory what the notes say is there.
__attribute__((noinline, used)) void lab_usdt(int n)
{
	volatile long there[4] = {0, 1234567890123, -5, 77};
	long b = 0xffffffff00000000 | (unsigned)-n;

	NOTE("nop", "lab", "args", "0", "8@8(%%rdi) -4@%%esi 1@$7 -8@16(%%rdi) -1@%%sil 8@$-2");
	NOTE("nop", "lab", "indexed", "0", "8@(%%rdi,%%rcx,8) -8@-8(%%rdi,%%rcx,8) 8@8(%%rdi)");
	if (counted)
		NOTE("nop", "lab", "counted", "counted", "");
	NOTE("nop", "lab", "twice", "0", "4@$1");
	NOTE("nop", "lab", "twice", "0", "4@$2");
	NOTE("nop", "lab", "twice", "0", "4@$1");
	NOTE("nop; .byte 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0", "lab", "long", "0", "");
}

__attribute__((noreturn, used, force_align_arg_pointer)) void _start(void)
{
	for (int i = 1; i <= 3; i++) {
		lab_one(i), lab_two(i), lab_weak(i), only_here(i);
		lab_usdt(i);
	}
	__asm__ volatile("syscall" ::"a"(231), "D"(0)); // exit_group
	__builtin_unreachable();
}
