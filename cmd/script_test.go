package cmd_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/google/go-cmp/cmp"

	"golang.org/x/sys/unix"
	"golang.org/x/tools/txtar"

	"github.com/gobpftool/gobpftool/cmd"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/differences"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestScript runs testdata/script/*.txtar at the top of the module. A script is
// a list of commands, then the files they need. Words may be quoted; $NAME is
// replaced by a variable of the script or of the environment.
//
//	need WHAT...             skip, or fail in CI, unless it is there: see [fixture.Need]
//	have KIND ROW [as NAME]  make a prog, map or link of package fixture; $ID is its ID,
//	                         $TAG the tag of a prog,
//	                         $BY $WHICH the name of a map, if it has one
//	each KIND [PATTERN...]   go on with each row of the kind that this kernel can make,
//	                         or those that match one of the patterns
//	pin PATH                 pin the object made last below $BPFFS
//	gobpftool ARGS...        run the tool in this process; it must succeed
//	! gobpftool ARGS...      it must fail
//	as NAME                  it is started under the NAME from here on
//	status N                 the exit status of the last command was N
//	nobody ARGS...           run the tool without any rights
//	without WHAT ARGS...     run the tool where something is missing: bpffs,
//	                         procfs or kallsyms, or the right to see addresses
//	reference ARGS...        run the reference; it must succeed
//	same ARGS...             the tool and the reference print the same, but for
//	                         testdata/differences.txt
//	stdout|stderr REGEXP     the last command printed a match
//	! stdout|stderr REGEXP   it did not
//	empty stdout|stderr      it printed nothing there
//	cmp stdout FILE          it printed exactly the FILE of the script
//	equal PATH PATH          two files have the same bytes, and not none
//	json                     it printed one JSON document
//	mounted DIR              a file system is mounted on DIR
//	! mounted DIR            there is none
//	unmount DIR              unmount it
//	remove PATH...           remove files and directories
//	btf FILE [BASE]          the FILE of the script, a dump in format raw, becomes
//	                         the BTF that it shows, on that of BASE
//	stdin FILE               the next commands read the FILE of the script
func TestScript(t *testing.T) {
	files, err := filepath.Glob("../testdata/script/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := &script{t: t, name: "gobpftool", file: filepath.Base(file), dir: t.TempDir(), vars: map[string]string{"BPFFS": fixture.BPFFS(), "CGROUP": fixture.Cgroup()}}
			s.vars["DIR"] = s.dir
			for _, f := range ar.Files {
				name := filepath.Join(s.dir, f.Name)
				if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, f.Data, 0o666)); err != nil {
					t.Fatal(err)
				}
			}
			s.lines(strings.Split(string(ar.Comment), "\n"), 1)
		})
	}
}

type script struct {
	t              *testing.T
	file, dir      string
	name           string // under which the tool is started
	vars           map[string]string
	last           *fixture.Object
	stdin          []byte
	stdout, stderr string
	status         int
}

// lines runs lines of the script, the first of which has number n.
func (s *script) lines(lines []string, n int) {
	s.t.Helper()
	for i, line := range lines {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		words := s.words(line)
		if words[0] == "each" {
			s.each(words[1:], lines[i+1:], n+i+1)
			return
		}
		if err := s.run(words); err != nil {
			s.t.Fatalf("%s:%d: %s: %v", s.file, n+i, line, err)
		}
	}
}

// each runs the rest of the script for each row of a kind, or those that match a pattern
// of which.
func (s *script) each(which, rest []string, n int) {
	for _, row := range rows(s.t, which[0]) {
		matches := func(pattern string) bool {
			ok, err := path.Match(pattern, row.Type)
			return ok && err == nil
		}
		if len(which) > 1 && !slices.ContainsFunc(which[1:], matches) {
			continue
		}
		s.t.Run(row.Type, func(t *testing.T) {
			inner := *s
			inner.t, inner.vars = t, make(map[string]string)
			for k, v := range s.vars {
				inner.vars[k] = v
			}
			inner.have(row)
			inner.lines(rest, n)
		})
	}
}

