package console

import (
	"crypto/sha256"
	"net/netip"
	"time"
)

// Throttle counts the failed sign-ins of one address or mailbox.
type Throttle struct {
	// Key is a hash: neither addresses nor mailboxes are kept.
	Key      []byte
	Failures int
	// Until is when the next attempt is let through.
	Until     time.Time
	UpdatedAt time.Time
}

// What is let through before waiting begins, and how long the wait can get.
const (
	freeByEmail   = 5
	freeByAddress = 30
	firstWait     = time.Second
	longestWait   = 15 * time.Minute
	// forgetAfter a quiet time the count begins anew.
	forgetAfter = time.Hour
)

// attempt counts an attempt as failed before it is made, so that parallel guesses count one by one. It returns how long
// to wait instead, when attempts are held back.
func (t Throttle) attempt(now time.Time, free int) (Throttle, time.Duration) {
	if now.Before(t.Until) {
		return t, t.Until.Sub(now)
	}
	if now.Sub(t.UpdatedAt) > forgetAfter {
		t.Failures = 0
	}
	t.Failures++
	t.UpdatedAt = now
	if over := t.Failures - free; over >= 0 {
		t.Until = now.Add(min(firstWait<<min(over, 20), longestWait))
	}
	return t, 0
}

// succeeded takes an attempt back that was counted and turned out well.
func (t Throttle) succeeded(all bool) Throttle {
	t.Failures = max(0, t.Failures-1)
	if all {
		t.Failures = 0
	}
	t.Until = time.Time{}
	return t
}

func emailKey(email string) []byte { return throttleKey("email", email) }

// addressKey counts an IPv6 network of /64 as one address: that is what one subscriber gets.
func addressKey(address netip.Addr) []byte {
	a := address.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			a = p.Addr()
		}
	}
	return throttleKey("address", a.String())
}

func throttleKey(kind, value string) []byte {
	sum := sha256.Sum256([]byte("laurel sign-in " + kind + "\x00" + value))
	return sum[:]
}
