package audit_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/audit"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// situationVar makes the test binary a process that brings itself into a situation, and prints the state that it
// reads there.
const situationVar = "GOBPFTOOL_AUDIT_SITUATION"

func TestMain(m *testing.M) {
	if what := os.Getenv(situationVar); what != "" {
		if err := inSituation(what); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	fixture.Main(m)
}

// A situation is what a process sees of the system, by mounts of its own over what there is, and what it may do.
type situation struct {
	Dir     string            // an empty directory
	Empty   []string          // directories with nothing in them but Files
	Files   map[string][]byte // what files have, by their paths
	Private []string          // those that only root reads
	Mounts  []string          // types and directories of file systems that are mounted
	Unmount bool              // no bpffs and no tracefs is mounted but these
	Modules *string           // /proc/modules

	Confined fixture.Confinement
	Memlock  *uint64 // the limit of locked memory, in bytes
	Old      bool    // the kernel calls itself 2.6
}

// inSituation reads the state in a situation, and prints it.
func inSituation(what string) error {
	var s situation
	if err := json.Unmarshal([]byte(what), &s); err != nil {
		return err
	}
	if s.Dir != "" {
		path, err := os.Executable()
		if err != nil {
			return err
		}
		if err := s.enter(); err != nil {
			return err
		}
		s.Dir = ""
		text, err := json.Marshal(s)
		if err != nil {
			return err
		}
		if !slices.Contains(s.Empty, "/proc") {
			path = "/proc/self/exe" // which needs no right to the folder where it is
		}
		c := exec.Command(path)
		c.Env = append(os.Environ(), situationVar+"="+string(text))
		out, err := s.Confined.Output(c)
		os.Stdout.Write(out)
		return err
	}
	return s.print()
}

// print prints the state, read by a thread that sees what the kernel calls itself.
func (s *situation) print() error {
	runtime.LockOSThread()
	if s.Old {
		const uname26 = 0x20000 // UNAME26 of include/uapi/linux/personality.h
		config := bootConfig()
		if _, _, errno := unix.Syscall(unix.SYS_PERSONALITY, uname26, 0, 0); errno != 0 {
			return errno
		}
		if err := os.Symlink(config, bootConfig()); err != nil {
			return err
		}
	}
	if s.Memlock != nil {
		if err := unix.Setrlimit(unix.RLIMIT_MEMLOCK, &unix.Rlimit{Cur: *s.Memlock, Max: *s.Memlock}); err != nil {
			return err
		}
	}
	return json.NewEncoder(os.Stdout).Encode(audit.Read())
}

// enter mounts what makes the situation, in a mount namespace of the process.
func (s *situation) enter() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", s.Dir, "tmpfs", 0, ""); err != nil {
		return err
	}
	if s.Unmount {
		for _, dir := range append(bpffs.Mounts(), bpffs.MountsOf("tracefs")...) {
			if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
				return fmt.Errorf("unmounting %s: %w", dir, err)
			}
		}
	}
	for _, dir := range s.Empty {
		if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "mode=0755"); err != nil {
			return fmt.Errorf("emptying %s: %w", dir, err)
		}
	}
	for path, text := range s.Files {
		if err := s.put(path, text); err != nil {
			return err
		}
	}
	for _, m := range s.Mounts {
		typ, dir, _ := strings.Cut(m, " ")
		if err := unix.Mount(typ, dir, typ, 0, ""); err != nil {
			return fmt.Errorf("mounting %s: %w", m, err)
		}
	}
	if s.Modules != nil {
		return s.proc()
	}
	return nil
}

// put makes a file have a text: it is made if it is not there, or mounted over.
func (s *situation) put(path string, text []byte) error {
	mode := fs.FileMode(0o644)
	if slices.Contains(s.Private, path) {
		mode = 0o600
	}
	made := path
	_, err := os.Stat(path)
	if err == nil {
		made = filepath.Join(s.Dir, strings.ReplaceAll(path, "/", "_"))
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(made), 0o755), os.WriteFile(made, text, mode)); err != nil {
		return err
	}
	if made == path {
		return nil
	}
	if err := unix.Mount(made, path, "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("mounting over %s: %w", path, err)
	}
	return nil
}

// proc puts a directory in the place of /proc that has modules, which not every kernel loads.
func (s *situation) proc() error {
	dir := filepath.Join(s.Dir, "proc")
	err := errors.Join(
		os.MkdirAll(filepath.Join(dir, "sys"), 0o755), os.Mkdir(filepath.Join(dir, "self"), 0o755), os.Mkdir(filepath.Join(dir, "thread-self"), 0o755),
		os.Symlink("self/mounts", filepath.Join(dir, "mounts")), os.WriteFile(filepath.Join(dir, "modules"), []byte(*s.Modules), 0o644),
		unix.Mount("/proc/sys", filepath.Join(dir, "sys"), "", unix.MS_BIND|unix.MS_REC, ""),
		unix.Mount(fmt.Sprintf("/proc/%d", os.Getpid()), filepath.Join(dir, "self"), "", unix.MS_BIND, ""),
		unix.Mount(fmt.Sprintf("/proc/%d/task/%[1]d", os.Getpid()), filepath.Join(dir, "thread-self"), "", unix.MS_BIND, ""),
	)
	if err != nil {
		return err
	}
	return unix.Mount(dir, "/proc", "", unix.MS_BIND|unix.MS_REC, "")
}

// read returns the state in the situation.
func (s situation) read(t *testing.T) *audit.State {
	t.Helper()
	s.Dir = t.TempDir()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command("/proc/self/exe")
	c.Env = append(os.Environ(), situationVar+"="+string(text))
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNS}
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	state := new(audit.State)
	if err := json.Unmarshal(out, state); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return state
}
