package support

//lint:file-ignore U1000 skeletons use it

import (
	"errors"
	"iter"
)

// skelRecords yields what read returns, until that is the error closed.
func skelRecords[T any](read func() (T, error), closed error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			record, err := read()
			if errors.Is(err, closed) || !yield(record, err) {
				return
			}
		}
	}
}
