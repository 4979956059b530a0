package pick

import (
	"bufio"
	"fmt"

	"golang.org/x/sys/unix"
)

// A Device is the network device to which a program or map is bound.
type Device struct {
	Ifindex  uint32 `json:"ifindex"`
	NetnsDev uint64 `json:"ns_dev"`
	NetnsIno uint64 `json:"ns_inode"`
	Name     string `json:"ifname,omitempty"` // empty in other network namespaces
}

// NewDevice describes the device with the given index in the network namespace
// with the given device and inode numbers. It is nil if there is no such index.
func NewDevice(ifindex uint32, netnsDev, netnsIno uint64) *Device {
	if ifindex == 0 {
		return nil
	}
	d := &Device{Ifindex: ifindex, NetnsDev: netnsDev, NetnsIno: netnsIno}
	var here unix.Stat_t
	if err := unix.Stat("/proc/self/ns/net", &here); err != nil || uint64(here.Dev) != netnsDev || here.Ino != netnsIno {
		return d
	}
	d.Name, _ = DeviceName(ifindex)
	return d
}

// DeviceName returns the name of the network device with the given index, if
// this network namespace has one.
func DeviceName(ifindex uint32) (name string, ok bool) {
	req, err := unix.NewIfreq("")
	if err != nil {
		return "", false
	}
	req.SetUint32(ifindex)
	if err := ioctl(unix.SIOCGIFNAME, req); err != nil {
		return "", false
	}
	return req.Name(), true
}

// DeviceIndex returns the index of the network device with the given name.
//
// The error is [unix.ENODEV] if this network namespace has none, and [unix.EINVAL]
// if none can have that name.
func DeviceIndex(name string) (uint32, error) {
	req, err := unix.NewIfreq(name)
	if err != nil {
		return 0, err
	}
	if err := ioctl(unix.SIOCGIFINDEX, req); err != nil {
		return 0, err
	}
	return req.Uint32(), nil
}

// ioctl asks about a network device. See netdevice(7).
func ioctl(request uint, req *unix.Ifreq) error {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return unix.IoctlIfreq(fd, request, req)
}

// Plain writes where an object is offloaded to, if it is.
func (d *Device) Plain(w *bufio.Writer) {
	switch {
	case d == nil:
	case d.Name != "":
		fmt.Fprintf(w, "  offloaded_to %s", d.Name)
	default:
		fmt.Fprintf(w, "  offloaded_to ifindex %d ns_dev %d ns_ino %d", d.Ifindex, d.NetnsDev, d.NetnsIno)
	}
}
