package link

import (
	"context"

	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// pin answers "link pin LINK FILE".
func pin(_ context.Context, c *call.Call) error { return pick.Pin(c, pick.Link) }
