package usdt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// A note describes one place of a user-space tracepoint. Addresses are those for which the image was made.
//
// Source: the notes that <sys/sdt.h> of SystemTap writes, version 3.
type note struct {
	at        uint64 // address of the place
	base      uint64 // address that the section ".stapsdt.base" had then
	semaphore uint64 // address of what counts those who watch, or 0
	provider  string
	name      string
	arguments string
}

// Sections that have to do with such tracepoints.
const (
	noteSection = ".note.stapsdt"
	baseSection = ".stapsdt.base"
)

// noteType is the type of the notes that are understood.
const noteType = 3

// parseNotes reads the notes in a section. Those of other owners or types are left out.
func parseNotes(data []byte, order binary.ByteOrder) (notes []note, err error) {
	for at := 0; at < len(data); {
		n, length, err := parseNote(data[at:], order)
		if err != nil {
			return nil, fmt.Errorf("note at %#x of %s: %w", at, noteSection, err)
		}
		if n != nil {
			notes = append(notes, *n)
		}
		at += length
	}
	return notes, nil
}

// parseNote reads the note that data starts with, and returns its length in bytes. It is nil if it is another's.
func parseNote(data []byte, order binary.ByteOrder) (n *note, length int, err error) {
	const head = 12
	if len(data) < head {
		return nil, 0, fmt.Errorf("%d bytes, want %d", len(data), head)
	}
	ownerLen, textLen := uint64(order.Uint32(data)), uint64(order.Uint32(data[4:]))
	start := head + align4(ownerLen)
	end := start + align4(textLen)
	if start+textLen > uint64(len(data)) {
		return nil, 0, fmt.Errorf("%d bytes behind its head, want %d", len(data)-head, start+textLen-head)
	}
	length = int(min(end, uint64(len(data)))) // the last one may lack what fills it up
	if string(data[head:][:ownerLen]) != "stapsdt\x00" || order.Uint32(data[8:]) != noteType {
		return nil, length, nil
	}
	n, err = readNote(data[start:][:textLen], order)
	return n, length, err
}

func align4(n uint64) uint64 {
	return (n + 3) &^ 3
}

// readNote reads what is in a note: three addresses and three texts.
func readNote(text []byte, order binary.ByteOrder) (*note, error) {
	const addrs = 3 * 8
	if len(text) < addrs {
		return nil, fmt.Errorf("%d bytes of addresses, want %d", len(text), addrs)
	}
	n := &note{at: order.Uint64(text), base: order.Uint64(text[8:]), semaphore: order.Uint64(text[16:])}
	rest := text[addrs:]
	for _, word := range []*string{&n.provider, &n.name, &n.arguments} {
		text, after, ok := bytes.Cut(rest, []byte{0})
		if !ok {
			return nil, errors.New("a text without an end")
		}
		*word, rest = string(text), after
	}
	return n, nil
}
