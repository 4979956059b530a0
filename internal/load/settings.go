package load

import (
	"cmp"
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/kconfig"
)

// readSettings returns the value of the map of settings.
func readSettings(o *elfobj.Object, list []*elfobj.Extern) ([]byte, error) {
	var config map[string]string
	var failed error
	end := uint32(0)
	for _, e := range list {
		end = max(end, e.Offset+e.Size)
		if strings.HasPrefix(e.Name, configPrefix) && config == nil && failed == nil {
			config, failed = kconfig.Read()
		}
	}
	value := make([]byte, end)
	for _, e := range list {
		text, err := settingText(e.Name, config)
		if err != nil {
			err = cmp.Or(failed, err)
		} else {
			err = setting(o, e, text, value[e.Offset:][:e.Size])
		}
		if err != nil && !(e.Weak && text == "") {
			return nil, fmt.Errorf("extern %s: %w", e.Name, err)
		}
	}
	return value, nil
}

const configPrefix = "CONFIG_"

// settingText returns what a setting is, as a configuration writes it.
func settingText(name string, config map[string]string) (string, error) {
	switch name {
	case "LINUX_KERNEL_VERSION":
		return strconv.Itoa(int(versionCode())), nil
	case "LINUX_HAS_BPF_COOKIE":
		return digit(hasCookies()), nil
	case "LINUX_HAS_SYSCALL_WRAPPER":
		has, err := hasSyscallWrapper()
		return digit(has), err
	}
	if text, ok := config[name]; ok {
		return text, nil
	}
	if strings.HasPrefix(name, configPrefix) {
		return "", errors.New("the kernel is not configured with it; if the object can do without, declare it __weak")
	}
	return "", errors.New("no setting of that name is known")
}

// digit returns what libbpf makes of whether the kernel has something: a number of any type that can have it.
func digit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// setting puts a setting into its place, to, of the type that the object declares.
func setting(o *elfobj.Object, e *elfobj.Extern, text string, to []byte) error {
	t, err := o.BTF.Resolve(e.Type)
	if err != nil {
		return err
	}
	switch {
	case text == "":
		return errors.New("no value")
	case t.Kind == btf.Array:
		return stringSetting(text, to)
	case t.Kind == btf.Enum || t.Kind == btf.Enum64:
		return choiceSetting(o, text, to)
	}
	encoding, _, width := t.Int()
	switch {
	case text == "y" || text == "n" || text == "m":
		return letterSetting(o, encoding, text, to)
	case text[0] == '"':
		return fmt.Errorf("it is the text %s, but declared as a number", text)
	case encoding&btf.Bool != 0 && text != "0" && text != "1":
		return fmt.Errorf("it is %s, but declared as bool", text)
	}
	n, err := number(text, encoding&btf.Signed != 0, int(width))
	if err != nil {
		return err
	}
	putNumber(o, to, n)
	return nil
}

// stringSetting sets an array of characters. What is too long is cut.
func stringSetting(text string, to []byte) error {
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return fmt.Errorf("it is %s, but declared as an array of characters", text)
	}
	if len(to) > 0 {
		copy(to[:len(to)-1], text[1:len(text)-1])
	}
	return nil
}

// choiceSetting sets an enum libbpf_tristate.
func choiceSetting(o *elfobj.Object, text string, to []byte) error {
	n := strings.Index("nym", text)
	if n < 0 || len(text) != 1 {
		return fmt.Errorf("it is %s, but declared as one of yes, no and module", text)
	}
	putNumber(o, to, uint64(n))
	return nil
}

// letterSetting sets a bool or a char.
func letterSetting(o *elfobj.Object, encoding btf.Encoding, text string, to []byte) error {
	switch {
	case encoding&btf.Bool != 0 && text != "m":
		to[0] = byte(strings.Index("ny", text))
	case encoding&btf.Bool == 0 && len(to) == 1:
		to[0] = text[0]
	default:
		return fmt.Errorf("it is %s, which the declared type cannot have", text)
	}
	return nil
}

// number reads a number that must fit in some bits.
func number(text string, signed bool, width int) (uint64, error) {
	n, err := strconv.ParseUint(text, 0, 64)
	if err != nil {
		var i int64
		if i, err = strconv.ParseInt(text, 0, 64); err != nil {
			return 0, fmt.Errorf("it is %s, but declared as a number", text)
		}
		n = uint64(i)
	}
	negative := strings.HasPrefix(text, "-")
	switch {
	case negative && !signed,
		negative && bits.Len64(^n) >= width,
		!negative && signed && bits.Len64(n) >= width,
		!negative && bits.Len64(n) > width:
		return 0, fmt.Errorf("it is %s, which does not fit in %d bits", text, width)
	}
	return n, nil
}

// putNumber puts a number into some bytes.
func putNumber(o *elfobj.Object, to []byte, n uint64) {
	var b [8]byte
	o.Order.PutUint64(b[:], n)
	if o.Order.Uint16([]byte{1, 0}) == 1 { // little-endian
		copy(to, b[:])
		return
	}
	copy(to, b[max(0, 8-len(to)):])
}
