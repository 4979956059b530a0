//go:build ignore
// SPDX-License-Identifier: MIT
//
// Drops UDP datagrams to one port as they come in, and counts them by where they
// come from. "make objects" compiles it.

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct traffic {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u8[4]); /* IPv4 address */
	__type(value, struct traffic);
} dropped SEC(".maps");

/* Datagrams to this port are dropped. */
const volatile __u16 port = 9999;

static void count(const void *sender, __u64 bytes)
{
	struct traffic first = {}, *t;
	__u8 key[4];

	__builtin_memcpy(key, sender, sizeof(key));
	bpf_map_update_elem(&dropped, key, &first, BPF_NOEXIST); /* unless it is there */
	t = bpf_map_lookup_elem(&dropped, key);
	if (t) {
		__sync_fetch_and_add(&t->packets, 1);
		__sync_fetch_and_add(&t->bytes, bytes);
	}
}

SEC("xdp")
int drop_udp(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1); /* headers with options are let through */

	if ((void *)(udp + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;
	if (ip->ihl != 5 || ip->protocol != IPPROTO_UDP || udp->dest != bpf_htons(port))
		return XDP_PASS;
	count(&ip->saddr, end - data);
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
