// What the objects of this folder need of libbpf's headers.
#define SEC(name) __attribute__((section(name), used))
#define CORE __attribute__((preserve_access_index))
#define __noinline __attribute__((noinline))

// The kinds of questions that are asked of compilers.
#define field_info(field, kind) __builtin_preserve_field_info(field, kind)
#define BYTE_OFFSET(field) field_info(field, 0)
#define BYTE_SIZE(field) field_info(field, 1)
#define FIELD_EXISTS(field) field_info(field, 2)
#define SIGNED(field) field_info(field, 3)
#define LSHIFT(field) field_info(field, 4)
#define RSHIFT(field) field_info(field, 5)
#define LOCAL_ID(type) __builtin_btf_type_id(*(type *)0, 0)
#define TARGET_ID(type) __builtin_btf_type_id(*(type *)0, 1)
#define TYPE_EXISTS(type) __builtin_preserve_type_info(*(type *)0, 0)
#define TYPE_SIZE(type) __builtin_preserve_type_info(*(type *)0, 1)
#define TYPE_MATCHES(type) __builtin_preserve_type_info(*(type *)0, 2)
#define VALUE_EXISTS(type, name) __builtin_preserve_enum_value(*(type *)name, 0)
#define VALUE(type, name) __builtin_preserve_enum_value(*(type *)name, 1)

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

char _license[] SEC("license") = "GPL";
