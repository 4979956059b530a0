package support

//lint:file-ignore U1000 skeletons use it

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// skelFile returns the path of a program or library. One without a slash is looked for where
// such files usually are.
func skelFile(name string) (string, error) {
	if strings.Contains(name, "/") {
		return name, nil
	}
	dirs := append(filepath.SplitList(os.Getenv("PATH")), "/usr/bin", "/usr/sbin")
	if strings.HasSuffix(name, ".so") || strings.Contains(name, ".so.") {
		dirs = append(filepath.SplitList(os.Getenv("LD_LIBRARY_PATH")), "/usr/lib64", "/usr/lib")
		if triplet := map[string]string{
			"386": "i386-linux-gnu", "amd64": "x86_64-linux-gnu", "arm": "arm-linux-gnueabihf", "arm64": "aarch64-linux-gnu",
			"loong64": "loongarch64-linux-gnu", "ppc64le": "powerpc64le-linux-gnu", "riscv64": "riscv64-linux-gnu", "s390x": "s390x-linux-gnu",
		}[runtime.GOARCH]; triplet != "" {
			dirs = append(dirs, "/lib/"+triplet)
		}
	}
	for _, dir := range dirs {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); dir != "" && err == nil && !info.IsDir() {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s: not in %s", name, strings.Join(dirs, ", "))
}
