package needs

import (
	"slices"

	"github.com/gobpftool/gobpftool/internal/names"
)

// ToLoad returns the capabilities that loading a program of a type takes, by number, with Linux 5.8 or
// later: what it attaches to is of no account. disabled is whether
// kernel.unprivileged_bpf_disabled is 1 or 2. What the verifier asks of its instructions comes
// on top, see [HelperNeeds].
//
// CAP_SYS_ADMIN is as good as each of them.
func ToLoad(t names.ProgType, disabled bool) []Capability {
	word := t.String()
	return only(
		either{NetAdmin, slices.Contains(netTypes, word)},
		either{Perfmon, slices.Contains(perfmonTypes, word)},
		either{BPF, disabled || !slices.Contains(nobodysTypes, word)},
	)
}

// ToAttach returns the capabilities that attaching a program of a type takes though loading it
// does not.
func ToAttach(t names.ProgType) []Capability {
	return only(either{NetAdmin, slices.Contains(netToAttach, t.String())})
}

// ToCreate is [ToLoad] for maps of a type with some flags, BPF_F_*. It is CAP_SYS_ADMIN that
// BPF_F_ZERO_SEED takes, and CAP_BPF is not as good.
func ToCreate(t names.MapType, flags uint32, disabled bool) []Capability {
	word := t.String()
	net := slices.Contains(netMaps, word)
	return only(
		either{NetAdmin, net},
		either{SysAdmin, flags&zeroSeed != 0},
		either{BPF, disabled || !net && !slices.Contains(nobodysMaps, word)},
	)
}

// zeroSeed is BPF_F_ZERO_SEED of include/uapi/linux/bpf.h.
const zeroSeed = 1 << 6

// ToLoadTypes returns the capabilities that loading BTF takes.
func ToLoadTypes() []Capability { return []Capability{BPF} }

// HelperNeeds returns the capability without which the verifier does not know a helper, and whether
// there is one. name starts with bpf_.
func HelperNeeds(name string) (c Capability, ok bool) {
	switch {
	case slices.Contains(perfmonHelpers, name):
		return Perfmon, true
	case slices.Contains(adminHelpers, name):
		return SysAdmin, true
	}
	return 0, false
}

// Together returns the capabilities that loading programs of some types with maps of others takes,
// by number.
func Together(progs []names.ProgType, maps []names.MapType, disabled bool) []Capability {
	var all []Capability
	for _, t := range progs {
		all = append(all, ToLoad(t, disabled)...)
	}
	for _, t := range maps {
		all = append(all, ToCreate(t, 0, disabled)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// either is a capability, and whether it is needed.
type either struct {
	Capability
	needed bool
}

func only(all ...either) (list []Capability) {
	for _, e := range all {
		if e.needed {
			list = append(list, e.Capability)
		}
	}
	return list
}
