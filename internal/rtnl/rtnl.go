// Package rtnl asks rtnetlink which programs are attached to network devices, to
// traffic control and to routes.
//
// It is the only package that speaks netlink, and only asks. Every answer is about
// the network namespace of the caller.
package rtnl

import (
	"encoding/binary"
	"fmt"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// A Conn is a connection to rtnetlink. It is used by one goroutine at a time.
type Conn struct{ nl *netlink.Conn }

// Dial connects to rtnetlink in the network namespace of the caller.
func Dial() (*Conn, error) {
	nl, err := netlink.Dial(unix.NETLINK_ROUTE, nil)
	if err != nil {
		return nil, fmt.Errorf("rtnetlink: %w", err)
	}
	return New(nl), nil
}

// New returns a connection to whatever nl speaks to: in tests, a function in place
// of the kernel.
func New(nl *netlink.Conn) *Conn { return &Conn{nl} }

// Close ends the connection.
func (c *Conn) Close() { _ = c.nl.Close() }

// A header is a struct of C with which messages of one kind begin.
type header []byte

func (h header) uint16(at int) uint16 { return binary.NativeEndian.Uint16(h[at:]) }
func (h header) uint32(at int) uint32 { return binary.NativeEndian.Uint32(h[at:]) }

// dump asks for all objects of a kind, and calls read for each message of the answer
// that is of type reply, with its header of size bytes and the attributes behind.
// What objects are called in errors is word.
func (c *Conn) dump(word string, request, reply uint16, body []byte, size int, read func(header, []byte) error) error {
	m := netlink.Message{
		Header: netlink.Header{Type: netlink.HeaderType(request), Flags: netlink.Request | netlink.Dump},
		Data:   body,
	}
	if _, err := c.nl.Send(m); err != nil {
		return fmt.Errorf("asking for %s: %w", word, err)
	}
	var failed error
	for m, err := range c.nl.ReceiveIter() {
		switch {
		case err != nil:
			return fmt.Errorf("asking for %s: %w", word, err)
		case failed != nil || m.Header.Type != netlink.HeaderType(reply): // read on to the end
		case len(m.Data) < size:
			failed = fmt.Errorf("%s: message of %d bytes, want %d at least", word, len(m.Data), size)
		default:
			if err := read(m.Data[:size], m.Data[size:]); err != nil {
				failed = fmt.Errorf("%s: %w", word, err)
			}
		}
	}
	return failed
}

// A reader takes the value of an attribute from the decoder.
type reader func(*netlink.AttributeDecoder)

// A table says how the attributes of a kind are read, by type. Others are left out.
type table map[uint16]reader

// read reads a row of attributes.
func (t table) read(b []byte) error {
	d, err := netlink.NewAttributeDecoder(b)
	if err != nil {
		return err
	}
	return t.decode(d)
}

func (t table) decode(d *netlink.AttributeDecoder) error {
	for d.Next() {
		if read, ok := t[d.Type()]; ok {
			read(d)
		}
	}
	return d.Err()
}

// nested reads attributes within an attribute.
func nested(t table) reader {
	return func(d *netlink.AttributeDecoder) { d.Nested(t.decode) }
}

func number(to *uint32) reader {
	return func(d *netlink.AttributeDecoder) { *to = d.Uint32() }
}

func text(to *string) reader {
	return func(d *netlink.AttributeDecoder) { *to = d.String() }
}
