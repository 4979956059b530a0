package uapi

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// list returns what a header defines, by kind. A question mark stands behind what
// depends on conditions.
func (h *header) list() map[string]string {
	got := make(map[string]string)
	put := func(kind, name string, sure bool) {
		if !sure {
			name += "?"
		}
		got[kind] = strings.TrimSpace(got[kind] + " " + name)
	}
	for name, sure := range h.tags {
		put("tags", name, sure)
	}
	for name, t := range h.typedefs {
		put("typedefs", name, t.sure)
	}
	for name, sure := range h.enumerators {
		put("values", name, sure)
	}
	for name := range h.macros {
		put("macros", name, true)
	}
	for kind, names := range got {
		list := strings.Fields(names)
		slices.Sort(list)
		got[kind] = strings.Join(list, " ")
	}
	return got
}

func TestScan(t *testing.T) {
	tests := []struct {
		name, text string
		want       map[string]string
	}{
		{"nothing", "", map[string]string{}},
		{"structs", "struct a { struct b { int x; } b; union c *p; };\nunion d {};\nstruct e;\nextern struct f g;", map[string]string{"tags": "a b d"}},
		{"attributes", "struct __attribute__((packed)) a { int x; } __attribute__((aligned(4)));\nstruct __packed b {};", map[string]string{"tags": "a b"}},
		{"a group of members", "struct a { __struct_group(b, hdr, , int x;); __struct_group(, none, , int y;); };", map[string]string{"tags": "a b"}},
		{"values", "enum a { B, C = 3, D = (1 << 2), E = F(B, C), };\nenum { G };", map[string]string{"tags": "a", "values": "B C D E G"}},
		{"typedefs", "typedef unsigned int a; typedef struct b { int x[3]; } c, *d; typedef int (*e)(int f); typedef int g(int h); typedef char i[3];",
			map[string]string{"tags": "b", "typedefs": "a c d e g i"}},
		{"typedefs of the compiler's", "__extension__ typedef long long a; typedef a __bitwise b; typedef a __attribute__((aligned(8))) c;", map[string]string{"typedefs": "a b c"}},
		{"values of a typedef", "typedef enum { A, B } c;", map[string]string{"typedefs": "c", "values": "A B"}},
		{"macros", "#define A 1\n#define B\n  #  define C \\\n 3\n#define D(x) x\n#define E E\n#undef A", map[string]string{"macros": "A B C D E"}},
		{"comments", "/* struct a {}; */ // struct b {};\nstruct /* c */ d {};\n#define E /* two\nlines */ 1", map[string]string{"tags": "d", "macros": "E"}},
		{"literals", "extern char a[sizeof(\"struct b {\")], c = '\"', d = '\\'';\nstruct e {};", map[string]string{"tags": "e"}},
		{"functions", "static inline int a(struct b *c)\n{\n\tif (c) { return 1; }\n\treturn 0;\n}\ntypedef int d;", map[string]string{"typedefs": "d"}},
		{"a guard", "#ifndef A_H\n#define A_H\nstruct a {};\n#endif", map[string]string{"tags": "a"}},
		{"no guard", "#ifndef A_H\n#define B_H\nstruct a {};\n#endif", map[string]string{"tags": "a?", "macros": "B_H"}},
		{"conditions", "#ifdef X\nstruct a {};\n#elif Y\nstruct b {};\n#else\nstruct c {};\n#endif\nstruct d {};", map[string]string{"tags": "a? b? c? d"}},
		{"what never counts", "#ifdef __KERNEL__\nstruct a {};\n#else\nstruct b {};\n#endif\n#if 0\nstruct c {};\n#endif\n#ifdef __cplusplus\nextern \"C\" {\n#endif\nstruct d {};",
			map[string]string{"tags": "b d"}},
		{"after what counts", "#if 1\nstruct a {};\n#elif X\nstruct b {};\n#else\nstruct c {};\n#endif", map[string]string{"tags": "a"}},
		{"types of the C library too", "#if __UAPI_DEF_IN_ADDR\nstruct in_addr {};\n#endif", map[string]string{"tags": "in_addr"}},
		{"conditions within", "#if 0\n#ifdef X\nstruct a {};\n#else\nstruct b {};\n#endif\n#endif", map[string]string{}},
		{"two beginnings", "#ifdef X\nstruct a {\n#else\nstruct b {\n#endif\nint x;\n};\nstruct c {};", map[string]string{"tags": "a? c"}},
		{"no more than once for sure", "#ifdef X\nstruct a {};\n#endif\nstruct a {};", map[string]string{"tags": "a"}},
		{"broken", "} ) struct { enum { typedef ; #endif\n#else\n#endif\n\"\\", map[string]string{"values": "typedef"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, err := scan(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, h.list()); diff != "" {
				t.Errorf("scan() mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestScanErrors(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"too long", strings.Repeat(" ", maxText+1), "at most"},
		{"too deep", strings.Repeat("#if 1\n", maxBranches+1), "offset"},
	} {
		if _, err := scan(tt.text); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: scan() = %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestHolds(t *testing.T) {
	for expression, want := range map[string]answer{
		"1":                     yes,
		"0":                     no,
		"X":                     maybe,
		"X > 1":                 maybe,
		"(0)":                   maybe,
		"__KERNEL__":            no,
		"defined(__KERNEL__)":   no,
		"!defined __KERNEL__":   yes,
		"!defined(__KERNEL__)":  yes,
		"defined ( __i386__ )":  no,
		"defined(X)":            maybe,
		"!defined(X)":           maybe,
		"__UAPI_DEF_IN_ADDR":    yes,
		"1 && 0":                no,
		"X && 0":                no,
		"X && 1":                maybe,
		"0 || 1":                yes,
		"0 || X":                maybe,
		"0 && X || !__KERNEL__": yes,
	} {
		if got := holds(expression); got != want {
			t.Errorf("holds(%q) = %d, want %d", expression, got, want)
		}
	}
}

// FuzzScan reads what may be no header at all.
func FuzzScan(f *testing.F) {
	for _, text := range []string{
		"#ifndef A\n#define A 1\n#include <linux/types.h>\nstruct a { enum b { C = 1, } d; };\n#endif",
		"typedef struct { int x[3]; } *a, b __attribute__((aligned(8)));",
		"__struct_group(a, b, , int c;) /* \" */ '\\'' // \\\n",
		"#if defined(X) && !Y || 0\n} else {\n#elif 1\n{\n#else\n#endif",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h, err := scan(text)
		if (h == nil) == (err == nil) {
			t.Errorf("scan() = %v, %v, want either", h, err)
		}
	})
}
