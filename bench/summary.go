package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"
)

// A summary is everything that the bench found out.
type summary struct {
	runs        int // of each tool, for each row
	kernel      string
	notes       []string
	descriptors int // open in all processes, while the population is held
	results     []*result
}

// write prints s as Markdown.
func (s *summary) write(out io.Writer) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# gobpftool and the C tool\n\n")
	fmt.Fprintf(w, "Written by `make bench`; how the numbers are taken is said in `bench/doc.go`.\n\n")
	fmt.Fprintf(w, "- %s, %d CPUs, %s.\n", s.kernel, runtime.NumCPU(), runtime.Version())
	fmt.Fprintf(w, "- %d programs, %d maps, %d links; %d open descriptors; %d runs of each tool for a row, %d for dumps of maps.\n",
		programs, maps, links, s.descriptors, s.runs, fewRuns)
	fmt.Fprintf(w, "- Maps that are dumped: hash tables of %d entries, keys of 4 bytes and values of %d, and a per-CPU one of %d.\n",
		entries, valueSize, perCPUEntries)
	for _, n := range s.notes {
		fmt.Fprintf(w, "- %s\n", n)
	}
	s.writeSpeed(w)
	s.writeSearches(w)
	s.writePeaks(w)
	return w.Flush() // bufio.Writer keeps its first error
}

// writeSpeed prints the wall times.
func (s *summary) writeSpeed(w io.Writer) {
	fmt.Fprintf(w, "\n## Wall time, ms\n\n")
	heading(w, "command", "surroundings", "ours, min", "ours, median", "C, min", "C, median",
		"ratio, min", "ratio, median", "goal", "verdict")
	for _, r := range s.results {
		cells := []string{"`" + r.command + "`", string(r.where), "", "", "", "", "", "", r.goal.speed(), r.speedVerdict()}
		ours, theirs := r.ours.Failed == "", r.absent == "" && r.theirs.Failed == ""
		if ours {
			cells[2], cells[3] = ms(r.ours.minimum()), ms(r.ours.median())
		}
		if theirs {
			cells[4], cells[5] = ms(r.theirs.minimum()), ms(r.theirs.median())
		}
		if ours && theirs {
			cells[6] = fmt.Sprintf("%.2f", ratio(r.ours.minimum(), r.theirs.minimum()))
			cells[7] = fmt.Sprintf("%.2f", ratio(r.ours.median(), r.theirs.median()))
		}
		line(w, cells...)
	}
}

// writeSearches prints what it costs gobpftool to find holders.
func (s *summary) writeSearches(w io.Writer) {
	fmt.Fprintf(w, "\n## Finding holders, µs for each open descriptor\n\n")
	heading(w, "command", "search", "whole command", "goal for the search", "verdict")
	for _, c := range searches(s.results) {
		goal := ""
		if c.goal > 0 {
			goal = "≤ " + us(c.goal)
		}
		n := time.Duration(s.descriptors)
		line(w, "`"+c.command+"`", us((c.with-c.without)/n), us(c.with/n), goal, c.verdict(s.descriptors))
	}
}

// writePeaks prints the memory.
func (s *summary) writePeaks(w io.Writer) {
	fmt.Fprintf(w, "\n## Peak memory, MiB\n\n")
	heading(w, "command", "surroundings", "ours", "C", "floor", "goal", "verdict")
	for _, r := range s.results {
		cells := []string{"`" + r.command + "`", string(r.where), "", "", mib(r.floor), "≤ " + mib(r.goal.memory()), r.peakVerdict()}
		if r.ours.Failed == "" {
			cells[2] = mib(r.ours.Peak)
		}
		if r.absent == "" && r.theirs.Failed == "" {
			cells[3] = mib(r.theirs.Peak)
		}
		line(w, cells...)
	}
}

// speed returns the goals of wall time in words.
func (g goal) speed() string {
	switch {
	case g.wall > 0:
		return "ours < " + ms(g.wall)
	case g.ratio > 0:
		return fmt.Sprintf("ratio ≤ %.2f", g.ratio)
	default:
		return ""
	}
}

// memory returns the goal of peak memory, in bytes.
func (g goal) memory() int64 { return cmp.Or(g.peak, usualPeak) }

// heading prints the first two lines of a table.
func heading(w io.Writer, cells ...string) {
	line(w, cells...)
	fmt.Fprintf(w, "|%s\n", strings.Repeat("---|", len(cells)))
}

// line prints one line of a table.
func line(w io.Writer, cells ...string) {
	for _, c := range cells {
		fmt.Fprintf(w, "| %s ", strings.NewReplacer("|", `\|`, "\n", " ").Replace(c))
	}
	fmt.Fprintf(w, "|\n")
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()*1e3) }
func us(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()*1e6) }
func mib(bytes int64) string    { return fmt.Sprintf("%.1f", float64(bytes)/(1<<20)) }
