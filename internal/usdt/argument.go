package usdt

import (
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

// An Argument says where an argument of a user-space tracepoint is.
type Argument struct {
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
func parseArguments(text string, a *arch) (list []Argument, err error) {
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
func (a *arch) argument(m []string) (arg Argument, err error) {
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
