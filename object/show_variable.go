package object

import (
	"bufio"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// Variable is a variable or constant of an object.
type Variable struct {
	Name        string `json:"name"`
	Map         string `json:"map"`
	Section     string `json:"section"`
	Offset      uint32 `json:"offset"` // bytes
	Size        uint32 `json:"size"`   // bytes
	Declaration string `json:"declaration,omitempty"`
	Static      bool   `json:"static,omitempty"`
	Weak        bool   `json:"weak,omitempty"`
	Hidden      bool   `json:"hidden,omitempty"`
}

// Extern is what an object uses and does not have.
type Extern struct {
	Name        string `json:"name"`
	Kind        string `json:"kind"`
	Weak        bool   `json:"weak"` // it can be loaded without
	Declaration string `json:"declaration,omitempty"`
}

func describeVariable(o *elfobj.Object, v *elfobj.Variable) Variable {
	return Variable{
		Name: v.Name, Map: v.Map.Name, Section: v.Section, Offset: v.Offset, Size: v.Size,
		Declaration: declare(o, v.Type, v.Name), Static: v.Linkage == btf.Static, Weak: v.Weak, Hidden: v.Hidden,
	}
}

var externKinds = [...]string{
	elfobj.Setting: "kconfig", elfobj.Ksym: "ksym", elfobj.Kfunc: "kfunc", elfobj.Undeclared: "undeclared",
}

func describeExtern(o *elfobj.Object, e *elfobj.Extern) Extern {
	r := Extern{Name: e.Name, Kind: externKinds[e.Kind], Weak: e.Weak, Declaration: declare(o, e.Type, e.Name)}
	if e.Kind == elfobj.Ksym && e.Type == 0 {
		r.Declaration = "void " + e.Name
	}
	return r
}

func (v Variable) plain(w *bufio.Writer) {
	fmt.Fprintf(w, "%s: map %s  offset %d  size %dB", v.Name, v.Map, v.Offset, v.Size)
	if v.Static {
		fmt.Fprint(w, "  static")
	}
	if v.Weak {
		fmt.Fprint(w, "  weak")
	}
	if v.Hidden {
		fmt.Fprint(w, "  hidden")
	}
	if v.Declaration != "" {
		fmt.Fprintf(w, "  %s", v.Declaration)
	}
	fmt.Fprintln(w)
}

func (e Extern) plain(w *bufio.Writer) {
	fmt.Fprintf(w, "%s: %s", e.Name, e.Kind)
	if e.Weak {
		fmt.Fprint(w, "  weak")
	}
	if e.Declaration != "" {
		fmt.Fprintf(w, "  %s", e.Declaration)
	}
	fmt.Fprintln(w)
}
