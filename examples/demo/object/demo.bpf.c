// SPDX-License-Identifier: MIT
//
// The object that the demo loads: a socket filter that counts packets by their
// protocol. "make objects" compiles it.

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);   /* protocol, as in the Ethernet header */
	__type(value, __u64); /* packets seen */
} packets SEC(".maps");

/* Shown by "gobpftool prog show" under "metadata". */
const char bpf_metadata_purpose[] SEC(".rodata") = "counts packets by protocol";
const volatile int bpf_metadata_version SEC(".rodata") = 1;

SEC("socket")
int count_packets_by_protocol(struct __sk_buff *skb)
{
	__u32 protocol = skb->protocol;
	__u64 one = 1, *seen;

	seen = bpf_map_lookup_elem(&packets, &protocol);
	if (seen)
		__sync_fetch_and_add(seen, 1);
	else
		bpf_map_update_elem(&packets, &protocol, &one, BPF_NOEXIST);
	/* Its use ties the read-only data to the program. */
	return bpf_metadata_version ? skb->len : 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
