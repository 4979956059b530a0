package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// An order tells a launcher what to run. It travels as JSON.
type order struct {
	Alone    bool       // the launcher is in namespaces of its own and must mount /proc
	Runs     int        // how often each command is run, the first uncounted run aside
	Commands [][]string // program and arguments of each
	Clear    string     // a directory of which each run leaves something, which is taken away; or ""
}

// A report is what a launcher answers. It travels as JSON.
type report struct {
	Series []series // one for each command of the order
	Floor  int64    // peak memory of the launcher itself, in bytes; see the package comment
}

// A series is what was measured of one command.
type series struct {
	Wall   []time.Duration // from before fork to after wait, one for each run
	Peak   int64           // largest ru_maxrss of all runs, in bytes
	Failed string          // how a run failed, or ""; then the rest means nothing
}

// launch is the whole life of a launcher: it reads an order, carries it out,
// and writes a report.
func launch(in io.Reader, out io.Writer) error {
	var o order
	if err := json.NewDecoder(in).Decode(&o); err != nil {
		return fmt.Errorf("order: %w", err)
	}
	if o.Alone {
		if err := mountProc(); err != nil {
			return err
		}
	}
	r, err := carryOut(o)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(r)
}

// mountProc puts a /proc of the current PID namespace over the inherited one.
// The mount is seen only in the current mount namespace and goes with it.
func mountProc() error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("private mounts: %w", err)
	}
	if err := syscall.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return fmt.Errorf("mount of /proc: %w", err)
	}
	return nil
}

// carryOut runs the commands in turns. Every other turn goes backwards, lest
// one command always follow the other.
func carryOut(o order) (*report, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer null.Close()

	r := &report{Series: make([]series, len(o.Commands))}
	for i, command := range o.Commands {
		r.Series[i].warmUp(command)
		if err := o.clear(); err != nil {
			return nil, err
		}
	}
	for turn := range o.Runs {
		for i := range o.Commands {
			if turn%2 == 1 {
				i = len(o.Commands) - 1 - i
			}
			r.Series[i].add(o.Commands[i], null)
			if err := o.clear(); err != nil {
				return nil, err
			}
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return nil, err
	}
	if r.Floor, err = highWater(status); err != nil {
		return nil, fmt.Errorf("own memory: %w", err)
	}
	return r, nil
}

// clear takes away what a run has left.
func (o order) clear() error {
	if o.Clear == "" {
		return nil
	}
	list, err := os.ReadDir(o.Clear)
	if err != nil {
		return err
	}
	for _, e := range list {
		if strings.HasSuffix(e.Name(), ".debug") { // the kernel's own
			continue
		}
		if err := os.RemoveAll(filepath.Join(o.Clear, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// highWater returns the largest amount of memory, in bytes, that a process
// whose /proc/PID/status is given has occupied since its exec. (Its own
// ru_maxrss would include what its parent occupied.)
func highWater(status []byte) (int64, error) {
	for line := range strings.Lines(string(status)) {
		value, ok := strings.CutPrefix(line, "VmHWM:")
		if !ok {
			continue
		}
		kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		return kib << 10, err
	}
	return 0, errors.New("no VmHWM in /proc/self/status")
}

// warmUp runs a command uncounted and sees to it that a failure is explained.
func (s *series) warmUp(command []string) {
	var stderr bytes.Buffer
	c := exec.Command(command[0], command[1:]...)
	c.Stderr = &stderr
	if err := c.Run(); err != nil {
		s.Failed = err.Error()
		if line, _, _ := bytes.Cut(stderr.Bytes(), []byte("\n")); len(line) > 0 {
			s.Failed += ": " + string(line)
		}
	}
}

// add measures one run of a command, unless one failed before. The command's
// standard input, output and error are null.
func (s *series) add(command []string, null *os.File) {
	if s.Failed != "" {
		return
	}
	attr := &os.ProcAttr{Files: []*os.File{null, null, null}}
	start := time.Now()
	p, err := os.StartProcess(command[0], command, attr)
	if err != nil {
		s.Failed = err.Error()
		return
	}
	state, err := p.Wait()
	wall := time.Since(start)
	switch {
	case err != nil:
		s.Failed = err.Error()
	case !state.Success():
		s.Failed = state.String()
	default:
		s.Wall = append(s.Wall, wall)
		// ru_maxrss is in KiB.
		s.Peak = max(s.Peak, int64(state.SysUsage().(*syscall.Rusage).Maxrss)<<10)
	}
}
