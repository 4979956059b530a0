package main

import (
	"slices"
	"time"
)

// minimum returns the shortest of the runs of s, of which there must be one.
func (s series) minimum() time.Duration {
	return slices.Min(s.Wall)
}

// median returns the middle of the runs of s, of which there must be one; of
// two in the middle, their mean.
func (s series) median() time.Duration {
	sorted := slices.Sorted(slices.Values(s.Wall))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// ratio returns a as a multiple of b.
func ratio(a, b time.Duration) float64 {
	return float64(a) / float64(b)
}

// failed returns why a row has no numbers, or "".
func (r *result) failed() string {
	switch {
	case r.ours.Failed != "":
		return "gobpftool: " + r.ours.Failed
	case r.absent == "" && r.theirs.Failed != "":
		return "C tool: " + r.theirs.Failed
	default:
		return ""
	}
}

// speedVerdict judges a row by its goals of wall time.
func (r *result) speedVerdict() string {
	wall, times := r.goal.wall, r.goal.ratio
	switch {
	case r.failed() != "":
		return r.failed()
	case wall > 0 && r.ours.median() >= wall:
		return "missed"
	case times > 0 && r.absent != "":
		return r.absent
	case times > 0 && ratio(r.ours.median(), r.theirs.median()) > times:
		return "missed"
	case wall > 0 || times > 0:
		return "met"
	default:
		return r.absent
	}
}

// peakVerdict judges a row by its peak memory.
func (r *result) peakVerdict() string {
	switch {
	case r.ours.Failed != "":
		return r.failed()
	case r.ours.Peak > r.goal.memory():
		return "missed"
	default:
		return "met"
	}
}

// A search is what finding the holders cost gobpftool in one row.
type search struct {
	command string
	goal    time.Duration // for each descriptor; 0 if there is none
	with    time.Duration // median wall time in company
	without time.Duration // median wall time alone
}

// searches pairs the rows in company with the same commands alone.
func searches(results []*result) []search {
	found := make(map[string]time.Duration)
	var all []search
	for _, r := range results {
		if r.ours.Failed == "" && r.where == alone {
			found[r.command] = r.ours.median()
		}
	}
	for _, r := range results {
		without, ok := found[r.command]
		if ok && r.ours.Failed == "" && r.where == inCompany {
			all = append(all, search{r.command, r.goal.perDescriptor, r.ours.median(), without})
		}
	}
	return all
}

// verdict judges a search among a number of open descriptors.
func (s search) verdict(descriptors int) string {
	switch {
	case s.goal == 0:
		return ""
	case s.with-s.without > s.goal*time.Duration(descriptors):
		return "missed"
	default:
		return "met"
	}
}
