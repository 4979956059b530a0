package skeleton

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// probing is attaching for programs that run at functions.
func (s *Skeleton) probing(f *progField, kind string) (part, name string, init []string) {
	returns := strings.Contains(kind, "ret")
	what, rest := strings.Replace(kind, "ret", "", 1), f.what.Rest
	probe := "link.Kprobe"
	if returns {
		probe = "link.Kretprobe"
	}
	switch what {
	case "kprobe", "ksyscall":
		if rest == "" {
			init = []string{"probe = " + probe}
			if what == "ksyscall" {
				init = append(init, `prefix = "sys_"`)
			}
			return "kprobe", "Kprobe", init
		}
		if what == "ksyscall" {
			return s.auto(fmt.Sprintf("%s(%q, p, nil)", probe, "sys_"+rest))
		}
		function, offset := cutOffset(rest)
		options := "nil"
		if offset != 0 {
			options = fmt.Sprintf("&link.KprobeOptions{Offset: %d}", offset)
		}
		return s.auto(fmt.Sprintf("%s(%q, p, %s)", probe, function, options))
	case "kprobe.multi", "kprobe.session":
		session := what == "kprobe.session"
		if rest == "" {
			return "kprobemulti", "KprobeMulti", []string{"probe = " + probe + "Multi", fmt.Sprintf("session = %t", session)}
		}
		s.uses("kprobesauto")
		return "auto", "Auto", []string{fmt.Sprintf("to = %sKprobes(%q, %t, %sMulti)", s.small, rest, session, probe)}
	case "uprobe":
		file, function, ok := strings.Cut(rest, ":")
		if !ok {
			return "uprobe", "Uprobe", []string{fmt.Sprintf("returns = %t", returns)}
		}
		function, offset := cutOffset(function)
		s.uses("uprobeauto")
		return "auto", "Auto", []string{fmt.Sprintf("to = %sUprobe(%q, %q, %d, %t)", s.small, file, function, offset, returns)}
	case "uprobe.multi":
		file, pattern, ok := strings.Cut(rest, ":")
		if !ok {
			return "uprobemulti", "UprobeMulti", []string{fmt.Sprintf("returns = %t", returns)}
		}
		s.uses("uprobesauto")
		return "auto", "Auto", []string{fmt.Sprintf("to = %sUprobes(%q, %q, %t)", s.small, file, pattern, returns)}
	case "usdt":
		s.uses("usdtmaps")
		words := strings.Split(rest, ":")
		if len(words) != 3 || slices.Contains(words, "") {
			return "usdt", "USDT", []string{"maps = usdt"}
		}
		return s.auto(fmt.Sprintf("usdt.attach(p, 0, %q, %q, %q)", words[0], words[1], words[2]))
	}
	return "prog", "Prog", nil
}

// cutOffset takes "function[+offset]" apart. What follows a "+" and is no number belongs to the name.
func cutOffset(text string) (function string, offset uint64) {
	if i := strings.LastIndexByte(text, '+'); i > 0 {
		if n, err := strconv.ParseUint(text[i+1:], 0, 64); err == nil {
			return text[:i], n
		}
	}
	return text, 0
}
