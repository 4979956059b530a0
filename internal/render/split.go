package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Split undoes [Join]: it decodes a JSON object into several structs, each of
// which gets the keys that are its own. Keys that none has are an error. Each
// part must be a pointer to a struct; nil parts are left out.
func Split(b []byte, parts ...any) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(b, &members); err != nil {
		return err
	}
	for _, p := range parts {
		if p == nil {
			continue
		}
		own := make(map[string]json.RawMessage)
		for _, key := range keys(p) {
			if value, ok := members[key]; ok {
				own[key] = value
				delete(members, key)
			}
		}
		if err := unmarshal(own, p); err != nil {
			return err
		}
	}
	if len(members) > 0 {
		return fmt.Errorf("unknown keys: %s", strings.Join(slices.Sorted(maps.Keys(members)), " "))
	}
	return nil
}

// unmarshal decodes an object into a struct that must have all its keys, on all
// levels.
func unmarshal(members map[string]json.RawMessage, into any) error {
	b, err := json.Marshal(members)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}

// keys lists the keys of the struct that p points to.
func keys(p any) []string {
	var list []string
	for _, f := range reflect.VisibleFields(reflect.TypeOf(p).Elem()) {
		if key, _, _ := strings.Cut(f.Tag.Get("json"), ","); key != "" {
			list = append(list, key)
		}
	}
	return list
}
