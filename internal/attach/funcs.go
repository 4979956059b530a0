package attach

import (
	"errors"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/names"
)

// attachFuncs attaches a program to all functions that a pattern stands for, by their types.
func attachFuncs(_ *Attacher, p Program, s names.Section) (*Link, error) {
	return nil, fmt.Errorf("functions like %s: %w", s.Rest, errors.ErrUnsupported)
}
