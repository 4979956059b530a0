#include "idiom.h"

typedef bool answer;
typedef answer twice;
typedef __u64 wide;

extern int LINUX_KERNEL_VERSION __kconfig;
extern bool LINUX_HAS_BPF_COOKIE __kconfig;
extern twice LINUX_HAS_SYSCALL_WRAPPER __kconfig;
extern bool CONFIG_BPF_SYSCALL __kconfig;
extern char CONFIG_BPF __kconfig;
extern enum libbpf_tristate CONFIG_NET __kconfig;
extern enum libbpf_tristate CONFIG_NO_SUCH_THING __kconfig __weak;
extern char CONFIG_DEFAULT_HOSTNAME[32] __kconfig;
extern char CONFIG_CC_VERSION_TEXT[8] __kconfig; /* is longer */
extern __u8 CONFIG_MAGIC_SYSRQ_SERIAL __kconfig __weak;
extern __s16 CONFIG_LOG_BUF_SHIFT __kconfig;
extern __u32 CONFIG_NR_CPUS __kconfig;
extern __s64 CONFIG_BASE_SMALL __kconfig __weak;
extern wide CONFIG_HZ __kconfig;
extern __u32 CONFIG_NONE_EITHER __kconfig __weak;
extern char CONFIG_NO_TEXT[4] __kconfig __weak;

SEC("xdp")
int sum(struct xdp_md *ctx)
{
	return LINUX_KERNEL_VERSION + LINUX_HAS_BPF_COOKIE + LINUX_HAS_SYSCALL_WRAPPER + CONFIG_BPF_SYSCALL + CONFIG_BPF +
		CONFIG_NET + CONFIG_NO_SUCH_THING + CONFIG_DEFAULT_HOSTNAME[0] + CONFIG_CC_VERSION_TEXT[6] + CONFIG_MAGIC_SYSRQ_SERIAL +
		CONFIG_LOG_BUF_SHIFT + CONFIG_NR_CPUS + CONFIG_BASE_SMALL + CONFIG_HZ + CONFIG_NONE_EITHER + CONFIG_NO_TEXT[0];
}
