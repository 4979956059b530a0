package main

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bytecode"
)

// A side is what came of loading an object with one tool, as loads.sh tells it.
type side struct {
	status int    // of the tool
	text   string // what it wrote to standard error
	facets [facets][]string
}

// A facet is a part of what is compared: lines in which numbers that the kernel gives are replaced by names.
type facet int

const (
	ofPrograms facet = iota
	ofMaps
	ofContents
	ofInsns
	ofBTF
	facets
)

var facetNames = [facets]string{"programs", "maps", "contents", "instructions", "BTF"}

// loaded tells whether the tool succeeded.
func (s *side) loaded() bool { return s.status == 0 }

// mount is where loads.sh has objects pinned.
const mount = "/sys/fs/bpf/"

// A shown is a program or a map as "show" describes it in JSON.
type shown map[string]any

// readSide reads what loads.sh wrote into a directory.
func readSide(dir string) (*side, error) {
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(dir, "err"))
	if err != nil {
		return nil, err
	}
	s := &side{text: string(text)}
	if s.status, err = strconv.Atoi(strings.TrimSpace(string(status))); err != nil || !s.loaded() {
		return s, err
	}
	d := &described{dir: dir}
	for _, step := range []func(*side) error{d.programs, d.maps, d.contents, d.insns, d.btf} {
		if err := step(s); err != nil {
			return nil, fmt.Errorf("%s: %w", dir, err)
		}
	}
	return s, nil
}

// described is what is known of a loaded object while it is read.
type described struct {
	dir      string
	pinned   map[string]shown // programs by their pins
	kinds    map[string]string
	mapNames map[string]string // by number: of the pin, or else of the kernel
	progPins map[string]string // by number
	told     map[string]string // by number of a program
}

// show reads a list of programs or maps.
func (d *described) show(file string) (list []shown, err error) {
	text, err := os.ReadFile(filepath.Join(d.dir, file))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return list, nil
}

// pin returns the name under which something is pinned, or "".
func (s shown) pin() string {
	paths, _ := s["pinned"].([]any)
	for _, p := range paths {
		if path, _ := p.(string); strings.HasPrefix(path, mount) {
			return filepath.Base(path)
		}
	}
	return ""
}

// number returns a number as text, or "" if there is none.
func (s shown) number(key string) string {
	n, ok := s[key].(float64)
	if !ok {
		return ""
	}
	return strconv.FormatInt(int64(n), 10)
}

// What is not the same when the same is loaded twice: numbers, times, who holds it, and how long machine code
// gets, in which there are addresses.
var ofLoad = []string{"id", "loaded_at", "pids", "pinned", "map_ids", "btf_id", "bytes_jited", "run_time_ns", "run_cnt"}

// line describes something by what is the same whenever it is loaded.
func (s shown) line(more ...string) string {
	same := maps.Clone(s)
	for _, key := range ofLoad {
		delete(same, key)
	}
	text, _ := json.Marshal(same)
	_, typed := s["btf_id"]
	return fmt.Sprintf("%s: %s, BTF %v%s", s.pin(), text, typed, strings.Join(more, ""))
}

// programs reads what is shown of programs.
func (d *described) programs(s *side) error {
	if err := d.readTold(); err != nil {
		return err
	}
	list, err := d.show("programs.json")
	if err != nil {
		return err
	}
	all, err := d.show("maps.json")
	if err != nil {
		return err
	}
	d.mapNames, d.progPins, d.pinned = make(map[string]string), make(map[string]string), make(map[string]shown)
	for _, m := range all {
		name, _ := m["name"].(string)
		if pin := m.pin(); pin != "" {
			name = pin
		}
		d.mapNames[m.number("id")] = name
	}
	for _, p := range list {
		if p.pin() == "" {
			continue
		}
		d.progPins[p.number("id")] = p.pin()
		d.pinned[p.pin()] = p
		s.facets[ofPrograms] = append(s.facets[ofPrograms],
			p.line(fmt.Sprint(", maps ", d.usedMaps(p)), ", kernel: ", d.told[p.number("id")]))
	}
	slices.Sort(s.facets[ofPrograms])
	return nil
}

// usedMaps returns the names of a program's maps.
func (d *described) usedMaps(p shown) (names []string) {
	ids, _ := p["map_ids"].([]any)
	for _, id := range ids {
		n, _ := id.(float64)
		names = append(names, d.mapNames[strconv.FormatInt(int64(n), 10)])
	}
	slices.Sort(names)
	return names
}

