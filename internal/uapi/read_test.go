package uapi

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// tree makes a directory of headers that has those without which there is none.
func tree(files map[string]string) fstest.MapFS {
	t := fstest.MapFS{
		"linux/types.h": {Data: []byte("#include <asm/types.h>\ntypedef __u32 __bitwise __be32;\n")},
		"asm/types.h":   {Data: []byte("typedef unsigned int __u32;\n__extension__ typedef long long __s64;\n")},
	}
	for name, text := range files {
		t[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return t
}

// TestHeader has headers that programs can include for a type, and others.
func TestHeader(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"alone", map[string]string{"linux/a.h": "struct a { int x; };"}, "linux/a.h"},
		{"below", map[string]string{"linux/b/a.h": "struct a { int x; };"}, "linux/b/a.h"},
		{"with others", map[string]string{"linux/a.h": "#include <linux/types.h>\nstruct a { __be32 x; };"}, "linux/a.h"},
		{"with one beside it", map[string]string{"linux/a.h": "#include \"b.h\"\nstruct a { struct b x[N]; };", "linux/b.h": "#define N 3\nstruct b {};"}, "linux/a.h"},
		{"with one of the compiler", map[string]string{"linux/a.h": "#include <stddef.h>\nstruct a { size_t x; };"}, "linux/a.h"},
		{"within each other", map[string]string{"linux/a.h": "#include <linux/b.h>\nstruct a {};", "linux/b.h": "#include <linux/a.h>"}, "linux/a.h"},
		{"on some condition", map[string]string{"linux/a.h": "#ifdef X\nstruct a {};\n#endif"}, ""},
		{"twice", map[string]string{"linux/a.h": "struct a {};", "linux/b.h": "struct a {};"}, ""},
		{"of the machine", map[string]string{"linux/b.h": "#include <asm/a.h>", "asm/a.h": "struct a {};"}, ""},
		{"with the C library", map[string]string{"linux/a.h": "#include <sys/socket.h>\nstruct a {};", "sys/socket.h": ""}, ""},
		{"with the C library by another", map[string]string{"linux/a.h": "#include <linux/b.h>\nstruct a {};", "linux/b.h": "#include <stdint.h>"}, ""},
		{"with registers", map[string]string{"linux/a.h": "#include <asm/ptrace.h>\nstruct a {};", "asm/ptrace.h": ""}, ""},
		{"without a typedef", map[string]string{"linux/a.h": "struct a { uint32_t x; };"}, ""},
		{"without a struct", map[string]string{"linux/a.h": "struct a { struct timespec x; };"}, ""},
		{"with a pointer to one", map[string]string{"linux/a.h": "struct a { struct timespec *x; };"}, "linux/a.h"},
		{"without a length", map[string]string{"linux/a.h": "struct a { char x[IFNAMSIZ]; };"}, ""},
		{"without a value", map[string]string{"linux/a.h": "enum a { B = MSG_FIN };"}, ""},
		{"values of its own", map[string]string{"linux/a.h": "enum a { B, C = B };"}, "linux/a.h"},
		{"what functions do", map[string]string{"linux/a.h": "struct a {};\nstatic inline int f(int x)\n{\n\tg(x);\n\treturn x;\n}\n"}, "linux/a.h"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, err := Read(tree(tt.files))
			if err != nil {
				t.Fatal(err)
			}
			switch d := h.Tag("a"); {
			case d == nil:
				t.Fatal("Tag() = nil")
			case d.Header != tt.want:
				t.Errorf("Tag() = %q, want %q", d.Header, tt.want)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	h, err := Read(
		tree(map[string]string{
			"linux/a.h":    "#include <asm/ptrace.h>\n#define A 1\n#define B B\n#define C(x) x\nenum { D };",
			"linux/c.txt":  "struct no_header {};",
			"asm/unused.h": "struct unused {};",
		}),
		fstest.MapFS{
			"linux/a.h":    {Data: []byte("struct hidden {};")},
			"asm/ptrace.h": {Data: []byte("#ifndef PTRACE_H\n#define PTRACE_H\nstruct pt_regs {};\n#endif")},
		})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		got  any
		want any
	}{
		{"guard", h.Guard, "PTRACE_H"},
		{"registers", h.Tag("pt_regs").Registers, true},
		{"header of registers", h.Tag("pt_regs").Header, ""},
		{"what is in no header", h.Tag("no_header") == nil, true},
		{"what no header includes", h.Tag("unused") == nil, true},
		{"the first directory counts", h.Tag("hidden") == nil, true},
		{"a macro", h.Macro("A"), true},
		{"a macro that stands for itself", h.Macro("B"), false},
		{"a macro with arguments", h.Macro("C"), false},
		{"a value", h.Enumerator("D"), true},
		{"no value", h.Enumerator("A"), false},
		{"a number", h.IsNumber("__u32", "unsigned int"), true},
		{"a number by another name", h.IsNumber("__be32", "unsigned int"), true},
		{"a number with its words in any order", h.IsNumber("__s64", "long long int"), true},
		{"another number", h.IsNumber("__u32", "int"), false},
		{"no typedef", h.IsNumber("A", "int"), false},
		{"a typedef of the compiler", h.Typedef("wchar_t").Header, ""},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, tt.got, tt.want)
		}
	}
}

