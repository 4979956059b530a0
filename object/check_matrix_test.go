package object

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// A fact about a cell, for tests: "yes", "no", "unknown", or what fails.
type fails []failure

// What fails in tests.
var (
	renamed = failure{Object: "a.o", Class: Required, Program: "enter", Kind: "byte_off", Access: "task_struct.state",
		Cause: "no member is called state", Help: "it is called __state since 5.14", Source: "a.bpf.c:12", Code: "\tx = t->state;"}
	renamedToo = failure{Object: "a.o", Class: Required, Program: "leave", Function: "get", Kind: "byte_off", Access: "task_struct.state",
		Cause: "no member is called state", Help: "it is called __state since 5.14", Source: "a.bpf.c:9"}
	missing = failure{Object: "b.o", Class: Optional, Program: "maybe", Kind: "type_size", Access: "struct <gone> & \x1b[31mco",
		Cause: "there is no such type"}
	perhaps = failure{Object: "a.o", Class: Unsure, Program: "enter", Kind: "kfunc", Access: "bpf_<new>", Symbol: true, Cause: "a module may have it", Help: "name the module's types"}
	guarded = failure{Object: "b.o", Class: Guarded, Program: "probe", Kind: "byte_sz", Access: "sk_buff.old", Cause: "no member is called old", Source: "b.bpf.c:7"}
)

// matrix is one of three objects, the last of which cannot be read. A row has a name and
// what fails; nil is a kernel that cannot be read.
func matrix(rows map[string][]fails) *Matrix {
	m := newMatrix(nil)
	m.Objects = []*Column{{Name: "a.o", File: "x/a.o", Programs: 2, Relocations: 5}, {Name: "b.o", File: "x/b.o", Programs: 2, Optional: 1, Relocations: 3}, {Name: "c.o", File: "x/c.o", Error: "not ELF"}}
	for name, cells := range rows {
		r := &Row{Name: name, File: "k/" + name + ".btf"}
		for i, c := range m.Objects {
			switch {
			case cells == nil:
				r.Error = "BTF of 3 bytes"
				r.Cells = append(r.Cells, c.unread(fmt.Errorf("%s", r.Error)))
			case c.Error != "":
				r.Cells = append(r.Cells, c.unread(fmt.Errorf("%s", c.Error)))
			default:
				r.Cells = append(r.Cells, &Cell{Object: c.Name, Verdict: judge(cells[i]), found: slices.Clone(cells[i])})
			}
		}
		m.add(r)
	}
	m.finish()
	return m
}

// readable is a matrix without the object that cannot be read.
func readable(rows map[string][]fails) *Matrix {
	m := matrix(rows)
	for _, r := range m.Kernels {
		r.Cells = r.Cells[:2]
	}
	return m
}

// sample has one of everything. Its kernels come in any order.
func sample() *Matrix {
	m := matrix(map[string][]fails{
		"5.4":  {{renamed, renamedToo, renamed}, {missing, guarded}},
		"5.10": {{renamed}, {guarded}},
		"5.14": {{perhaps}, {}},
		"5.15": nil,
		"6.1":  {{}, {}},
	})
	m.Kernels[4].Modules, m.Kernels[4].Unread = []string{"btrfs"}, []string{"module tun: no"}
	return m
}

