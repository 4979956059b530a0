// A kernel with two types of one name, as two of its drivers may have them.
struct twin { int x; };
struct twin___other { long first; int only; int x; };

struct { struct twin a; struct twin___other b; unsigned long long_value; } all;
