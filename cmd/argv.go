package cmd

import (
	"os"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
)

// An option is a row of the table of global options.
type option struct {
	short byte   // 0 if it has only a long form
	long  string // empty if it has only a short form
	arg   string // what its argument is called, or empty
	help  string // one line, no final period
}

// options are bpftool's. New choices are words of a command, never options, so
// that bundles and unique prefixes keep their meaning.
var options = []option{
	{'j', "json", "", "Answer in JSON, on one line"},
	{'p', "pretty", "", "Answer in JSON, indented"},
	{'V', "version", "", "Show the version instead of running the command"},
	{'h', "help", "", "Show how the tool is used"},
	{'d', "debug", "", "Say what is going on, on standard error"},
	{'f', "bpffs", "", "Show the paths at which objects are pinned"},
	{'m', "mapcompat", "", "Accepted for compatibility; unknown attributes of maps are always accepted"},
	{'n', "nomount", "", "Never mount a file system"},
	{'B', "base-btf", "FILE", "Take FILE as the base of split BTF"},
	{'L', "use-loader", "", "Load programs by means of a loader program"},
	{'S', "sign", "", "Sign the loader program; needs -k and -i"},
	{'k', "", "FILE", "Private key for signing, in PEM form"},
	{'i', "", "FILE", "X.509 certificate for signing"},
}

// name is the form under which urfave/cli knows o.
func (o *option) name() string {
	if o.long != "" {
		return o.long
	}
	return string(o.short)
}

// shortForm is o as a short option, or empty.
func (o *option) shortForm() string {
	if o.short == 0 {
		return ""
	}
	return "-" + string(o.short)
}

// longForm is o as a long option, or empty.
func (o *option) longForm() string {
	if o.long == "" {
		return ""
	}
	return "--" + o.long
}

// A given is an option on a command line.
type given struct {
	*option
	value string
}

// permute takes argv apart as getopt_long(3) does: options may stand anywhere
// before "--", short ones may share a dash, long ones may be shortened to any
// prefix that is unique. With POSIXLY_CORRECT in the environment the first word
// ends the options.
//
// What follows a verb with flags of its own is left as it is.
//
// The options before a bad one are returned with the error.
func permute(objects []call.Object, argv []string) (opts []given, words []string, err error) {
	_, posix := os.LookupEnv("POSIXLY_CORRECT")
	for len(argv) > 0 {
		a := argv[0]
		argv = argv[1:]
		switch {
		case a == "--":
			return opts, append(words, argv...), nil
		case len(a) < 2 || a[0] != '-':
			words = append(words, a)
			if posix || hasFlags(objects, words) {
				return opts, append(words, argv...), nil
			}
		default:
			var found []given
			found, argv, err = parse(a, argv)
			opts = append(opts, found...)
			if err != nil {
				return opts, words, err
			}
		}
	}
	return opts, words, nil
}

// hasFlags reports whether words are those of a verb that has flags of its own.
func hasFlags(objects []call.Object, words []string) bool {
	if len(words) != 2 {
		return false
	}
	o := findObject(objects, words[0])
	if o == nil {
		return false
	}
	v := findVerb(o, words[1])
	return v != nil && v.Flags
}

// parse reads the options in one element a of the command line. rest is what
// follows it, from which an option may take its argument.
func parse(a string, rest []string) ([]given, []string, error) {
	if name, ok := strings.CutPrefix(a, "--"); ok {
		return parseLong(a, name, rest)
	}
	var found []given
	for i := 1; i < len(a); i++ {
		o := byShort(a[i])
		switch {
		case o == nil:
			return found, rest, unrecognized(a)
		case o.arg == "":
			found = append(found, given{o, ""})
		case i+1 < len(a):
			return append(found, given{o, a[i+1:]}), rest, nil
		case len(rest) > 0:
			return append(found, given{o, rest[0]}), rest[1:], nil
		default:
			return found, rest, unrecognized(a)
		}
	}
	return found, rest, nil
}

func parseLong(a, name string, rest []string) ([]given, []string, error) {
	name, value, hasValue := strings.Cut(name, "=")
	o := byLong(name)
	switch {
	case o == nil, hasValue && o.arg == "":
		return nil, rest, unrecognized(a)
	case o.arg != "" && !hasValue:
		if len(rest) == 0 {
			return nil, rest, unrecognized(a)
		}
		value, rest = rest[0], rest[1:]
	}
	return []given{{o, value}}, rest, nil
}

func unrecognized(a string) error { return args.Errorf("unrecognized option '%s'", a) }

func byShort(c byte) *option {
	for i := range options {
		if options[i].short == c {
			return &options[i]
		}
	}
	return nil
}

// byLong finds the option with a long name, or the only one that it is a prefix
// of.
func byLong(name string) *option {
	var found *option
	for i := range options {
		o := &options[i]
		switch {
		case o.long == name && name != "":
			return o
		case o.long == "" || !strings.HasPrefix(o.long, name):
		case found != nil:
			return nil // ambiguous
		default:
			found = o
		}
	}
	return found
}