func printed(t *testing.T, m *Matrix, format render.Format) string {
	t.Helper()
	var b bytes.Buffer
	p := render.New(&b, render.NewTalk(&b, true), format)
	if err := p.One(m); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestMatrixText(t *testing.T) {
	const want = `      a.o      b.o      c.o
5.4   no       yes*     unknown
5.10  no       yes      unknown
5.14  unknown  yes      unknown
5.15  unknown  unknown  unknown
6.1   yes      yes      unknown

c.o: not ELF
5.15: BTF of 3 bytes
6.1: module tun: no

a.o does not fit everywhere:
	byte_off task_struct.state: no member is called state
		it is called __state since 5.14
		in enter (a.bpf.c:12), leave > get (a.bpf.c:9)
		on 5.4, 5.10

a.o may not fit everywhere:
	kfunc bpf_<new>: a module may have it
		name the module's types
		in enter
		on 5.14

b.o has optional parts (*) that do not fit everywhere:
	type_size struct <gone> & �[31mco: there is no such type
		in maybe
		on 5.4

b.o has accesses that fail where they are never made:
	byte_sz sk_buff.old: no member is called old
		in probe (b.bpf.c:7)
		on 5.4, 5.10

3 objects, 5 kernels: 5 fit, 2 do not, 8 unknown
`
	got, rest, _ := strings.Cut(printed(t, sample(), render.Plain), "Only types are looked at.")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, u := range unseen {
		if !strings.Contains(rest, "\t"+u+"\n") {
			t.Errorf("does not tell that it does not know %s", u)
		}
	}
}

// TestMatrixWide has more objects than a line has place for.
func TestMatrixWide(t *testing.T) {
	m := newMatrix(nil)
	r := &Row{Name: "5.4"}
	for i := range 12 {
		name := fmt.Sprintf("with_a_long_name_%02d.o", i)
		m.Objects = append(m.Objects, &Column{Name: name})
		r.Cells = append(r.Cells, &Cell{Object: name, Verdict: verdict.Verdict{Answer: verdict.Yes}})
	}
	m.add(r)
	m.finish()
	got := printed(t, m, render.Plain)
	if !strings.HasPrefix(got, "1: with_a_long_name_00.o\n2: ") || !strings.Contains(got, "\n\n     1        2        3") {
		t.Errorf("%s", got)
	}
}

func TestMatrixJSON(t *testing.T) {
	want := `{"objects":[
{"name":"a.o","file":"x/a.o","programs":2,"optional_programs":0,"relocations":5},
{"name":"b.o","file":"x/b.o","programs":2,"optional_programs":1,"relocations":3},
{"name":"c.o","file":"x/c.o","programs":0,"optional_programs":0,"relocations":0,"error":"not ELF"}],
"kernels":[
{"name":"5.4","file":"k/5.4.btf","verdicts":[
{"object":"a.o","verdict":"no","evidence":"3 relocations of 2 programs cannot be resolved","failures":[0,1]},
{"object":"b.o","verdict":"yes","evidence":"without 1 optional program that cannot be loaded","failures":[3,4]},
{"object":"c.o","verdict":"unknown","evidence":"not ELF"}]},
{"name":"5.10","file":"k/5.10.btf","verdicts":[
{"object":"a.o","verdict":"no","evidence":"1 relocation of 1 program cannot be resolved","failures":[0]},
{"object":"b.o","verdict":"yes","failures":[4]},
{"object":"c.o","verdict":"unknown","evidence":"not ELF"}]},
{"name":"5.14","file":"k/5.14.btf","verdicts":[
{"object":"a.o","verdict":"unknown","evidence":"1 name of 1 program may be of modules whose types are not given","failures":[2]},
{"object":"b.o","verdict":"yes"},
{"object":"c.o","verdict":"unknown","evidence":"not ELF"}]},
{"name":"5.15","file":"k/5.15.btf","error":"BTF of 3 bytes","verdicts":[
{"object":"a.o","verdict":"unknown","evidence":"BTF of 3 bytes"},
{"object":"b.o","verdict":"unknown","evidence":"BTF of 3 bytes"},
{"object":"c.o","verdict":"unknown","evidence":"BTF of 3 bytes"}]},
{"name":"6.1","file":"k/6.1.btf","modules":["btrfs"],"unread":["module tun: no"],"verdicts":[
{"object":"a.o","verdict":"yes"},
{"object":"b.o","verdict":"yes"},
{"object":"c.o","verdict":"unknown","evidence":"not ELF"}]}],
"failures":[
{"id":0,"object":"a.o","class":"required","program":"enter","kind":"byte_off","access":"task_struct.state","cause":"no member is called state","help":"it is called __state since 5.14","source":"a.bpf.c:12","code":"\tx = t->state;","kernels":["5.4","5.10"]},
{"id":1,"object":"a.o","class":"required","program":"leave","function":"get","kind":"byte_off","access":"task_struct.state","cause":"no member is called state","help":"it is called __state since 5.14","source":"a.bpf.c:9","kernels":["5.4"]},
{"id":2,"object":"a.o","class":"unknown","program":"enter","kind":"kfunc","access":"bpf_<new>","cause":"a module may have it","help":"name the module's types","kernels":["5.14"]},
{"id":3,"object":"b.o","class":"optional","program":"maybe","kind":"type_size","access":"struct <gone> & \u001b[31mco","cause":"there is no such type","kernels":["5.4"]},
{"id":4,"object":"b.o","class":"guarded","program":"probe","kind":"byte_sz","access":"sk_buff.old","cause":"no member is called old","source":"b.bpf.c:7","kernels":["5.4","5.10"]}],
"summary":{"yes":5,"no":2,"denied":0,"unknown":8},
"unseen":[`
	got := printed(t, sample(), render.JSON)
	if !json.Valid([]byte(got)) {
		t.Errorf("not JSON: %s", got)
	}
	if want = strings.ReplaceAll(want, "\n", ""); !strings.HasPrefix(got, want) {
		t.Errorf("(-want +got):\n%s", cmp.Diff(strings.SplitAfter(want, ","), strings.SplitAfter(got, ",")))
	}
}

// TestMatrixNames has kernels and failures that are called alike.
func TestMatrixNames(t *testing.T) {
	m := newMatrix(nil)
	m.Objects = []*Column{{Name: "a.o"}}
	for _, dir := range []string{"y", "x"} {
		m.add(&Row{Name: "5.4", File: dir + "/5.4.btf", Cells: []*Cell{{Object: "a.o"}}})
	}
	m.finish()
	if m.Kernels[0].Name != "x/5.4.btf" || m.Kernels[1].Name != "y/5.4.btf" {
		t.Errorf("%q, %q", m.Kernels[0].Name, m.Kernels[1].Name)
	}
	m = newMatrix([]string{"x/a.o", "y/a.o", "b.o", "y/../b.o"})
	if got := []string{m.Objects[0].Name, m.Objects[1].Name, m.Objects[2].Name}; !slices.Equal(got, []string{"x/a.o", "y/a.o", "b.o"}) {
		t.Errorf("%q", got)
	}
	if len(m.Objects) != 3 {
		t.Errorf("%d objects", len(m.Objects))
	}
}

func TestSome(t *testing.T) {
	many := strings.Split("abcdefghijkl", "")
	tests := []struct {
		list []string
		all  int
		want string
	}{
		{many[:1], 1, "a"},
		{many[:2], 3, "a, b"},
		{many[:3], 3, "all 3 kernels"},
		{many[:9], 20, "a, b, c, d, e, f, g, h, i"},
		{many, 20, "a, b, c, d, e, f, g, h and 4 more"},
	}
	for _, tt := range tests {
		if got := some(tt.list, tt.all); got != tt.want {
			t.Errorf("some(%d of %d) = %q, want %q", len(tt.list), tt.all, got, tt.want)
		}
	}
}

func TestStatus(t *testing.T) {
	tests := []struct {
		name string
		rows map[string][]fails
		want error
	}{
		{"all fits", map[string][]fails{"5.4": {{}, {}}}, nil},
		{"one fits, one is not known", map[string][]fails{"5.4": {{}, {}}, "5.5": nil}, call.ErrUnknown},
		{"optional and guarded", map[string][]fails{"5.4": {{}, {missing, guarded}}}, nil},
		{"required", map[string][]fails{"5.4": {{}, {}}, "5.5": {{renamed}, {}}}, call.ErrNo},
		{"required, and one is not known", map[string][]fails{"5.4": nil, "5.5": {{renamed}, {}}}, call.ErrNo},
		{"nothing is known", map[string][]fails{"5.4": nil}, call.ErrUnknown},
		{"a module may have it", map[string][]fails{"5.4": {{perhaps}, {}}}, call.ErrUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := readable(tt.rows).status(); got != tt.want {
				t.Errorf("status() = %v, want %v", got, tt.want)
			}
		})
	}
}
