package cmd_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// tools is a directory with the tool under both of its names.
func tools(t *testing.T) string {
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"gobpftool", "bpftool"} {
		script := fmt.Sprintf("#!/bin/sh\n%s=1 exec %s \"$@\"\n", asToolVar, self)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// shellCases are lines, and what the last word of each may become.
var shellCases = []struct{ line, want string }{
	{"gobpftool pro", "prog"},
	{"bpftool prog ", "show list help dump pin load loadall attach detach tracelog run profile"},
	{"gobpftool -j prog l", "list load loadall"},
	{"gobpftool p l", "list load loadall"},
	{"gobpftool prog show --b", "--bpffs"},
	{"gobpftool prog show ", "id tag name pinned"},
	{"bpftool map show p ./some", "./somewhere"},
	{"gobpftool -B ./some", "./somewhere"},
	{"gobpftool -B ./somewhere btf s", "show"},
	{"gobpftool batch file ./some", "./somewhere"},
	{"./tools/gobpftool map show n", "name"},
}

// shell runs a script of a shell in a directory of its own, which has a file
// "somewhere" and the tools below "tools".
func shell(t *testing.T, script string, args ...string) string {
	dir := t.TempDir()
	bin := tools(t)
	if err := os.Symlink(bin, filepath.Join(dir, "tools")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "somewhere"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	scripts, err := filepath.Abs("../docs/completion")
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(args[0], append(args[1:], script)...)
	c.Dir = dir
	c.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "HOME="+dir, "SCRIPTS="+scripts, "LC_ALL=C.UTF-8")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// compareShell compares what a shell made of the cases, a line each. Shells
// have their own ideas about the order of candidates.
func compareShell(t *testing.T, got string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
	if len(lines) != len(shellCases) {
		t.Fatalf("%d lines:\n%s", len(lines), got)
	}
	for i, c := range shellCases {
		got, want := strings.Fields(lines[i]), strings.Fields(c.want)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", c.line, got, want)
		}
	}
}

func TestBash(t *testing.T) {
	fixture.Need(t, fixture.Bash)
	script := `
source "$SCRIPTS/gobpftool.bash"
try() {
	read -ra COMP_WORDS <<<"$1"
	[[ $1 == *' ' ]] && COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	_gobpftool
	echo "${COMPREPLY[*]}"
}
complete -p gobpftool bpftool >/dev/null || exit
`
	for _, c := range shellCases {
		script += fmt.Sprintf("try '%s'\n", c.line)
	}
	compareShell(t, shell(t, script, "bash", "--norc", "-c"))
}

func TestFish(t *testing.T) {
	fixture.Need(t, fixture.Fish)
	script := `source "$SCRIPTS/gobpftool.fish"
function try
	echo (complete -C $argv[1] | string replace -r '\t.*' '')
end
`
	for _, c := range shellCases {
		script += fmt.Sprintf("try '%s'\n", c.line)
	}
	compareShell(t, shell(t, script, "fish", "--no-config", "-c"))
}

// TestZsh types the lines into an interactive shell, with as many tabulators
// as there are candidates: each one puts the next candidate into the line.
func TestZsh(t *testing.T) {
	fixture.Need(t, fixture.Zsh)
	script := `
zmodload zsh/zpty
cat >rc <<'END'
PS1= ; autoload -U compinit; compinit -D -u; source "$SCRIPTS/gobpftool.zsh"
setopt menu_complete; bindkey -e; bindkey '^I' note
note() { zle complete-word; print -r -- "$BUFFER" >>noted }
zle -N note
END
await() {
	local n
	for n in {1..400}; do
		[[ -f noted ]] && (( $(wc -l <noted) >= $1 )) && return
		sleep 0.05
	done
	zpty -r -t z
	exit 1
}
try() {
	local -a lines
	rm -f noted
	zpty -w -n z "$2"${(pl:$1::\t:)}
	await $1
	lines=("${(@f)$(<noted)}")
	print -r -- ${${lines[@]% }##* }
	zpty -w -n z $'\x15'
}
zpty z zsh -f -i
zpty -w z 'source ./rc; echo >>noted'
await 1
`
	for _, c := range shellCases {
		script += fmt.Sprintf("try %d '%s'\n", len(strings.Fields(c.want)), c.line)
	}
	compareShell(t, shell(t, script, "zsh", "-f", "-c"))
}
