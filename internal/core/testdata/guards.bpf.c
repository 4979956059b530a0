// What a kernel has not, behind conditions that keep programs from it, and without them.
#include "core.h"

enum color { RED = 1, GRAY = 5 };
struct body { u32 gone; u32 size; } CORE;
struct missing { u64 field; } CORE;

u64 sink;
volatile const int wanted = 1;

static __noinline u64 gone(struct body *b) { return b->gone; }
static __noinline u64 never(struct body *b) { return b->gone + 1; }

SEC("raw_tp/guarded") int guarded(struct body *b)
{
	if (FIELD_EXISTS(b->gone))
		sink = b->gone;
	if (TYPE_EXISTS(struct missing))
		sink += ((struct missing *)b)->field;
	if (VALUE_EXISTS(enum color, GRAY))
		sink += VALUE(enum color, GRAY);
	if (TYPE_SIZE(struct missing) > 4)
		sink += ((struct missing *)b)->field + 1;
	return 0;
}

// The answer is kept while other functions are called.
SEC("raw_tp/kept") int kept(struct body *b)
{
	int has = FIELD_EXISTS(b->gone), has_type = TYPE_EXISTS(struct missing);

	((void (*)(void))8)();
	if (has)
		sink = b->gone;
	((void (*)(void))8)();
	if (has && has_type)
		sink += ((struct missing *)b)->field;
	return 0;
}

SEC("raw_tp/called") int called(struct body *b)
{
	return FIELD_EXISTS(b->gone) ? never(b) : 0;
}

SEC("raw_tp/live") int live(struct body *b) { return gone(b); }

// The condition is about something else.
SEC("raw_tp/other") int other(struct body *b)
{
	if (FIELD_EXISTS(b->size))
		sink = b->gone;
	if (wanted)
		sink += ((struct missing *)b)->field;
	return 0;
}

SEC("?raw_tp/left_out") int left_out(struct body *b) { return b->gone; }