func TestReadErrors(t *testing.T) {
	many := map[string]string{}
	for i := range maxFiles {
		many[fmt.Sprintf("linux/%d.h", i)] = ""
	}
	for _, tt := range []struct {
		name string
		dirs []fs.FS
		want string
	}{
		{"no directory", nil, "<linux/types.h>: no such header"},
		{"no headers", []fs.FS{fstest.MapFS{}}, "<linux/types.h>: no such header"},
		{"none of the machine", []fs.FS{fstest.MapFS{"linux/types.h": {}}}, "<asm/types.h>: no such header"},
		{"a long one", []fs.FS{tree(map[string]string{"linux/a.h": strings.Repeat(" ", maxText+1)})}, "linux/a.h: no file of at most"},
		{"a deep one", []fs.FS{tree(map[string]string{"linux/a.h": strings.Repeat("#if X\n", maxBranches+1)})}, "linux/a.h: offset"},
		{"a directory", []fs.FS{tree(map[string]string{"linux/a.h/b.h": "", "linux/c.h": "#include <linux/a.h>"})}, "linux/a.h: no file"},
		{"too many", []fs.FS{tree(many)}, "more than"},
	} {
		_, err := Read(tt.dirs...)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: Read() = %v, want %q", tt.name, err, tt.want)
		}
		if strings.Contains(tt.want, "no such") && !errors.Is(err, ErrMissing) {
			t.Errorf("%s: %v does not wrap ErrMissing", tt.name, err)
		}
	}
}

// TestInstalled reads the headers of this machine, if it has any.
func TestInstalled(t *testing.T) {
	dir, _ := fs.Glob(os.DirFS("/usr/include"), "*/asm/types.h")
	if dir == nil {
		t.Skip("no headers of the kernel in /usr/include")
	}
	h, err := Read(os.DirFS("/usr/include"), os.DirFS("/usr/include/"+strings.TrimSuffix(dir[0], "/asm/types.h")))
	if err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string]string{
		"iphdr": "linux/ip.h", "ethhdr": "linux/if_ether.h", "tcphdr": "linux/tcp.h", "in6_addr": "linux/in6.h",
		"bpf_prog_type": "linux/bpf.h", "perf_event_attr": "linux/perf_event.h", "sigaction": "", "flock": "",
	} {
		if d := h.Tag(tag); d == nil || d.Header != want {
			t.Errorf("Tag(%q) = %v, want %q", tag, d, want)
		}
	}
}
