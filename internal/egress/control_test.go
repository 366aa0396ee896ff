package egress

import (
	"errors"
	"net/netip"
	"testing"
)

// A name says nothing about where it leads: what it was resolved to is looked at once more, before the connection.
func TestWhatANameWasResolvedToIsChecked(t *testing.T) {
	for address, allowed := range map[string]bool{
		"127.0.0.1:443": false, "10.0.0.7:443": false, "169.254.169.254:80": false, "[::1]:443": false, "[::ffff:10.0.0.7]:443": false,
		"1.1.1.1:443": true, "[2606:4700::1111]:443": true,
	} {
		if err := (Options{}).control(t.Context(), "tcp4", address, nil); errors.Is(err, ErrRefused) == allowed {
			t.Errorf("%s: %v", address, err)
		}
	}
	opened := Options{Allow: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")}}
	if err := opened.control(t.Context(), "tcp6", "10.0.0.7:443", nil); err != nil {
		t.Errorf("a network that the operator opened: %v", err)
	}
	for _, network := range []string{"udp", "unix"} {
		if err := (Options{AllowPrivate: true}).control(t.Context(), network, "1.1.1.1:443", nil); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", network, err)
		}
	}
}
