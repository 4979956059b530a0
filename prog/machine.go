package prog

import (
	"errors"

	"github.com/gobpftool/gobpftool/internal/render"
)

func (c *code) machineCode(s style) (render.Fact, error) { return nil, errors.New("not yet") }
