package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/gobpftool/gobpftool/internal/unpack"
)

// kernelsVar names a directory with the types of kernels, RELEASE.btf.xz. Without it those
// of the running kernel stand for all.
const kernelsVar = "BENCH_KERNELS"

const (
	kernelCount = 12  // that objects are checked against
	manyKernels = 100 // from which the time for more is told
	vmlinux     = "/sys/kernel/btf/vmlinux"
)

// checked is the object that is checked. It fits all kernels.
const checked = "bench/testdata/check.bpf.o"

// addKernels puts files of kernels' types into directories below dir: "raw", "xz", and
// "many", which has those of xz again and again under other names.
func addKernels(ctx context.Context, dir string) error {
	for _, d := range []string{"raw", "xz", "many"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o777); err != nil {
			return err
		}
	}
	packed, err := packedKernels(ctx, dir)
	if err != nil {
		return err
	}
	for i := range kernelCount {
		from, name := packed[i%len(packed)], fmt.Sprintf("%d.btf", i)
		if err := errors.Join(copyInside(from, filepath.Join(dir, "raw", name)), copyFile(from, filepath.Join(dir, "xz", name+".xz"))); err != nil {
			return err
		}
	}
	for i := range manyKernels {
		from := filepath.Join(dir, "xz", fmt.Sprintf("%d.btf.xz", i%kernelCount))
		if err := os.Link(from, filepath.Join(dir, "many", fmt.Sprintf("%d.btf.xz", i))); err != nil {
			return err
		}
	}
	return nil
}

// packedKernels returns the paths of compressed types of kernels.
func packedKernels(ctx context.Context, dir string) ([]string, error) {
	if from := os.Getenv(kernelsVar); from != "" {
		list, err := filepath.Glob(filepath.Join(from, "*.btf.xz"))
		if err == nil && len(list) == 0 {
			err = fmt.Errorf("no RELEASE.btf.xz in %s", from)
		}
		return list, err
	}
	path := filepath.Join(dir, "running.btf.xz")
	out, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, "xz", "-c", vmlinux)
	c.Stdout = out
	return []string{path}, errors.Join(c.Run(), out.Close())
}

// copyInside writes what is inside of a compressed file.
func copyInside(from, to string) error {
	in, err := unpack.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	return writeFile(to, in.Reader())
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	return writeFile(to, in)
}

func writeFile(path string, in io.Reader) error {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
