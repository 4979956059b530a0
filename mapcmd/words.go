package mapcmd

import (
	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// An element is what the words of a command say of an element of a map.
type element struct {
	key, value []byte // nil if they are not given
	flag       bpf.UpdateFlag
	held       []bpf.FD // what key and value refer to
}

// Close lets go of what the element refers to.
func (e *element) Close() {
	for _, fd := range e.held {
		fd.Close()
	}
}

// Parts of an element that a command reads, each at most once.
const (
	withKey = 1 << iota
	withValue
	withFlag
)

// readElement reads the words "key DATA", "value VALUE" and, for updates, a flag,
// in any order. parts are those that there may be: a key and a value must be
// there.
func (t *table) readElement(c *call.Call, parts int) (*element, error) {
	e := &element{}
	err := t.readParts(c, e, parts)
	if err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

func (t *table) readParts(c *call.Call, e *element, parts int) (err error) {
	for a := c.Args; a.Len() > 0 && err == nil; {
		word := a.Peek()
		switch {
		case a.Is("key"):
			if parts&withKey == 0 {
				return surplus("key", e.key != nil)
			}
			parts &^= withKey
			e.key, err = t.readKey(a, e)
		case a.Is("value"):
			if parts&withValue == 0 {
				return surplus("value", e.value != nil)
			}
			parts &^= withValue
			e.value, err = t.readValue(c, e)
		case readFlag(a, &e.flag):
			if parts&withFlag == 0 {
				return args.Errorf("flags specified multiple times: %s", word)
			}
			parts &^= withFlag
		default:
			return args.Errorf("expected key or value, got: %s", word)
		}
	}
	switch {
	case err != nil:
		return err
	case parts&withKey != 0:
		return args.Errorf("did not find key")
	case parts&withValue != 0:
		return args.Errorf("did not find value")
	}
	return nil
}

// surplus is the error of a part that the command, or the map, has no use for.
func surplus(part string, again bool) error {
	if again {
		return args.Errorf("duplicate %s", part)
	}
	return args.Errorf("unnecessary %s", part)
}

// readFlag reads one of the words that say whether a key may be there.
func readFlag(a *args.Args, flag *bpf.UpdateFlag) bool {
	switch {
	case a.Is("any"):
		*flag = bpf.Any
	case a.Is("noexist"):
		*flag = bpf.NoExist
	case a.Is("exist"):
		*flag = bpf.Exist
	default:
		return false
	}
	return true
}

// readValue reads a value: a map or a program by a selector where the map has
// such, a cgroup by its path, text of its type, or bytes. Per-CPU maps get the same
// on all CPUs unless text has a list.
func (t *table) readValue(c *call.Call, e *element) ([]byte, error) {
	a := c.Args
	switch {
	case t.Maps:
		if a.Len() < 2 {
			return nil, args.Errorf("not enough value arguments for map in map")
		}
		return e.holds(pick.Map(a, bpf.ReadOnly))
	case t.Type() == "prog_array":
		if a.Len() < 2 {
			return nil, args.Errorf("not enough value arguments for map of progs")
		}
		if args.New("", []string{a.Peek()}).Is("id") {
			c.Talk.Warn("Warning: updating program array via MAP_ID, make sure this map is kept open\n" +
				"         by some process or pinned otherwise update will be lost")
		}
		return e.holds(pick.Prog(a))
	case t.Type() == "cgroup_array" && a.Len() > 1 && a.Is("cgroup"):
		return e.holds(openCgroup(a))
	}
	if t.isText(a, t.Info.ValueSize) {
		return t.readValueText(a)
	}
	one, err := a.Bytes("value", int(t.Info.ValueSize))
	if err != nil || t.CPUs == 0 {
		return one, err
	}
	return t.EveryCPU(one), nil
}

// readKey reads a key: text of its type, bytes, or where entries belong to other
// objects, what says which one.
func (t *table) readKey(a *args.Args, e *element) ([]byte, error) {
	switch typ := t.Type(); {
	case typ == "cgrp_storage" && a.Is("cgroup"):
		return e.holds(openCgroup(a))
	case typ == "inode_storage" && a.Is("file"):
		return e.holds(openOwner(a))
	case typ == "task_storage" && a.Is("pid"):
		return e.holds(openTask(a))
	case typ == "sk_storage" && a.Is("pid"):
		return e.holds(openSocket(a))
	case typ == "cgroup_storage" || typ == "percpu_cgroup_storage":
		if len(a.Peek()) > 0 && a.Is("cgroup") {
			return t.cgroupKey(a)
		}
	}
	if t.isText(a, t.Info.KeySize) {
		return t.readKeyText(a)
	}
	return a.Bytes("key", int(t.Info.KeySize))
}
