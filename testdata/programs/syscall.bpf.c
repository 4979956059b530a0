#include "work.h"

struct question {
	__u64 number;
	__u64 twice;
};

/* Answers a question. */
SEC("syscall")
int work(struct question *ctx)
{
	hit();
	ctx->twice = 2 * ctx->number;
	return 0;
}
