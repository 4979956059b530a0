// A kernel with things that objects find by their names.
struct queue { int length; };
struct has_ops { int (*act)(void); };
struct bpf_struct_ops_has_ops { struct has_ops data; };

typedef void (*btf_trace_has_event)(void *, int);

int has_function(struct queue *q) { return 0; }
int other_function(long x) { return 0; }
int bpf_lsm_has_hook(int x) { return 0; }
int bpf_iter_has_list(int x) { return 0; }

struct queue has_variable;
int other_variable;
struct { btf_trace_has_event a; struct bpf_struct_ops_has_ops b; } all;
