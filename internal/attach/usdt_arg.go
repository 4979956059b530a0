package attach

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// How programs find the value of an argument.
const (
	constantArg uint8 = iota
	registerArg       // what is in a register
	memoryArg         // what is in memory, a distance from where a register points
	indexedArg        // as well, and from an index in another register
)

// An argument says where an argument of a user-space tracepoint is.
type argument struct {
	kind     uint8
	value    int64  // a constant, or a distance in bytes
	register uint16 // where it is among the registers that the kernel saves, in bytes
	index    uint16 // likewise, of indexedArg
	scale    uint8  // by what power of two the index is multiplied
	size     int8   // bytes: 1, 2, 4 or 8; negative for signed numbers
}

// mostArguments is how many there may be.
const mostArguments = 12

// parseArguments reads where arguments are, such as "-4@%edi 8@-16(%rbp)" on x86-64.
func parseArguments(text string, a *arch) (list []argument, err error) {
	for rest := strings.TrimSpace(text); rest != ""; {
		m := a.form.FindStringSubmatch(rest)
		if m == nil {
			return nil, fmt.Errorf("argument %d, %q: not understood", len(list)+1, rest)
		}
		arg, err := a.argument(m)
		if err != nil {
			return nil, fmt.Errorf("argument %d, %q: %w", len(list)+1, strings.TrimSpace(m[0]), err)
		}
		if list = append(list, arg); len(list) > mostArguments {
			return nil, fmt.Errorf("more than %d arguments", mostArguments)
		}
		rest = rest[len(m[0]):]
	}
	return list, nil
}

// argument makes an argument of the groups that a form has.
func (a *arch) argument(m []string) (arg argument, err error) {
	group := func(name string) string {
		if i := a.form.SubexpIndex(name); i >= 0 {
			return m[i]
		}
		return ""
	}
	if arg.size, err = parseSize(group("size")); err != nil {
		return arg, err
	}
	if text := group("constant"); text != "" {
		arg.value, err = parseConstant(text)
		return arg, err
	}
	arg.kind = registerArg
	name := group("register")
	if base := group("base"); base != "" {
		arg.kind, name = memoryArg, base
		if text := group("distance"); text != "" {
			if arg.value, err = strconv.ParseInt(text, 10, 64); err != nil {
				return arg, err
			}
		}
	}
	if arg.register, err = a.register(name); err != nil {
		return arg, err
	}
	if index := group("index"); index != "" {
		arg.kind = indexedArg
		if arg.index, err = a.register(index); err != nil {
			return arg, err
		}
		arg.scale, err = parseScale(group("scale"))
	}
	return arg, err
}

// register returns where a register is among those that the kernel saves.
func (a *arch) register(name string) (uint16, error) {
	if at, ok := a.registers(name); ok {
		return at, nil
	}
	return 0, fmt.Errorf("register %s: programs cannot read it", name)
}

func parseSize(text string) (int8, error) {
	n, err := strconv.ParseInt(text, 10, 8)
	switch {
	case err != nil:
	case n == 1, n == 2, n == 4, n == 8, n == -1, n == -2, n == -4, n == -8:
		return int8(n), nil
	}
	return 0, fmt.Errorf("size %s: want 1, 2, 4 or 8", text)
}

// parseConstant reads a number, which may be as large as one without a sign.
func parseConstant(text string) (int64, error) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	return int64(n), err
}

// parseScale reads what an index is multiplied by, 1 if nothing is said, as a power of two.
func parseScale(text string) (uint8, error) {
	power, ok := map[string]uint8{"": 0, "1": 0, "2": 1, "4": 2, "8": 3}[text]
	if !ok {
		return 0, fmt.Errorf("scale %s: want 1, 2, 4 or 8", text)
	}
	return power, nil
}

// Sizes of what describes a place to programs, in bytes.
//
// Source: struct __bpf_usdt_spec of <bpf/usdt.bpf.h>, which programs are compiled with.
const (
	argumentLen = 16
	specLen     = mostArguments*argumentLen + 16
)

// describeArguments tells programs where arguments are.
func describeArguments(list []argument, order binary.ByteOrder) []byte {
	b := make([]byte, specLen)
	for i, a := range list {
		a.encode(b[i*argumentLen:][:argumentLen], order)
	}
	order.PutUint16(b[specLen-8:], uint16(len(list))) // behind a number that users may choose
	return b
}

// encode writes struct __bpf_usdt_arg_spec. The kind was an enumeration of 32 bits before there were indices,
// which took those that were always zero.
func (a argument) encode(b []byte, order binary.ByteOrder) {
	size := max(a.size, -a.size)
	order.PutUint64(b, uint64(a.value))
	order.PutUint32(b[8:], uint32(a.kind)|uint32(a.index)<<8|uint32(a.scale)<<20)
	order.PutUint16(b[12:], a.register)
	if a.size < 0 {
		b[14] = 1
	}
	b[15] = byte(64 - 8*size) // how many bits of 64 are none of the value
}
