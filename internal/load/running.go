package load

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/kallsyms"
)

// versionCode is the version of the running kernel as LINUX_VERSION_CODE has it. What
// distributions call a release need not have all of it.
func versionCode() uint32 {
	var u unix.Utsname
	if unix.Uname(&u) != nil { // which cannot be
		return 0
	}
	signature, _ := os.ReadFile("/proc/version_signature") // of Ubuntu
	return parseVersion(string(signature), unix.ByteSliceToString(u.Version[:]), unix.ByteSliceToString(u.Release[:]))
}

// parseVersion takes the version from the words of Ubuntu, Debian or any kernel, whichever are
// there.
func parseVersion(ubuntu, version, release string) uint32 {
	if words := strings.Fields(ubuntu); len(words) == 3 {
		release = words[2]
	}
	if _, debian, ok := strings.Cut(version, "Debian "); ok {
		release = debian
	}
	var major, minor, patch uint32
	if n, _ := fmt.Sscanf(release, "%d.%d.%d", &major, &minor, &patch); n < 2 {
		return 0
	}
	return major<<16 | minor<<8 | min(patch, 255)
}

// hasCookies reports whether programs can have cookies: since Linux 5.15. It tries to load one
// that asks for its own.
func hasCookies() bool {
	code := []byte{0: callCode, 8: exitCode, 15: 0}
	binary.NativeEndian.PutUint32(code[4:], getAttachCookie)
	fd, _, err := bpf.LoadProg(&bpf.ProgSpec{Type: kprobeType, Insns: code, License: "GPL", Version: versionCode()}, nil)
	if err != nil {
		return false
	}
	fd.Close()
	return true
}

// linksUprobes reports whether the kernel attaches a program of a type to many places of a file by one link, and
// to one process alone if it is told to: since Linux 6.6, and the latter since 6.10. It tries to attach one to a directory,
// which fails in other ways then.
func (l *loader) linksUprobes(attach uint32) bool {
	code := make([]byte, 2*bytecode.Size) // r0 = 0; exit
	code[0], code[8] = 0xb7, exitCode
	prog, _, err := bpf.LoadProg(&bpf.ProgSpec{
		Type: kprobeType, AttachType: attach, Insns: code, License: "GPL", Version: versionCode(), Token: l.token,
	}, nil)
	if err != nil {
		return false
	}
	defer prog.Close()
	fails := func(pid uint32) error {
		link, err := bpf.CreateUprobesLink(prog, bpf.Uprobes{Attach: attach, Path: "/", PID: pid, Offsets: []uintptr{0}})
		if err == nil { // which cannot be
			link.Close()
		}
		return err
	}
	const nobody = 1<<32 - 1
	return errors.Is(fails(0), unix.EBADF) && errors.Is(fails(nobody), unix.EINVAL)
}

const (
	kprobeType      = 2   // BPF_PROG_TYPE_KPROBE
	getAttachCookie = 174 // BPF_FUNC_get_attach_cookie
	callCode        = 0x85
	exitCode        = 0x95
)

// wrappers are what functions of system calls start with where they are wrapped, by GOARCH.
//
// Source: CONFIG_ARCH_HAS_SYSCALL_WRAPPER, and the headers syscall_wrapper.h of these architectures.
var wrappers = map[string]string{
	"amd64": "__x64_", "arm64": "__arm64_", "s390x": "__s390x_", "riscv64": "__riscv_", "386": "__ia32_", "ppc64": "__powerpc_", "ppc64le": "__powerpc_",
}

// hasSyscallWrapper reports whether functions of system calls are wrapped.
func hasSyscallWrapper() (bool, error) {
	prefix, ok := wrappers[runtime.GOARCH]
	if !ok {
		return false, nil
	}
	name := prefix + "sys_bpf"
	found, err := kallsyms.Addresses(map[string]bool{name: true})
	return len(found[name]) > 0, err
}
