#include "idiom.h"

extern void bpf_ct_release(struct nf_conn *ct) __ksym __weak;

SEC("xdp")
int look(struct xdp_md *ctx)
{
	return exists(bpf_ct_release) ? XDP_PASS : XDP_DROP;
}
