package attach

import (
	"errors"
	"github.com/gobpftool/gobpftool/internal/names"
)

func attachUSDT(a *Attacher, p Program, s names.Section) (*Link, error) {
	return nil, errors.ErrUnsupported
}
