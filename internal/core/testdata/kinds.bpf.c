// Relocations of all kinds, of all that fields can be.
#include "core.h"

enum color { RED = 1, GREEN = -2, BLUE = 3 };
enum color___more { PINK = 9 };
enum large { HUGE = 0x123456789abULL, SMALL = 7 };

struct list { struct list *next; } CORE;
struct inner { int x; short list[4]; } CORE;
struct body {
	u8 first;
	u32 size;
	int sign;
	u32 low : 3, middle : 7;
	int negative : 5;
	u64 long_bits : 33;
	struct inner inner;
	struct inner many[3];
	struct body *parent;
	struct list list;
	union {
		u32 word;
		struct { u16 half; u16 other; };
	};
	enum color color;
	char name[16];
	u8 rest[];
} CORE;
struct body___v2 { u64 size; u32 added; } CORE;
typedef struct { u64 val; } CORE count_t;
typedef int (*callback_t)(struct body *, long);
union both { u32 a; u64 b; } CORE;

u64 sink;

SEC("raw_tp/offsets") int offsets(struct body *b)
{
	sink = BYTE_OFFSET(b->first) + BYTE_OFFSET(b->size) + BYTE_OFFSET(b->sign) + BYTE_OFFSET(b->inner.list[2]);
	sink += BYTE_OFFSET(b->many[2].list[3]) + BYTE_OFFSET(b->half) + BYTE_OFFSET(b->rest[9]) + BYTE_OFFSET(b[1].size);
	sink += BYTE_OFFSET(b->middle) + BYTE_OFFSET(b->negative) + BYTE_OFFSET(b->long_bits) + BYTE_OFFSET(b->color);
	return 0;
}

SEC("raw_tp/sizes") int sizes(struct body *b)
{
	sink = BYTE_SIZE(b->first) + BYTE_SIZE(b->size) + BYTE_SIZE(b->inner) + BYTE_SIZE(b->many[1]);
	sink += BYTE_SIZE(b->low) + BYTE_SIZE(b->long_bits) + BYTE_SIZE(b->name) + BYTE_SIZE(((union both *)b)->b);
	return 0;
}

SEC("raw_tp/signs") int signs(struct body *b)
{
	sink = SIGNED(b->size) + SIGNED(b->sign) + SIGNED(b->negative) + SIGNED(b->color);
	return 0;
}

SEC("raw_tp/shifts") int shifts(struct body *b)
{
	sink = LSHIFT(b->low) + RSHIFT(b->low) + LSHIFT(b->middle) + RSHIFT(b->middle) + LSHIFT(b->negative) + RSHIFT(b->negative);
	sink += LSHIFT(b->long_bits) + RSHIFT(b->long_bits) + LSHIFT(b->size) + RSHIFT(b->size) + LSHIFT(b->first);
	return 0;
}

SEC("raw_tp/existence") int existence(struct body *b)
{
	sink = FIELD_EXISTS(b->size) + FIELD_EXISTS(((struct body___v2 *)b)->added) + FIELD_EXISTS(b->many[2]);
	sink += FIELD_EXISTS(b->word) + FIELD_EXISTS(b->rest);
	return 0;
}

SEC("raw_tp/types") int types(void *ctx)
{
	sink = LOCAL_ID(struct body) + TARGET_ID(struct body) + TYPE_EXISTS(struct body) + TYPE_SIZE(struct body);
	sink += TARGET_ID(count_t) + TYPE_EXISTS(count_t) + TYPE_SIZE(count_t) + TYPE_EXISTS(callback_t);
	sink += TYPE_MATCHES(struct list) + TYPE_MATCHES(struct inner) + TYPE_MATCHES(enum color) + TYPE_MATCHES(callback_t);
	sink += TYPE_MATCHES(union both) + TYPE_EXISTS(union both) + TYPE_SIZE(enum large) + TYPE_EXISTS(u64);
	return LOCAL_ID(int);
}

SEC("raw_tp/values") int values(void *ctx)
{
	sink = VALUE(enum color, RED) + VALUE(enum color, GREEN) + VALUE_EXISTS(enum color, BLUE);
	sink += VALUE(enum large, HUGE) + VALUE_EXISTS(enum large, SMALL) + VALUE_EXISTS(enum color___more, PINK);
	return 0;
}

// Loads and stores have the offset and the size of a field in themselves.
SEC("raw_tp/memory") int memory(struct body *b)
{
	sink = b->first + b->size + b->inner.list[1] + b->parent->parent->size + (u64)b->list.next;
	b->size = 7;
	b->first = sink;
	return b->many[1].x;
}
