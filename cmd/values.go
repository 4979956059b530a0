package cmd

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// What the scripts understand as a request to complete paths themselves. No
// word of the command line and no name in the kernel starts with a colon.
const (
	wantFiles       = ":files"
	wantDirectories = ":directories"
)

func isWant(word string) bool { return strings.HasPrefix(word, ":") }

// values returns what a variable of the notation of arguments may stand for on
// this machine, as far as that can be listed and the caller may know it.
func values(variable string) []candidate {
	switch variable {
	case "PROG_ID":
		return ids(existing(bpf.Prog, aboutProg))
	case "PROG_TAG":
		return tags(existing(bpf.Prog, aboutProg))
	case "PROG_NAME":
		return byName(existing(bpf.Prog, aboutProg))
	case "MAP_ID":
		return ids(existing(bpf.Map, aboutMap))
	case "MAP_NAME":
		return byName(existing(bpf.Map, aboutMap))
	case "LINK_ID":
		return ids(existing(bpf.Link, aboutLink))
	case "BTF_ID":
		return ids(existing(bpf.BTF, aboutBTF))
	case "DEV":
		return devices()
	case "DIR", "CGROUP":
		return []candidate{{word: wantDirectories}}
	case "FILE", "PATH", "OBJ":
		return []candidate{{word: wantFiles}}
	}
	switch {
	case strings.HasSuffix(variable, "_FILE"):
		return []candidate{{word: wantFiles}}
	case strings.HasSuffix(variable, "_DIR"):
		return []candidate{{word: wantDirectories}}
	}
	return nil
}

// A kernelObject is what completion tells about a BPF object in the kernel.
type kernelObject struct {
	id        uint32
	tag, name string // empty if it has none
	about     string // its type, or what else there is to tell
}

// existing returns the objects of a kind up to the first that cannot be read.
func existing(kind bpf.Kind, about func(bpf.FD) (kernelObject, error)) []kernelObject {
	var list []kernelObject
	for o, err := range pick.All(kind, about) {
		if err != nil {
			break
		}
		list = append(list, o)
	}
	return list
}

func aboutProg(fd bpf.FD) (kernelObject, error) {
	info, _, err := pick.ProgInfo(fd)
	return kernelObject{info.ID, fmt.Sprintf("%x", info.Tag), pick.ProgName(fd, &info), names.ProgType(info.Type).Heading()}, err
}

func aboutMap(fd bpf.FD) (kernelObject, error) {
	info, err := pick.MapInfo(fd)
	return kernelObject{id: info.ID, name: info.Name(), about: names.MapType(info.Type).Heading()}, err
}

func aboutLink(fd bpf.FD) (kernelObject, error) {
	info, err := bpf.ReadLinkInfo(fd)
	if err != nil {
		return kernelObject{}, err
	}
	o := kernelObject{id: info.ID, about: names.LinkType(info.Type).Heading()}
	if info.ProgID != 0 {
		o.about += fmt.Sprintf(" prog %d", info.ProgID)
	}
	return o, nil
}

func aboutBTF(fd bpf.FD) (kernelObject, error) {
	info, err := bpf.ReadBTFInfo(fd)
	o := kernelObject{id: info.ID, name: info.Name, about: fmt.Sprintf("%d bytes", info.Size)}
	if info.Kernel {
		o.about = "kernel"
	}
	return o, err
}

func ids(list []kernelObject) []candidate {
	var some []candidate
	for _, o := range list {
		id := strconv.FormatUint(uint64(o.id), 10)
		some = append(some, candidate{id, strings.TrimSpace(o.about + " " + o.name)})
	}
	return some
}

func tags(list []kernelObject) []candidate {
	return distinct(list, func(o *kernelObject) (word, rest string) { return o.tag, o.name })
}

func byName(list []kernelObject) []candidate {
	return distinct(list, func(o *kernelObject) (word, rest string) { return o.name, "" })
}

// distinct returns the words that part finds in the objects, each once, with
// the type and ID of the first object that has it.
func distinct(list []kernelObject, part func(*kernelObject) (word, rest string)) []candidate {
	var some []candidate
	seen := map[string]bool{"": true}
	for i := range list {
		o := &list[i]
		word, rest := part(o)
		if !seen[word] {
			some = append(some, candidate{word, fmt.Sprintf("%s id %d %s", o.about, o.id, rest)})
		}
		seen[word] = true
	}
	for i := range some {
		some[i].about = strings.TrimSpace(some[i].about)
	}
	return some
}

// devices are the network devices of this network namespace.
func devices() []candidate {
	var list []candidate
	all, err := net.Interfaces()
	if err != nil {
		return nil
	}
	for _, d := range all {
		list = append(list, candidate{d.Name, fmt.Sprintf("ifindex %d", d.Index)})
	}
	return list
}