// readTold reads what the iterator printed.
func (d *described) readTold() error {
	text, err := os.ReadFile(filepath.Join(d.dir, "progs"))
	if err != nil {
		return err
	}
	d.told = make(map[string]string)
	for line := range strings.Lines(string(text)) {
		id, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		d.told[id] = rest
	}
	return nil
}

// maps reads what is shown of maps that are pinned or used.
func (d *described) maps(s *side) error {
	list, err := d.show("maps.json")
	if err != nil {
		return err
	}
	used := make(map[string]bool)
	for _, p := range d.pinned {
		ids, _ := p["map_ids"].([]any)
		for _, id := range ids {
			used[fmt.Sprint(id)] = true
		}
	}
	d.kinds = make(map[string]string)
	for _, m := range list {
		if m.pin() == "" && !used[fmt.Sprint(m["id"])] {
			continue
		}
		d.kinds[m.pin()], _ = m["type"].(string)
		s.facets[ofMaps] = append(s.facets[ofMaps], m.line())
	}
	slices.Sort(s.facets[ofMaps])
	return nil
}

// What a dump has of numbers that the kernel gives.
var (
	innerMap  = regexp.MustCompile(`(inner_map_id:?"?:? *)(\d+)`)
	rawValue  = regexp.MustCompile(`value: ((?:[0-9a-f]{2} ){3}[0-9a-f]{2})`)
	typedProg = regexp.MustCompile(`("value": )(\d+)`)
)

// contents reads the dumps of maps.
func (d *described) contents(s *side) error {
	files, err := os.ReadDir(filepath.Join(d.dir, "maps"))
	if err != nil {
		return err
	}
	for _, f := range files {
		raw, err := os.ReadFile(filepath.Join(d.dir, "maps", f.Name()))
		if err != nil {
			return err
		}
		text := innerMap.ReplaceAllStringFunc(string(raw), func(found string) string {
			m := innerMap.FindStringSubmatch(found)
			return m[1] + d.mapNames[m[2]]
		})
		switch kind := d.kinds[f.Name()]; {
		case kind == "prog_array":
			text = d.namePrograms(text)
		case strings.Contains(kind, "hash"): // its entries come in any order
			text = strings.Join(slices.Sorted(strings.Lines(text)), "")
		}
		s.facets[ofContents] = append(s.facets[ofContents], f.Name()+": "+text)
	}
	return nil
}

// namePrograms puts the names of programs for their numbers in the dump of an array of programs.
func (d *described) namePrograms(text string) string {
	text = rawValue.ReplaceAllStringFunc(text, func(found string) string {
		b, _ := hex.DecodeString(strings.ReplaceAll(strings.TrimPrefix(found, "value: "), " ", ""))
		return "value: " + d.progPins[strconv.Itoa(int(binary.NativeEndian.Uint32(b)))]
	})
	return typedProg.ReplaceAllStringFunc(text, func(found string) string {
		m := typedProg.FindStringSubmatch(found)
		return m[1] + d.progPins[m[2]]
	})
}

// insns reads the translated instructions: a line for each.
func (d *described) insns(s *side) error {
	for _, pin := range slices.Sorted(maps.Keys(d.pinned)) {
		code, err := os.ReadFile(filepath.Join(d.dir, "programs", pin))
		if err != nil {
			return err
		}
		for i := 0; i+bytecode.Size <= len(code); i += bytecode.Size {
			s.facets[ofInsns] = append(s.facets[ofInsns], fmt.Sprintf("%s %d: %s", pin, i/bytecode.Size, d.insn(code[i:][:bytecode.Size])))
		}
	}
	return nil
}

// What instructions that load 64 bits look like, when they load the address of a map, or one in its value.
const (
	loadWide     = 0x18
	fromMap      = 1
	fromMapValue = 2
)

// insn returns the bytes of an instruction, with the name of a map instead of its number.
func (d *described) insn(b []byte) string {
	if from := b[1] >> 4; b[0] == loadWide && (from == fromMap || from == fromMapValue) {
		id := strconv.FormatUint(uint64(binary.NativeEndian.Uint32(b[4:])), 10)
		return fmt.Sprintf("% x map %s", b[:4], d.mapNames[id])
	}
	return fmt.Sprintf("% x", b)
}

// btf reads the types of the programs.
func (d *described) btf(s *side) error {
	text, err := os.ReadFile(filepath.Join(d.dir, "btf"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	s.facets[ofBTF] = strings.Split(string(text), "\n")
	return err
}
