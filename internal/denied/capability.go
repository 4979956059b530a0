package denied

import (
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// capability looks for capabilities that are missing.
func (w why) capability() *Cause {
	missing := w.lacks(w.needed())
	if !w.ofRights() || len(missing) == 0 {
		return nil
	}
	it, because := "it", w.because(missing)
	if len(missing) > 1 {
		it = "them"
	}
	c := w.missing(missing, fmt.Sprintf("%s need %s%s", w.asked.what, it, because))
	if because != "" && len(missing) == 1 {
		c.Hint += w.relax()
	}
	return c
}

// needed returns the capabilities that the request needs.
func (w why) needed() []needs.Capability {
	if w.allows(w.Settings[w.asked.setting]) {
		return w.old(w.asked.free)
	}
	return w.old(w.asked.needs)
}

// because names the setting for which the last of some capabilities is needed, in words to put
// behind them, or nothing.
func (w why) because(list []needs.Capability) string {
	all, value := w.asked.needs, w.Settings[w.asked.setting]
	switch {
	case len(all) == len(w.asked.free), value == "", w.allows(value): // no setting asks for one
		return ""
	case list[len(list)-1] != all[len(all)-1]: // it asks for the last, which is not in the list
		return ""
	case len(list) == 1:
		return fmt.Sprintf(", as %s is %s", w.asked.setting, value)
	}
	return fmt.Sprintf(", the last as %s is %s", w.asked.setting, value)
}

// allows reports whether with a value of the setting of the request everybody may do it.
func (w why) allows(value string) bool {
	if w.asked.setting == paranoid {
		return value == "-1"
	}
	return value == "0"
}

// old returns what Linux before 5.8 needs instead of some capabilities: it knows neither
// CAP_BPF nor CAP_PERFMON.
func (w why) old(list []needs.Capability) []needs.Capability {
	if w.Last == 0 || w.Last >= needs.BPF {
		return list
	}
	list = slices.Clone(list)
	for i, c := range list {
		if c > w.Last {
			list[i] = needs.SysAdmin
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// lacks returns those of some capabilities that the process does not have, nor another that
// is as good. Where capabilities cannot be read it lacks none that is known, and
// elsewhere than in the initial user namespace all, without a token.
func (w why) lacks(list []needs.Capability) (missing []needs.Capability) {
	for _, c := range list {
		if w.abroad() || w.Known && !w.Effective.Has(c) && !w.adminIsAsGood(c) {
			missing = append(missing, c)
		}
	}
	return missing
}

func (w why) adminIsAsGood(c needs.Capability) bool {
	strict := c == needs.NetAdmin && w.asked.alwaysNet && w.Kernel.Compare(names.Version{Major: 6, Minor: 9}) < 0
	return w.Effective.Has(needs.SysAdmin) && !strict && !w.asked.is(bpf.TokenCreate)
}

// missing says that capabilities are, and what for.
func (w why) missing(list []needs.Capability, why string) *Cause {
	is := "is"
	if len(list) > 1 {
		is = "are"
	}
	c := cause(verdict.Denied, "%s %s missing: %s (CapEff: %016x)", and(list), is, why, uint64(w.Effective))
	c.Missing = list
	c.Hint = w.Obtain(list)
	return c
}