func rows(t *testing.T, kind string) []fixture.Row {
	switch kind {
	case "prog":
		return fixture.Progs
	case "map":
		return fixture.Maps
	case "link":
		return fixture.Links
	}
	t.Fatalf("no rows of kind %q", kind)
	return nil
}

func (s *script) have(row fixture.Row) {
	o, err := row.Make()
	if errors.Is(err, ebpf.ErrNotSupported) {
		s.t.Skip(err) // not a matter of what is installed
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := o.Close(); err != nil {
			s.t.Errorf("closing %s: %v", row.Type, err)
		}
	})
	s.last = o
	s.vars["ID"] = strconv.Itoa(int(o.ID))
	s.vars["BY"], s.vars["WHICH"] = "id", s.vars["ID"]
	if name := mapName(o); name != "" {
		s.vars["BY"], s.vars["WHICH"] = "name", name
	}
	if info, err := bpf.ReadProgInfo(bpf.FD(o.FD())); err == nil {
		s.vars["TAG"] = hex.EncodeToString(info.Tag[:])
	}
}

// mapName returns the name that the kernel has for a map, or "".
func mapName(o *fixture.Object) string {
	if o.Kind != "map" {
		return ""
	}
	info, err := bpf.ReadMapInfo(bpf.FD(o.FD()))
	if err != nil {
		return ""
	}
	return info.Name()
}

var wordPattern = regexp.MustCompile(`'[^']*'|\S+`)

func (s *script) words(line string) []string {
	var words []string
	for _, w := range wordPattern.FindAllString(line, -1) {
		if w[0] == '\'' {
			words = append(words, strings.Trim(w, "'"))
			continue
		}
		words = append(words, os.Expand(w, func(name string) string {
			if v, ok := s.vars[name]; ok {
				return v
			}
			return "$" + name // such as the end of a regular expression
		}))
	}
	return words
}

func (s *script) run(words []string) error {
	rest := words[1:]
	switch words[0] {
	case "need":
		for _, w := range rest {
			fixture.Need(s.t, fixture.Requirement(w))
		}
	case "have":
		row, ok := fixture.Find(rows(s.t, rest[0]), rest[1])
		if !ok {
			return fmt.Errorf("no row %q", rest[1])
		}
		if len(rest) == 4 {
			row = row.Named(rest[3])
		}
		s.have(row)
	case "pin":
		return s.pin(rest[0])
	case "gobpftool":
		if s.gobpftool(rest); s.status != 0 {
			return fmt.Errorf("exit status %d\n%.1000s%.1000s", s.status, s.stdout, s.stderr)
		}
	case "reference":
		return s.reference(rest)
	case "nobody":
		return s.nobody(rest)
	case "without":
		return s.without(rest[0], rest[1:])
	case "!":
		return s.not(rest)
	case "status":
		if strconv.Itoa(s.status) != rest[0] {
			return fmt.Errorf("exit status %d\n%.1000s%.1000s", s.status, s.stdout, s.stderr)
		}
	case "as":
		s.name = rest[0]
	case "same":
		return s.same(rest)
	case "btf":
		return s.btf(rest)
	case "unmount":
		return syscall.Unmount(rest[0], syscall.MNT_DETACH)
	case "remove":
		for _, path := range rest {
			if _, err := os.Lstat(path); err != nil {
				return err
			}
			if err := os.RemoveAll(path); err != nil {
				return err
			}
		}
	case "equal":
		a, err := os.ReadFile(rest[0])
		b, err2 := os.ReadFile(rest[1])
		if err := errors.Join(err, err2); err != nil {
			return err
		}
		if len(a) == 0 || !bytes.Equal(a, b) {
			return fmt.Errorf("%d and %d bytes", len(a), len(b))
		}
	case "stdin":
		var err error
		s.stdin, err = os.ReadFile(filepath.Join(s.dir, rest[0]))
		return err
	default:
		return s.check(words)
	}
	return nil
}

