package prog

import (
	"testing"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/names"
)

func TestAttachType(t *testing.T) {
	for word, want := range map[string]names.AttachType{
		"sk_skb_stream_parser": skSkbStreamParser, "stream_parser": skSkbStreamParser, "s": skSkbStreamParser, "stream_": skSkbStreamParser, "": skSkbStreamParser,
		"sk_skb_stream_verdict": skSkbStreamVerdict, "stream_verdict": skSkbStreamVerdict, "stream_v": skSkbStreamVerdict,
		"sk_msg_verdict": skMsgVerdict, "msg_verdict": skMsgVerdict, "m": skMsgVerdict,
		"flow_dissector": flowDissector,
		"sk_skb_verdict": skSkbVerdict, "skb_verdict": skSkbVerdict, "sk": skSkbVerdict,
	} {
		if got, err := attachType(args.New("id", []string{word})); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", word, got, err, want)
		}
	}
	for _, word := range []string{"sk_", "sk_skb_stream", "flow", "flow_dissector2", "stream_parsers", "cgroup_inet_ingress", "x"} {
		if got, err := attachType(args.New("id", []string{word})); err == nil || err.Error() != "invalid attach/detach type" {
			t.Errorf("%q: %v, %v", word, got, err)
		}
	}
}
