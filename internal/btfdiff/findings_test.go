package btfdiff

import cilium "github.com/cilium/ebpf/btf"

// findings has a row for each kind of finding, with both of its faces.
var findings = []struct {
	name     string
	old, new sample
	text     string
	json     string // one line for each finding
}{
	{
		name: "a struct is added",
		new:  sample{structure("a", 8, at("x", long, 0))},
		text: "+ struct a, size 8\n",
		json: `{"change":"added","kind":"struct","name":"a","size":{"new":8}}`,
	},
	{
		name: "a union is removed",
		old:  sample{union("a", 8, at("x", long, 0))},
		text: "- union a, size 8\n",
		json: `{"change":"removed","kind":"union","name":"a","size":{"old":8}}`,
	},
	{
		name: "a field is added and others move",
		old:  sample{structure("a", 12, at("x", integer, 0), at("y", integer, 4), at("z", integer, 8))},
		new:  sample{structure("a", 24, at("x", integer, 0), at("n", long, 8), at("y", integer, 16), at("z", integer, 20))},
		text: "~ struct a, size 12 -> 24\n\t+ n: long unsigned int, offset 8\n\t~ 2 fields moved by +12\n",
		json: `{"change":"changed","kind":"struct","name":"a","size":{"old":12,"new":24},"fields":[` +
			`{"change":"added","name":"n","type":{"new":"long unsigned int"},"bits_offset":{"new":64}},` +
			`{"change":"moved","name":"y","bits_offset":{"old":32,"new":128}},` +
			`{"change":"moved","name":"z","bits_offset":{"old":64,"new":160}}]}`,
	},
	{
		name: "a field is removed and one moves",
		old:  sample{structure("a", 8, at("x", char, 0), at("y", integer, 4))},
		new:  sample{structure("a", 8, at("y", integer, 0))},
		text: "~ struct a\n\t- x: char, offset 0\n\t~ y: offset 4 -> 0\n",
		json: `{"change":"changed","kind":"struct","name":"a","fields":[` +
			`{"change":"removed","name":"x","type":{"old":"char"},"bits_offset":{"old":0}},` +
			`{"change":"moved","name":"y","bits_offset":{"old":32,"new":0}}]}`,
	},
	{
		name: "fields move by bits",
		old:  sample{structure("a", 4, bits("x", 0, 3), bits("y", 3, 1), bits("z", 4, 1))},
		new:  sample{structure("a", 4, bits("x", 0, 5), bits("y", 5, 1), bits("z", 6, 1))},
		text: "~ struct a\n\t~ x: bitfield 3 -> 5\n\t~ 2 fields moved by +2 bits\n",
		json: `{"change":"changed","kind":"struct","name":"a","fields":[` +
			`{"change":"changed","name":"x","bitfield_size":{"old":3,"new":5}},` +
			`{"change":"moved","name":"y","bits_offset":{"old":3,"new":5}},` +
			`{"change":"moved","name":"z","bits_offset":{"old":4,"new":6}}]}`,
	},
	{
		name: "a bitfield is added",
		old:  sample{structure("a", 4, bits("x", 0, 3))},
		new:  sample{structure("a", 4, bits("x", 0, 3), bits("y", 11, 1))},
		text: "~ struct a\n\t+ y: int, bitfield 1, offset 1:3\n",
		json: `{"change":"changed","kind":"struct","name":"a","fields":[` +
			`{"change":"added","name":"y","type":{"new":"int"},"bits_offset":{"new":11},"bitfield_size":{"new":1}}]}`,
	},
	{
		name: "a field gets another type and place",
		old:  sample{structure("a", 16, at("x", integer, 0), at("y", ptr(char), 8))},
		new:  sample{structure("a", 16, at("x", array(char, 3), 1), at("y", ptr(&cilium.Const{Type: char}), 8))},
		text: "~ struct a\n\t~ x: int -> char[3], offset 0 -> 1\n\t~ y: char * -> const char *\n",
		json: `{"change":"changed","kind":"struct","name":"a","fields":[` +
			`{"change":"changed","name":"x","type":{"old":"int","new":"char[3]"},"bits_offset":{"old":0,"new":8}},` +
			`{"change":"changed","name":"y","type":{"old":"char *","new":"const char *"}}]}`,
	},
	{
		name: "a field is renamed",
		old:  sample{structure("a", 8, at("x", integer, 0), at("y", integer, 4))},
		new:  sample{structure("a", 8, at("x", integer, 0), at("z", integer, 4))},
		text: "~ struct a\n\t~ z: was y\n",
		json: `{"change":"changed","kind":"struct","name":"a","fields":[{"change":"renamed","name":"z","was":"y"}]}`,
	},
	{
		name: "nobody knows which field is renamed",
		old:  sample{union("a", 4, at("x", integer, 0))},
		new:  sample{union("a", 4, at("y", integer, 0), at("z", integer, 0))},
		text: "~ union a\n\t- x: int, offset 0\n\t+ y: int, offset 0\n\t+ z: int, offset 0\n",
		json: `{"change":"changed","kind":"union","name":"a","fields":[` +
			`{"change":"removed","name":"x","type":{"old":"int"},"bits_offset":{"old":0}},` +
			`{"change":"added","name":"y","type":{"new":"int"},"bits_offset":{"new":0}},` +
			`{"change":"added","name":"z","type":{"new":"int"},"bits_offset":{"new":0}}]}`,
	},
	{
		name: "a struct became a union",
		old:  sample{structure("a", 4, at("x", integer, 0))},
		new:  sample{union("a", 4, at("x", integer, 0))},
		text: "~ union a, was struct\n",
		json: `{"change":"changed","kind":"union","name":"a","was":"struct"}`,
	},
	{
		name: "a struct is only declared",
		old:  sample{&cilium.Fwd{Name: "a"}, &cilium.Fwd{Name: "b"}},
		new:  sample{structure("a", 4, at("x", integer, 0)), &cilium.Fwd{Name: "c", Kind: cilium.FwdUnion}},
		text: "~ struct a, only declared -> defined\n- struct b, only declared\n+ union c, only declared\n",
		json: `{"change":"changed","kind":"struct","name":"a","defined":{"old":false,"new":true}}
{"change":"removed","kind":"struct","name":"b","defined":{"old":false}}
{"change":"added","kind":"union","name":"c","defined":{"new":false}}`,
	},
	{
		name: "a declaration beside a definition is nothing",
		old:  sample{structure("a", 4, at("x", integer, 0)), &cilium.Fwd{Name: "a"}},
		new:  sample{structure("a", 4, at("x", integer, 0))},
	},
	{
		name: "what a struct points to and has changes by itself",
		old:  sample{structure("a", 16, at("p", ptr(structure("b", 4, at("x", integer, 0))), 0)), structure("c", 8, at("e", structure("d", 4, at("x", integer, 0)), 0), at("y", integer, 4))},
		new:  sample{structure("a", 16, at("p", ptr(structure("b", 4, at("z", integer, 0))), 0)), structure("c", 12, at("e", structure("d", 8, at("x", integer, 4)), 0), at("y", integer, 8))},
		text: "~ struct b\n\t~ z: was x\n~ struct c, size 8 -> 12\n\t~ y: offset 4 -> 8\n~ struct d, size 4 -> 8\n\t~ x: offset 0 -> 4\n",
		json: `{"change":"changed","kind":"struct","name":"b","fields":[{"change":"renamed","name":"z","was":"x"}]}
{"change":"changed","kind":"struct","name":"c","size":{"old":8,"new":12},"fields":[{"change":"moved","name":"y","bits_offset":{"old":32,"new":64}}]}
{"change":"changed","kind":"struct","name":"d","size":{"old":4,"new":8},"fields":[{"change":"moved","name":"x","bits_offset":{"old":0,"new":32}}]}`,
	},
	{
		name: "what has no name is compared in place",
		old: sample{structure("a", 32,
			at("u", union("", 4, at("ip4", integer, 0)), 4),
			at("", structure("", 4, at("x", integer, 0)), 8),
			at("list", array(structure("", 4, at("n", integer, 0)), 2), 12),
			at("ops", ptr(structure("", 4, at("n", integer, 0))), 24),
			at("mode", enum("", value("FAST", 0)), 20))},
		new: sample{structure("a", 32,
			at("u", union("", 4, at("ip4", long, 0), at("ip6", integer, 0)), 4),
			at("", union("", 4, at("y", integer, 0)), 8),
			at("list", array(structure("", 4, at("n", char, 0)), 2), 12),
			at("ops", ptr(structure("", 4, at("n", integer, 1))), 24),
			at("mode", enum("", value("FAST", 1), value("SLOW", 2)), 20))},
		text: "~ struct a\n\t~ u.ip4: int -> long unsigned int\n\t+ u.ip6: int, offset 4\n\t~ y: was x\n\t~ list[].n: int -> char\n" +
			"\t~ ops->n: offset 0 -> 1\n\t~ FAST = 0 -> 1\n\t+ SLOW = 2\n",
		json: `{"change":"changed","kind":"struct","name":"a","fields":[` +
			`{"change":"changed","name":"u.ip4","type":{"old":"int","new":"long unsigned int"}},` +
			`{"change":"added","name":"u.ip6","type":{"new":"int"},"bits_offset":{"new":32}},` +
			`{"change":"renamed","name":"y","was":"x"},` +
			`{"change":"changed","name":"list[].n","type":{"old":"int","new":"char"}},` +
			`{"change":"moved","name":"ops->n","bits_offset":{"old":0,"new":8}}],` +
			`"values":[{"change":"changed","name":"FAST","value":{"old":0,"new":1}},{"change":"added","name":"SLOW","value":{"new":2}}]}`,
	},
	{
		name: "fields go into a struct that is no field",
		old:  sample{structure("a", 8, at("x", integer, 0), at("y", integer, 4)), structure("b", 4, at("y", integer, 0))},
		new:  sample{structure("a", 8, at("x", integer, 0), at("", structure("b", 4, at("y", integer, 0)), 4))},
	},
	{
		name: "what has no name grows without another field",
		old: sample{
			structure("a", 16, at("x", structure("", 4, at("n", integer, 0)), 0)),
			&cilium.Typedef{Name: "e_t", Type: &cilium.Enum{Size: 4, Values: list(value("A", 0))}},
			&cilium.Typedef{Name: "s_t", Type: array(structure("", 4, at("n", integer, 0)), 2)},
		},
		new: sample{
			structure("a", 16, at("x", structure("", 8, at("n", integer, 0)), 0)),
			&cilium.Typedef{Name: "e_t", Type: &cilium.Enum{Size: 1, Values: list(value("A", 0))}},
			&cilium.Typedef{Name: "s_t", Type: array(structure("", 8, at("n", integer, 0)), 2)},
		},
		text: "~ struct a\n\t~ x: size 4 -> 8\n~ typedef e_t, size 4 -> 1\n~ typedef s_t, size 4 -> 8\n",
		json: `{"change":"changed","kind":"struct","name":"a","fields":[{"change":"changed","name":"x","size":{"old":4,"new":8}}]}
{"change":"changed","kind":"typedef","name":"e_t","size":{"old":4,"new":1}}
{"change":"changed","kind":"typedef","name":"s_t","size":{"old":4,"new":8}}`,
	},
	{
		name: "a field without a name",
		new:  sample{structure("a", 8, at("x", integer, 0), at("", integer, 4))},
		old:  sample{structure("a", 8, at("x", integer, 0))},
		text: "~ struct a\n\t+ (anon): int, offset 4\n",
		json: `{"change":"changed","kind":"struct","name":"a","fields":[{"change":"added","name":"(anon)","type":{"new":"int"},"bits_offset":{"new":32}}]}`,
	},
	{
		name: "an enumeration",
		old:  sample{enum("e", value("A", 0), value("B", 1), value("C", 2))},
		new:  sample{enum("e", value("A", 0), value("N", 1), value("C", 3)), enum("n", value("X", 0))},
		text: "~ enum e\n\t- B = 1\n\t+ N = 1\n\t~ C = 2 -> 3\n+ enum n, size 4\n",
		json: `{"change":"changed","kind":"enum","name":"e","values":[{"change":"removed","name":"B","value":{"old":1}},` +
			`{"change":"added","name":"N","value":{"new":1}},{"change":"changed","name":"C","value":{"old":2,"new":3}}]}
{"change":"added","kind":"enum","name":"n","size":{"new":4}}`,
	},
	{
		name: "an enumeration becomes wide",
		old:  sample{&cilium.Enum{Name: "e", Size: 4, Values: list(value("A", 0), value("B", 0xffffffff))}},
		new:  sample{&cilium.Enum{Name: "e", Size: 8, Values: list(value("A", 0), value("B", 0xffffffff), value("C", 1<<63))}},
		text: "~ enum e, size 4 -> 8\n\t+ C = 9223372036854775808\n",
		json: `{"change":"changed","kind":"enum","name":"e","size":{"old":4,"new":8},"values":[{"change":"added","name":"C","value":{"new":9223372036854775808}}]}`,
	},
	{
		name: "a sign that old kernels do not tell",
		old:  sample{&cilium.Enum{Name: "e", Size: 4, Values: list(value("A", 0xffffffff))}},
		new:  sample{&cilium.Enum{Name: "e", Size: 4, Signed: true, Values: list(value("A", ^uint64(0)))}},
	},
	{
		name: "enumerations without names",
		old:  sample{enum("", value("A", 1), value("B", 2)), enum("", value("C", 3)), enum("", value("X", 1)), enum("", value("X", 3))},
		new:  sample{enum("", value("B", 2), value("C", 4)), enum("", value("A", 1)), enum("", value("X", 1)), enum("", value("X", 2)), enum("", value("X", 3))},
		text: "~ enum (anon)\n\t~ C = 3 -> 4\n\t+ X = 2\n",
		json: `{"change":"changed","kind":"enum","name":"(anon)","values":[{"change":"changed","name":"C","value":{"old":3,"new":4}},{"change":"added","name":"X","value":{"new":2}}]}`,
	},
	{
		name: "typedefs",
		old:  sample{&cilium.Typedef{Name: "t", Type: integer}, &cilium.Typedef{Name: "gone", Type: ptr(integer)}},
		new:  sample{&cilium.Typedef{Name: "t", Type: char}},
		text: "- typedef gone: int *\n~ typedef t: int -> char\n",
		json: `{"change":"removed","kind":"typedef","name":"gone","type":{"old":"int *"}}
{"change":"changed","kind":"typedef","name":"t","type":{"old":"int","new":"char"}}`,
	},
	{
		name: "a typedef of what has no name",
		old:  sample{&cilium.Typedef{Name: "t", Type: structure("", 4, at("x", integer, 0))}, &cilium.Typedef{Name: "m", Type: enum("", value("A", 1))}},
		new:  sample{&cilium.Typedef{Name: "t", Type: structure("", 8, at("x", integer, 4))}, &cilium.Typedef{Name: "m", Type: enum("", value("A", 2))}},
		text: "~ typedef m\n\t~ A = 1 -> 2\n~ typedef t, size 4 -> 8\n\t~ x: offset 0 -> 4\n",
		json: `{"change":"changed","kind":"typedef","name":"m","values":[{"change":"changed","name":"A","value":{"old":1,"new":2}}]}
{"change":"changed","kind":"typedef","name":"t","size":{"old":4,"new":8},"fields":[{"change":"moved","name":"x","bits_offset":{"old":0,"new":32}}]}`,
	},
	{
		name: "numbers",
		old:  sample{&cilium.Int{Name: "long int", Size: 4, Encoding: cilium.Signed}, &cilium.Int{Name: "short", Size: 2, Encoding: cilium.Signed}},
		new:  sample{&cilium.Int{Name: "long", Size: 8, Encoding: cilium.Signed}, &cilium.Int{Name: "short", Size: 2}, &cilium.Float{Name: "double", Size: 8}},
		text: "+ float double, size 8\n~ int long, size 4 -> 8\n~ int short, signed -> unsigned\n",
		json: `{"change":"added","kind":"float","name":"double","size":{"new":8}}
{"change":"changed","kind":"int","name":"long","size":{"old":4,"new":8}}
{"change":"changed","kind":"int","name":"short","signed":{"old":true,"new":false}}`,
	},
	{
		name: "other words for the same number",
		old:  sample{structure("a", 8, at("x", &cilium.Int{Name: "long unsigned int", Size: 8}, 0))},
		new:  sample{structure("a", 8, at("x", &cilium.Int{Name: "unsigned long", Size: 8}, 0))},
	},
	{
		name: "functions come and go",
		old:  sample{function("f", integer, param("x", integer))},
		new:  sample{function("g", void(), param("fmt", ptr(char)), param("", void()))},
		text: "- func f: int f(int x)\n+ func g: void g(char *fmt, ...)\n",
		json: `{"change":"removed","kind":"func","name":"f","prototype":{"old":"int f(int x)"}}
{"change":"added","kind":"func","name":"g","prototype":{"new":"void g(char *fmt, ...)"}}`,
	},
	{
		name: "a prototype changes",
		old:  sample{function("f", integer, param("a", integer), param("b", char), param("c", integer), param("d", integer))},
		new:  sample{function("f", long, param("n", ptr(structure("s", 1))), param("a", integer), param("b", long), param("e", integer))},
		json: `{"change":"added","kind":"struct","name":"s","size":{"new":1}}
{"change":"changed","kind":"func","name":"f","prototype":{"old":"int f(int a, char b, int c, int d)","new":"long unsigned int f(struct s *n, int a, long unsigned int b, int e)"},` +
			`"result":{"old":"int","new":"long unsigned int"},"parameters":[{"change":"removed","name":"c","position":{"old":2},"type":{"old":"int"}},` +
			`{"change":"added","name":"n","position":{"new":0},"type":{"new":"struct s *"}},{"change":"changed","name":"b","position":{"old":1,"new":2},"type":{"old":"char","new":"long unsigned int"}},` +
			`{"change":"renamed","name":"e","was":"d","position":{"old":3,"new":3}}]}`,
		text: "+ struct s, size 1\n~ func f\n\t- int f(int a, char b, int c, int d)\n" +
			"\t+ long unsigned int f(struct s *n, int a, long unsigned int b, int e)\n",
	},
	{
		name: "parameters change places",
		old:  sample{function("f", void(), param("a", integer), param("b", integer))},
		new:  sample{function("f", void(), param("b", integer), param("a", integer))},
		text: "~ func f\n\t- void f(int a, int b)\n\t+ void f(int b, int a)\n",
		json: `{"change":"changed","kind":"func","name":"f","prototype":{"old":"void f(int a, int b)","new":"void f(int b, int a)"}}`,
	},
	{
		name: "linkage",
		old:  sample{&cilium.Func{Name: "f", Type: &cilium.FuncProto{Return: integer}, Linkage: cilium.StaticFunc}},
		new:  sample{&cilium.Func{Name: "f", Type: &cilium.FuncProto{Return: integer}, Linkage: cilium.GlobalFunc}},
		text: "~ func f, linkage static -> global\n",
		json: `{"change":"changed","kind":"func","name":"f","linkage":{"old":"static","new":"global"}}`,
	},
	{
		name: "variables and their sections",
		old: sample{&cilium.Datasec{Name: ".bss", Size: 12, Vars: []cilium.VarSecinfo{
			{Type: &cilium.Var{Name: "x", Type: integer}, Offset: 0, Size: 4},
			{Type: &cilium.Var{Name: "y", Type: integer}, Offset: 4, Size: 4},
			{Type: &cilium.Var{Name: "z", Type: integer}, Offset: 8, Size: 4},
		}}},
		new: sample{&cilium.Datasec{Name: ".bss", Size: 21, Vars: []cilium.VarSecinfo{
			{Type: &cilium.Var{Name: "x", Type: long, Linkage: cilium.GlobalVar}, Offset: 0, Size: 8},
			{Type: &cilium.Var{Name: "y", Type: integer}, Offset: 8, Size: 4},
			{Type: &cilium.Var{Name: "z", Type: integer}, Offset: 16, Size: 4},
			{Type: &cilium.Var{Name: "n", Type: integer}, Offset: 20, Size: 4},
		}}},
		text: "+ var n: int\n~ var x: int -> long unsigned int, linkage static -> global\n" +
			"~ section .bss, size 12 -> 21\n\t+ n: offset 20\n\t~ 2 variables moved\n",
		json: `{"change":"added","kind":"var","name":"n","type":{"new":"int"}}
{"change":"changed","kind":"var","name":"x","type":{"old":"int","new":"long unsigned int"},"linkage":{"old":"static","new":"global"}}
{"change":"changed","kind":"section","name":".bss","size":{"old":12,"new":21},"fields":[{"change":"moved","name":"y","bits_offset":{"old":32,"new":64}},` +
			`{"change":"moved","name":"z","bits_offset":{"old":64,"new":128}},{"change":"added","name":"n","bits_offset":{"new":160}}]}`,
	},
	{
		name: "several types of a name",
		old:  sample{structure("a", 4, at("x", integer, 0)), structure("a", 8, at("y", integer, 0)), structure("a", 12, at("z", integer, 0))},
		new:  sample{structure("a", 12, at("z", integer, 0)), structure("a", 8, at("y", integer, 4)), structure("a", 4, at("x", integer, 0)), structure("a", 16, at("w", integer, 0))},
		text: "~ struct a\n\t~ y: offset 0 -> 4\n+ struct a, size 16\n",
		json: `{"change":"changed","kind":"struct","name":"a","fields":[{"change":"moved","name":"y","bits_offset":{"old":0,"new":32}}]}
{"change":"added","kind":"struct","name":"a","size":{"new":16}}`,
	},
	{
		name: "qualifiers in another order, and of an array",
		old:  sample{structure("a", 8, at("x", &cilium.Const{Type: &cilium.Volatile{Type: integer}}, 0), at("y", &cilium.Const{Type: array(char, 4)}, 4))},
		new:  sample{structure("a", 8, at("x", &cilium.Volatile{Type: &cilium.Const{Type: integer}}, 0), at("y", array(char, 4), 4))},
	},
	{
		name: "a pointer to a function",
		old:  sample{structure("a", 8, at("f", ptr(&cilium.FuncProto{Return: integer, Params: []cilium.FuncParam{{Type: integer}}}), 0))},
		new:  sample{structure("a", 8, at("f", ptr(&cilium.FuncProto{Return: integer, Params: []cilium.FuncParam{{Type: ptr(integer)}}}), 0))},
		text: "~ struct a\n\t~ f: int (*)(int) -> int (*)(int *)\n",
		json: `{"change":"changed","kind":"struct","name":"a","fields":[{"change":"changed","name":"f","type":{"old":"int (*)(int)","new":"int (*)(int *)"}}]}`,
	},
	{
		name: "a tag",
		old:  sample{structure("a", 8, at("f", ptr(integer), 0))},
		new:  sample{structure("a", 8, at("f", ptr(&cilium.TypeTag{Value: "user", Type: integer}), 0))},
		text: "~ struct a\n\t~ f: int * -> int __attribute__((btf_type_tag(\"user\"))) *\n",
		json: `{"change":"changed","kind":"struct","name":"a","fields":[{"change":"changed","name":"f","type":{"old":"int *","new":"int __attribute__((btf_type_tag(\"user\"))) *"}}]}`,
	},
	{
		name: "a parameter without a name changes by what it is made of",
		old:  sample{function("f", void(), param("x", ptr(structure("", 4, at("a", integer, 0)))))},
		new:  sample{function("f", void(), param("x", ptr(structure("", 4, at("b", integer, 0)))))},
		text: "~ func f\n\t- void f(struct {...} *x)\n\t+ void f(struct {...} *x)\n",
		json: `{"change":"changed","kind":"func","name":"f","prototype":{"old":"void f(struct {...} *x)","new":"void f(struct {...} *x)"},` +
			`"parameters":[{"change":"changed","name":"x","position":{"old":0,"new":0},"type":{"old":"struct {...} *","new":"struct {...} *"}}]}`,
	}, {
		name: "so does one that is an enumeration",
		old:  sample{function("f", void(), param("x", ptr(enum("", value("A", 0)))))},
		new:  sample{function("f", void(), param("x", ptr(enum("", value("A", 1)))))},
		text: "~ func f\n\t- void f(enum {...} *x)\n\t+ void f(enum {...} *x)\n",
		json: `{"change":"changed","kind":"func","name":"f","prototype":{"old":"void f(enum {...} *x)","new":"void f(enum {...} *x)"},` +
			`"parameters":[{"change":"changed","name":"x","position":{"old":0,"new":0},"type":{"old":"enum {...} *","new":"enum {...} *"}}]}`,
	},
	{
		name: "a variable of another file",
		old:  sample{&cilium.Var{Name: "x", Type: integer, Linkage: cilium.GlobalVar}},
		new:  sample{&cilium.Var{Name: "x", Type: integer, Linkage: cilium.ExternVar}},
		text: "~ var x, linkage global -> extern\n",
		json: `{"change":"changed","kind":"var","name":"x","linkage":{"old":"global","new":"extern"}}`,
	},
}