func (s *script) not(words []string) error {
	if words[0] != "gobpftool" {
		if s.check(words) == nil {
			return fmt.Errorf("it did, in:\n%.1000s%.1000s", s.stdout, s.stderr)
		}
		return nil
	}
	if s.gobpftool(words[1:]); s.status == 0 {
		return fmt.Errorf("unexpected success\n%.1000s", s.stdout)
	}
	return nil
}

// check looks at what the last command printed.
func (s *script) check(words []string) error {
	text := s.stdout
	if len(words) > 1 && words[1] == "stderr" || words[0] == "stderr" {
		text = s.stderr
	}
	switch words[0] {
	case "stdout", "stderr":
		re, err := regexp.Compile("(?m)" + strings.Join(words[1:], " "))
		if err != nil {
			return err
		}
		if !re.MatchString(text) {
			return fmt.Errorf("no match in:\n%.1000s", text)
		}
	case "empty":
		if text != "" {
			return fmt.Errorf("it is:\n%.1000s", text)
		}
	case "cmp":
		want, err := os.ReadFile(filepath.Join(s.dir, words[2]))
		if err != nil {
			return err
		}
		if diff := cmp.Diff(string(want), text); diff != "" {
			return fmt.Errorf("-%s +%s:\n%s", words[2], words[1], diff)
		}
	case "mounted":
		var here, above syscall.Stat_t
		if err := errors.Join(syscall.Stat(words[1], &here), syscall.Stat(filepath.Dir(words[1]), &above)); err != nil {
			return err
		}
		if here.Dev == above.Dev {
			return errors.New("nothing is mounted")
		}
	case "json":
		if !json.Valid([]byte(text)) {
			return fmt.Errorf("not one JSON document: %.1000s", text)
		}
	default:
		return errors.New("unknown command")
	}
	return nil
}

// btf turns a file of the script into BTF.
func (s *script) btf(files []string) error {
	var base []byte
	path := filepath.Join(s.dir, files[0])
	dump, err := os.ReadFile(path)
	if len(files) > 1 && err == nil {
		base, err = os.ReadFile(filepath.Join(s.dir, files[1]))
	}
	if err != nil {
		return err
	}
	return os.WriteFile(path, fixture.BTF(s.t, string(dump), base), 0o666)
}

func (s *script) pin(path string) error {
	if s.last == nil {
		return errors.New("no object to pin")
	}
	if err := s.last.Pin(path); err != nil {
		return err
	}
	s.cleanup(path)
	return nil
}

// cleanup sees to it that a path goes with the test.
func (s *script) cleanup(path string) { s.t.Cleanup(func() { os.Remove(path) }) }

// reference runs the reference.
func (s *script) reference(args []string) error {
	tool, _ := fixture.Reference()
	if err := s.exec(exec.Command(tool, args...)); err != nil {
		return err
	}
	if s.status != 0 {
		return fmt.Errorf("exit status %d\n%.1000s%.1000s", s.status, s.stdout, s.stderr)
	}
	return nil
}

func (s *script) gobpftool(args []string) {
	var stdout, stderr bytes.Buffer
	std := cmd.Streams{In: bytes.NewReader(s.stdin), Out: &stdout, Err: &stderr}
	s.status = cmd.Main(context.Background(), append([]string{s.name}, args...), std)
	s.stdout, s.stderr = stdout.String(), stderr.String()
}

// nobody runs the tool as a user without any rights.
func (s *script) nobody(args []string) error {
	// A copy, since others may not be able to look into where tests are built.
	tool := filepath.Join(s.dir, "gobpftool")
	if _, err := os.Stat(tool); err != nil {
		if err := copyProgram("/proc/self/exe", tool); err != nil {
			return err
		}
	}
	for dir := s.dir; dir != "/" && dir != "."; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o011 != 0o011 && strings.Contains(dir, "TestScript") {
			os.Chmod(dir, info.Mode().Perm()|0o011)
		}
	}
	c := exec.Command(tool, args...)
	c.Env = append(os.Environ(), asToolVar+"=1")
	c.Dir = "/"
	if os.Geteuid() == 0 { // others have no rights that they could give up
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	return s.exec(c)
}

