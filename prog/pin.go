package prog

import (
	"context"

	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// pin answers "prog pin PROG FILE".
func pin(_ context.Context, c *call.Call) error { return pick.Pin(c, pick.Prog) }
