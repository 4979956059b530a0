package render

import "bytes"

// Join returns one JSON object with the keys of several, in order. Each part
// must be encoded as an object.
func Join(parts ...any) ([]byte, error) {
	out := []byte{'{'}
	for _, p := range parts {
		b, err := marshal(p)
		if err != nil {
			return nil, err
		}
		b = bytes.TrimSuffix(bytes.TrimPrefix(b, []byte{'{'}), []byte{'}'})
		if len(b) > 0 && len(out) > 1 {
			out = append(out, ',')
		}
		out = append(out, b...)
	}
	return append(out, '}'), nil
}
