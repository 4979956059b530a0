package support

//lint:file-ignore U1000 skeletons use it

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/features"
)

// A skelSetting is a variable that gets its value from how the kernel is configured.
type skelSetting struct {
	name   string
	kind   string // number, bool, tristate or text
	bits   int    // of a number
	signed bool
	weak   bool // it is 0 where the kernel does not have it
}

// skelSettle gives settings their values, but for those that were given one before.
func skelSettle(spec *ebpf.CollectionSpec, list []skelSetting, given []string) error {
	var config map[string]string
	for _, s := range list {
		if slices.Contains(given, s.name) {
			continue
		}
		v := spec.Variables[s.name]
		if v == nil {
			return fmt.Errorf("setting %s: it is not in the spec", s.name)
		}
		var text string
		switch {
		case s.name == "LINUX_KERNEL_VERSION":
			n, err := features.LinuxVersionCode()
			if err != nil {
				return err
			}
			text = strconv.Itoa(int(n))
		case s.name == "LINUX_HAS_BPF_COOKIE":
			text = skelDigit(features.HaveProgramHelper(ebpf.Kprobe, asm.FnGetAttachCookie) == nil)
		case s.name == "LINUX_HAS_SYSCALL_WRAPPER":
			text = skelDigit(skelWrapsSyscalls())
		case config == nil:
			var err error
			if config, err = skelReadConfig(); err != nil {
				return fmt.Errorf("setting %s: %w", s.name, err)
			}
			fallthrough
		default:
			text = config[s.name]
		}
		if text == "" && s.weak {
			continue
		}
		if err := skelPutSetting(v.Value, s, text); err != nil {
			return fmt.Errorf("setting %s: %w", s.name, err)
		}
	}
	return nil
}

func skelDigit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// skelWrapsSyscalls reports whether functions of system calls take their arguments from registers of the caller.
func skelWrapsSyscalls() bool {
	f, err := os.Open("/proc/kallsyms")
	if err != nil {
		return false
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		for _, prefix := range []string{"x64", "arm64", "s390x", "riscv", "ia32", "powerpc"} {
			if strings.HasSuffix(s.Text(), " __"+prefix+"_sys_bpf") {
				return true
			}
		}
	}
	return false
}

// skelReadConfig reads how the kernel was configured.
func skelReadConfig() (map[string]string, error) {
	text, err := skelConfigText()
	if err != nil {
		return nil, err
	}
	found := make(map[string]string)
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && strings.HasPrefix(name, "CONFIG_") {
			found[name] = value
		}
	}
	return found, nil
}

func skelConfigText() (string, error) {
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return "", err
	}
	if b, err := os.ReadFile("/boot/config-" + strings.TrimSpace(string(release))); err == nil {
		return string(b), nil
	}
	f, err := os.Open("/proc/config.gz")
	if err != nil {
		return "", err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(z)
	return string(b), err
}

// skelPutSetting puts what a configuration says into a variable.
func skelPutSetting(to []byte, s skelSetting, text string) error {
	wrong := fmt.Errorf("it is %q, which the declared type cannot have", text)
	letter := strings.Index("nym", text)
	isLetter := letter >= 0 && len(text) == 1
	switch {
	case text == "":
		return errors.New("the kernel is not configured with it")
	case s.kind == "text":
		if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
			return wrong
		}
		copy(to[:max(len(to), 1)-1], text[1:len(text)-1])
		return nil
	case isLetter && s.kind == "number" && len(to) == 1:
		to[0] = text[0]
		return nil
	case isLetter && (s.kind == "tristate" || s.kind == "bool" && letter < 2):
		skelPutNumber(to, uint64(letter))
		return nil
	case s.kind == "tristate" || s.kind == "bool" && text != "0" && text != "1":
		return wrong
	}
	if s.signed {
		n, err := strconv.ParseInt(text, 0, s.bits)
		skelPutNumber(to, uint64(n))
		return err
	}
	n, err := strconv.ParseUint(text, 0, s.bits)
	skelPutNumber(to, n)
	return err
}

// skelPutNumber puts a number into some bytes, in the machine's order.
func skelPutNumber(to []byte, n uint64) {
	var b [8]byte
	binary.NativeEndian.PutUint64(b[:], n)
	if binary.NativeEndian.Uint16([]byte{1, 0}) == 1 {
		copy(to, b[:])
	} else {
		copy(to, b[8-len(to):])
	}
}