// missing are shell commands that take something away from the processes of one
// mount namespace.
var missing = map[string]string{
	"bpffs":    `umount -l "$BPFFS"`,
	"procfs":   "umount -l /proc",
	"kallsyms": "mount -o bind /dev/null /proc/kallsyms",
}

func (s *script) without(what string, args []string) error {
	tool := filepath.Join(s.dir, "gobpftool")
	if err := copyProgram("/proc/self/exe", tool); err != nil {
		return err
	}
	env := append(os.Environ(), asToolVar+"=1", "BPFFS="+fixture.BPFFS())
	if what == "addresses" {
		c := exec.Command(tool, args...)
		c.Env = env
		return s.blind(c)
	}
	c := exec.Command("unshare", append([]string{"-m", "sh", "-c", missing[what] + ` && exec "$@"`, "sh", tool}, args...)...)
	c.Env = env
	return s.exec(c)
}

// blind is exec without the right to see addresses of the kernel.
func (s *script) blind(c *exec.Cmd) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		err := unix.Prctl(unix.PR_CAPBSET_DROP, unix.CAP_SYSLOG, 0, 0, 0)
		if err == nil {
			err = s.exec(c)
		}
		done <- err
	}()
	return <-done
}

func copyProgram(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o755)
}

// exec runs a program and takes over what it prints. The error is that of not
// being able to run it.
func (s *script) exec(c *exec.Cmd) error {
	var stdout, stderr bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(s.stdin), &stdout, &stderr
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err
	}
	s.stdout, s.stderr, s.status = stdout.String(), stderr.String(), c.ProcessState.ExitCode()
	return nil
}

// library matches what the reference's library says, which is no part of the
// tool's interface.
var library = regexp.MustCompile(`(?m)^libbpf: .*\n`)

// timing matches for how long a program ran, which is another time each time.
var timing = regexp.MustCompile(`(duration(?: \(average\))?: |"duration": ?)[0-9]+`)

// same compares the tool with the reference.
func (s *script) same(args []string) error {
	for tries := 3; ; tries-- {
		ticked, err := s.compare(args)
		if err == nil || !ticked || tries == 0 {
			return err
		}
	}
}

// loadedAt is when a program was loaded: each tool makes it of two clocks, which are read one after the
// other, so that it may be off by a second.
var loadedAt = regexp.MustCompile(`(loaded_at[": ]+)[-0-9:T+]+`)

// compare is one try of same. ticked reports whether nothing but that second is different.
func (s *script) compare(args []string) (ticked bool, err error) {
	tool, _ := fixture.Reference()
	if err := s.exec(exec.Command(tool, args...)); err != nil {
		return false, err
	}
	stdout, stderr, status := timing.ReplaceAllString(s.stdout, "${1}0"), library.ReplaceAllString(s.stderr, ""), s.status
	s.gobpftool(args)
	s.stdout = timing.ReplaceAllString(s.stdout, "${1}0")

	command := differences.Command(args)
	if diff := shared().Compare(command, stdout, s.stdout); diff != "" {
		timeless := func(text string) string { return loadedAt.ReplaceAllString(text, "${1}0") }
		return shared().Compare(command, timeless(stdout), timeless(s.stdout)) == "", fmt.Errorf("on stdout, %s", diff)
	}
	if diff := shared().Compare(command, stderr, s.stderr); diff != "" {
		return false, fmt.Errorf("on stderr, %s", diff)
	}
	theirs, ours := differences.Outcome{Stdout: stdout, Stderr: stderr, Status: status}, differences.Outcome{Stdout: s.stdout, Stderr: s.stderr, Status: s.status}
	if !shared().Status(command, theirs, ours) {
		return false, fmt.Errorf("exit status %d, the reference's %d", s.status, status)
	}
	return false, nil
}
