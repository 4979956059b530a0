package names

import "strconv"

// Relocation is what an instruction needs to know of a type of the kernel: enum
// bpf_core_relo_kind of include/uapi/linux/bpf.h.
type Relocation uint32

// relocations are libbpf's words.
var relocations = []string{
	"byte_off", "byte_sz", "field_exists", "signed", "lshift_u64", "rshift_u64",
	"local_type_id", "target_type_id", "type_exists", "type_size",
	"enumval_exists", "enumval_value", "type_matches",
}

// String returns libbpf's word.
func (r Relocation) String() string {
	if int64(r) >= int64(len(relocations)) {
		return "relocation " + strconv.FormatUint(uint64(r), 10)
	}
	return relocations[r]
}
