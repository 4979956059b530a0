// A switch that clang 22 makes a table of.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char _license[] SEC("license") = "GPL";
int out[8];
SEC("syscall")
int choose(struct { unsigned a; } *ctx)
{
	switch (ctx->a) {
	case 0: out[0] = 5; return 3;
	case 1: out[1] = 7; return 1;
	case 2: out[2] = 1; return 9;
	case 3: out[3] = 4; return 8;
	case 4: out[4] = 7; return 2;
	case 5: out[5] = 7; return 11;
	case 6: out[6] = 2; return 6;
	}
	return 0;
}
