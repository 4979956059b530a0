package decl
import ("testing";"os";"time";"path/filepath";"github.com/gobpftool/gobpftool/internal/btf";"bytes")
func TestZZ(t *testing.T) {
	paths, _ := filepath.Glob(os.Getenv("ZZ"))
	for i, p := range paths {
		spec, err := btf.Open(p, nil)
		if err != nil { t.Log(p, err); continue }
		start := time.Now()
		g := NewGoTypes(spec, "Sample")
		d0 := time.Since(start)
		for id := range spec.Len() { g.Type(id) }
		var b bytes.Buffer
		err = g.Write(&b)
		d := time.Since(start)
		if d > 20*time.Millisecond || err != nil { t.Log(p, spec.Len(), b.Len(), d0, d, err, g.steps, minSteps*16+16*64*int(spec.Len())) }
		if err != nil { continue }
		src := inFile(t, g, "")
		if out := os.Getenv("ZZOUT"); out != "" {
			dir := filepath.Join(out, "s"+filepath.Base(filepath.Dir(p))+filepath.Base(p)+string(rune('a'+i%26)))
			os.MkdirAll(dir, 0o777)
			os.WriteFile(filepath.Join(dir,"x.go"), src, 0o666)
			continue
		}
		checkFormat(t, src)
		for _, arch := range []string{"amd64","386","arm"} { checkTypes(t, src, arch) }
	}
	t.Log(len(paths))
}
