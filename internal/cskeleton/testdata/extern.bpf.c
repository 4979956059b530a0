//go:build ignore

// It lacks what another object would have.

extern int elsewhere;

__attribute__((section("tc")))
int look(void *ctx)
{
	return elsewhere;
}
