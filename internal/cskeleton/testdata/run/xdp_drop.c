// Drops datagrams to a port on the loopback device, and counts them.

#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/types.h>

#include "xdp_drop.skel.h"

int main(void)
{
	struct xdp_drop *s = xdp_drop__open();
	struct sockaddr_in to = {.sin_family = AF_INET};
	__u64 traffic[2] = {0};
	__u8 from[4] = {127, 0, 0, 1};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (!s || fd < 0)
		return 1;
	s->rodata->port = 4242;
	if (xdp_drop__load(s))
		return 2;
	s->links.drop_udp = bpf_program__attach_xdp(s->progs.drop_udp, if_nametoindex("lo"));
	if (!s->links.drop_udp)
		return 3;
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons(4242);
	for (int i = 0; i < 3; i++)
		sendto(fd, "12345", 5, 0, (struct sockaddr *)&to, sizeof(to));
	usleep(100000);
	if (bpf_map__lookup_elem(s->maps.dropped, from, sizeof(from), traffic, sizeof(traffic), 0))
		return 4;
	printf("dropped %llu packets, %llu bytes\n", traffic[0], traffic[1]);
	xdp_drop__destroy(s);
	return 0;
}
