package attach

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/render"
)

// findFile returns the path of an executable or library. One without a slash is looked for where such files
// usually are.
func findFile(name string) (string, error) {
	if strings.Contains(name, "/") {
		return name, nil
	}
	dirs, access := searched(name)
	for _, dir := range dirs {
		path := strings.TrimRight(dir, "/") + "/" + name
		if unix.Faccessat(unix.AT_FDCWD, path, access, unix.AT_EACCESS) == nil {
			return path, nil
		}
	}
	return "", render.Hinted{
		Err:  notFound(name + ": not in " + strings.Join(dirs, ", ")),
		Hint: "a path with a slash is taken as it is",
	}
}

// searched returns where a file is looked for, and what must be allowed with it.
//
// Source: the reference, of which strace shows where it looks.
func searched(name string) (dirs []string, access uint32) {
	if strings.HasSuffix(name, ".so") || strings.Contains(name, ".so.") {
		return listed("LD_LIBRARY_PATH", append([]string{"/usr/lib64", "/usr/lib"}, append(multiarch(), "/lib64", "/lib")...)), unix.R_OK
	}
	return listed("PATH", []string{"/usr/bin", "/usr/sbin"}), unix.R_OK | unix.X_OK
}

// listed returns the directories that a variable of the environment names, and others, each once.
func listed(variable string, others []string) (dirs []string) {
	for _, dir := range append(filepath.SplitList(os.Getenv(variable)), others...) {
		if dir != "" && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// multiarch returns the directories in which Debian and its kin have libraries of this machine.
func multiarch() []string {
	triplet := map[string]string{
		"386": "i386-linux-gnu", "amd64": "x86_64-linux-gnu", "arm": "arm-linux-gnueabihf", "arm64": "aarch64-linux-gnu",
		"loong64": "loongarch64-linux-gnu", "ppc64le": "powerpc64le-linux-gnu", "riscv64": "riscv64-linux-gnu", "s390x": "s390x-linux-gnu",
	}[runtime.GOARCH]
	if triplet == "" {
		return nil
	}
	return []string{"/lib/" + triplet}
}
