#include "idiom.h"

int plain = 1, zero;
int own SEC(".data.own") = 2;
int own_zero SEC(".bss.own");
const volatile int fixed = 3;
const volatile int own_fixed SEC(".rodata.own") = 4;
static int hidden_one = 5;
const char text[] SEC(".rodata.text") = "text";

SEC("xdp")
int sum(struct xdp_md *ctx)
{
	return plain + zero + own + own_zero + fixed + own_fixed + ++hidden_one + text[zero & 3];
}
