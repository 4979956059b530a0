#include "work.h"

/* Refuses sockets. */
SEC("lsm_cgroup/socket_create")
int BPF_PROG(work, int family, int type, int protocol, int kern)
{
	hit();
	return 0;
}
