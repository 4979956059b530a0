// What headers define beside the declarations: see uapi.golden.

typedef unsigned int __u32;
typedef __u32 __be32;
typedef __be32 addr_t;
typedef unsigned long sigset_t;
typedef struct { int val[2]; } fsid_t;

enum { PROTO_TCP = 6, PROTO_UDP = 17 };
enum { PROTO_TCP_AGAIN = 6, PROTO_NEW = 300 };
enum state { RUNNING, STOPPED };
enum kernel_state { BUSY, LIMIT };

struct addr { __be32 word[4]; };
struct header { addr_t from, to; };
struct flow { struct addr from; };
struct request { int fd; };
struct pt_regs { unsigned long di; };
struct sockaddr { char data[14]; };
union both { struct addr a; };

struct kernel {
	struct addr source;
	struct header *header;
	struct flow *flow;
	struct request request, *next;
	union both *both;
	enum state state;
	enum kernel_state now;
	sigset_t pending;
	fsid_t id;
	int nodev, LIMIT_OF;
	struct pt_regs *regs;
	struct sockaddr peer;
	struct unknown *unknown;
	int (*call)(struct header *header, struct flow (*)[2]);
};

struct kernel root;
enum { PROTO_USED = 6 } used;
int values = PROTO_TCP + PROTO_NEW;
struct pt_regs saved;
