//go:build ignore

// Sections whose names are the same once they are names in C.

__attribute__((section(".data.a.b"))) int one = 1;
__attribute__((section(".data.a_b"))) int two = 1;

__attribute__((section("tc")))
int add(void *ctx)
{
	return one + two;
}
