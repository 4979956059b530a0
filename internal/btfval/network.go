package btfval

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	gobits "math/bits"
	"net"
	"net/netip"
)

// What stands before a number in network order, and before bytes.
const (
	inNetworkOrder = "be:"
	inHex          = "hex:"
)

// Bytes of addresses.
const (
	ipv4Len = 4
	macLen  = 6
	ipv6Len = 16
)

// inNetwork returns the bits of an unsigned number that is spelt in network
// order: as be:N, or as an address of IPv4.
func (n *integer) inNetwork(text []byte) (u uint64, ok bool) {
	if number, found := bytes.CutPrefix(text, []byte(inNetworkOrder)); found && n.size > 1 {
		_, u, ok = n.span(positive).read(number)
	} else if n.size == ipv4Len && bytes.IndexByte(text, '.') > 0 {
		var b []byte
		if b, ok = address(text, ipv4Len); ok {
			u = uint64(binary.BigEndian.Uint32(b))
		}
	}
	if !n.big {
		u = gobits.ReverseBytes64(u) >> (64 - 8*uint(n.size))
	}
	return u, ok
}

// address returns the bytes of an address that has n of them.
func address(text []byte, n int) ([]byte, bool) {
	if n == macLen {
		mac, err := net.ParseMAC(string(text))
		return mac, err == nil && len(mac) == macLen
	}
	ip, err := netip.ParseAddr(string(text))
	return ip.AsSlice(), err == nil && ip.BitLen() == 8*n && ip.Zone() == ""
}

// isBytes reports whether an array is bytes without a sign, which are no text.
func (a *array) isBytes() bool {
	n, ok := a.elem.(*unsigned)
	return ok && n.size == 1 && !n.isChar
}

// hasAddress reports whether an array of bytes may be an address.
func (a *array) hasAddress() bool { return a.n == ipv4Len || a.n == macLen || a.n == ipv6Len }

func (a *array) takes() string {
	switch {
	case !a.isBytes():
		return "a list"
	case a.hasAddress():
		return `a list, "` + inHex + `..." or an address in quotes`
	}
	return `a list or "` + inHex + `..."`
}

// parseText reads a string for an array of bytes.
func (a *array) parseText(p *parser, data []byte) error {
	tok, err := p.leaf()
	if err != nil {
		return err
	}
	var b []byte
	var ok bool
	if digits, found := bytes.CutPrefix(tok.text(), []byte(inHex)); found {
		b, err = hex.AppendDecode(nil, digits)
		ok = err == nil
	} else if a.hasAddress() {
		b, ok = address(tok.text(), int(a.n))
	}
	if !ok {
		return tok.refuse(a, a.takes())
	}
	if uint64(len(b)) > a.n {
		return tok.tooLong(a, len(b), a.n)
	}
	return p.putBytes(tok, data, b)
}

// isAddress reports whether an object is one that C has for addresses.
func (o *object) isAddress() bool {
	return o.tag == "in_addr" && o.size == ipv4Len || o.tag == "in6_addr" && o.size == ipv6Len
}

// parseAddress reads an address for an object.
func (o *object) parseAddress(p *parser, data []byte) error {
	tok, err := p.leaf()
	if err != nil {
		return err
	}
	b, ok := address(tok.text(), int(o.size))
	if !ok {
		return tok.refuse(o, o.takes())
	}
	return p.putBytes(tok, data, b)
}
