package prog

import "testing"

// TestAsked finds the helper of which the verifier has put a function of a type of map in
// the place. The functions are those of Linux 6.18.
func TestAsked(t *testing.T) {
	for function, want := range map[string]string{
		"bpf_ktime_get_ns":                   "bpf_ktime_get_ns",
		"bpf_perf_event_output_tp":           "bpf_perf_event_output_tp",
		"__htab_map_lookup_elem":             "bpf_map_lookup_elem",
		"array_map_update_elem":              "bpf_map_update_elem",
		"htab_lru_map_delete_elem":           "bpf_map_delete_elem",
		"queue_stack_map_push_elem":          "bpf_map_push_elem",
		"stack_map_pop_elem":                 "bpf_map_pop_elem",
		"queue_map_peek_elem":                "bpf_map_peek_elem",
		"bloom_map_peek_elem":                "bpf_map_peek_elem",
		"percpu_array_map_lookup_elem":       "bpf_map_lookup_elem",
		"htab_percpu_map_lookup_percpu_elem": "bpf_map_lookup_percpu_elem",
		"dev_map_redirect":                   "bpf_redirect_map",
		"dev_hash_map_redirect":              "bpf_redirect_map",
		"cpu_map_redirect":                   "bpf_redirect_map",
		"xsk_map_redirect":                   "bpf_redirect_map",
		"bpf_for_each_array_elem":            "bpf_for_each_map_elem",
		"bpf_for_each_hash_elem":             "bpf_for_each_map_elem",
		"something_else":                     "something_else",
	} {
		if got := asked(function); got != want {
			t.Errorf("%s: %s, want %s", function, got, want)
		}
	}
}
