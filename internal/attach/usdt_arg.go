package attach

import (
	"encoding/binary"
	"errors"
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

// errOldHeader says that a program was compiled before there were such arguments.
var errOldHeader = errors.New("the program must be compiled with <bpf/usdt.bpf.h> of libbpf 1.7 or later")

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

// A layout is how places are described to programs: that of the <bpf/usdt.bpf.h> with which they were
// compiled.
type layout struct {
	argument int // bytes of an argument
	place    int // bytes of a place: arguments, what users may choose, and how many arguments there are
	indexed  bool
}

// layouts are those of libbpf before 1.7 and from then on. It came with arguments that have an index, and has
// another size, which libbpf does not check.
//
// Source: struct __bpf_usdt_spec of the header, and what the reference writes into the map.
var layouts = []layout{
	{16, mostArguments*16 + 16, false},
	{24, mostArguments*24 + 16, true},
}

// encode tells programs where arguments are.
func (l layout) encode(list []argument, order binary.ByteOrder) ([]byte, error) {
	b := make([]byte, l.place)
	for i, a := range list {
		if a.kind == indexedArg && !l.indexed {
			return nil, fmt.Errorf("argument %d: it is in memory, at an index that is in a register: %w", i+1, errOldHeader)
		}
		l.encodeArgument(b[i*l.argument:], a, order)
	}
	order.PutUint16(b[mostArguments*l.argument+8:], uint16(len(list)))
	return b, nil
}

// encodeArgument writes struct __bpf_usdt_arg_spec.
func (l layout) encodeArgument(b []byte, a argument, order binary.ByteOrder) {
	order.PutUint64(b, uint64(a.value))
	rest := b[12:]
	if l.indexed {
		b[8] = a.kind
		order.PutUint16(b[10:], a.index|uint16(a.scale)<<12)
		rest = b[14:]
	} else {
		order.PutUint32(b[8:], uint32(a.kind))
	}
	order.PutUint16(rest, a.register)
	if a.size < 0 {
		rest[2] = 1
	}
	rest[3] = byte(64 - 8*max(a.size, -a.size)) // how many bits of 64 are none of the value
}
