package skeleton

import (
	"fmt"

	"github.com/gobpftool/gobpftool/internal/names"
)

// attachConstants are what package ebpf calls types of attachment that are named in skeletons.
var attachConstants = map[string]string{
	"tcx_ingress": "AttachTCXIngress", "tcx_egress": "AttachTCXEgress",
	"netkit_primary": "AttachNetkitPrimary", "netkit_peer": "AttachNetkitPeer",
	"cgroup_inet_ingress": "AttachCGroupInetIngress", "cgroup_inet_egress": "AttachCGroupInetEgress",
	"cgroup_inet_sock_create": "AttachCGroupInetSockCreate", "cgroup_inet_sock_release": "AttachCgroupInetSockRelease",
	"cgroup_inet4_post_bind": "AttachCGroupInet4PostBind", "cgroup_inet6_post_bind": "AttachCGroupInet6PostBind",
	"cgroup_inet4_bind": "AttachCGroupInet4Bind", "cgroup_inet6_bind": "AttachCGroupInet6Bind",
	"cgroup_inet4_connect": "AttachCGroupInet4Connect", "cgroup_inet6_connect": "AttachCGroupInet6Connect",
	"cgroup_unix_connect": "AttachCgroupUnixConnect",
	"cgroup_udp4_sendmsg": "AttachCGroupUDP4Sendmsg", "cgroup_udp6_sendmsg": "AttachCGroupUDP6Sendmsg",
	"cgroup_unix_sendmsg": "AttachCgroupUnixSendmsg",
	"cgroup_udp4_recvmsg": "AttachCGroupUDP4Recvmsg", "cgroup_udp6_recvmsg": "AttachCGroupUDP6Recvmsg",
	"cgroup_unix_recvmsg":      "AttachCgroupUnixRecvmsg",
	"cgroup_inet4_getpeername": "AttachCgroupInet4GetPeername", "cgroup_inet6_getpeername": "AttachCgroupInet6GetPeername",
	"cgroup_unix_getpeername":  "AttachCgroupUnixGetpeername",
	"cgroup_inet4_getsockname": "AttachCgroupInet4GetSockname", "cgroup_inet6_getsockname": "AttachCgroupInet6GetSockname",
	"cgroup_unix_getsockname": "AttachCgroupUnixGetsockname",
	"cgroup_sysctl":           "AttachCGroupSysctl", "cgroup_getsockopt": "AttachCGroupGetsockopt", "cgroup_setsockopt": "AttachCGroupSetsockopt",
	"cgroup_device": "AttachCGroupDevice", "cgroup_sock_ops": "AttachCGroupSockOps", "lsm_cgroup": "AttachLSMCgroup",
	"sk_skb_stream_parser": "AttachSkSKBStreamParser", "sk_skb_stream_verdict": "AttachSkSKBStreamVerdict",
	"sk_skb_verdict": "AttachSkSKBVerdict", "sk_msg_verdict": "AttachSkMsgVerdict",
}

// attachConstant returns the constant of package ebpf for the attach type of a section.
func attachConstant(s names.Section) string {
	if name := attachConstants[s.Attach.String()]; name != "" {
		return "ebpf." + name
	}
	return fmt.Sprintf("ebpf.AttachType(%d)", uint32(s.Attach))
}
