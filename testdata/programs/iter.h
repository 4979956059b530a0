/* What iterators have: each adds a line for each object. */
#include "work.h"

const char line[] = "work\n";

static __always_inline void tell(struct bpf_iter_meta *meta)
{
	hit();
	bpf_seq_write(meta->seq, line, sizeof(line) - 1);
}
