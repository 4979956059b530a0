package decl

import "testing"

func TestGoName(t *testing.T) {
	tests := []struct{ c, want string }{
		{"path_len", "PathLen"},
		{"__u32", "U32"},
		{"pid", "PID"},
		{"tgid_pid", "TGIDPID"},
		{"processId", "ProcessID"},
		{"EVENT_OPEN", "EventOpen"},
		{"IPPROTO_TCP", "IpprotoTCP"},
		{"BPF_any", "BPFAny"},
		{"saddr_ipv6", "SaddrIPv6"},
		{"IPV4", "IPv4"},
		{"cpu0", "CPU0"},
		{"pids", "PIDs"},
		{"sha256", "SHA256"},
		{"md5_sum", "MD5Sum"},
		{"valid", "Valid"},
		{"idle", "Idle"},
		{"a1_2_b", "A1_2B"},
		{"x2Y", "X2Y"},
		{"nested.outer", "NestedOuter"},
		{"func", "Func"},
		{"s", "S"},
		{"_", "X"},
		{"", "X"},
		{"_3", "X3"},
		{"Some<T>::é", "SomeT"},
	}
	for _, tt := range tests {
		if got := GoName(tt.c); got != tt.want {
			t.Errorf("GoName(%q) = %q, want %q", tt.c, got, tt.want)
		}
	}
}

func TestGoPrivate(t *testing.T) {
	for name, want := range map[string]string{"TraceOpen": "traceOpen", "TCPCC": "tcpcc", "TCPCubic": "tcpCubic", "X": "x", "ID2": "id2"} {
		if got := GoPrivate(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}
