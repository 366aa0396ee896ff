package webhook

import (
	"time"

	"github.com/laurel-gateway/laurel/internal/outbox"
)

// Reason is why an endpoint was disabled.
type Reason string

// The reasons for which an endpoint is disabled.
const (
	// ByAdmin: somebody did it in the console.
	ByAdmin Reason = "admin"
	// Gone: the endpoint answered 410.
	Gone Reason = "gone"
	// Failing: every try failed for DisableAfter.
	Failing Reason = "failing"
)

// DisableAfter is how long every try at an endpoint must have failed before the gateway disables it. It is longer than
// the three days over which one message is tried.
const DisableAfter = 5 * 24 * time.Hour

// DisabledEvent is the type of the event that tells a store's other endpoints of one that the gateway has disabled.
const DisabledEvent = "webhook_endpoint.disabled"

// TestEvent is the type of the message that an admin sends to try an endpoint. Every endpoint gets it, whatever events
// it wants.
const TestEvent = "webhook.test"

// After returns the endpoint as it is after a try: one success clears the count of failures; 410, or failures alone for
// DisableAfter, disable it. The version rises when the state changes.
func (e Endpoint) After(o outbox.Outcome, now time.Time) Endpoint {
	if o.Delivered {
		e.Failures, e.FailingSince = 0, time.Time{}
		return e
	}
	e.Failures++
	if e.FailingSince.IsZero() {
		e.FailingSince = now
	}
	if e.State != Enabled {
		return e
	}
	switch {
	case o.Gone:
		e.DisabledReason = Gone
	case now.Sub(e.FailingSince) >= DisableAfter:
		e.DisabledReason = Failing
	default:
		return e
	}
	e.State, e.UpdatedAt = Disabled, now
	e.Version++
	return e
}

// Enable returns the endpoint enabled, with nothing counted against it. The version is the caller's to raise.
func (e Endpoint) Enable() Endpoint {
	e.State, e.DisabledReason, e.Failures, e.FailingSince = Enabled, "", 0, time.Time{}
	return e
}

// Bounds of the time during which the secret from before a change signs too.
const (
	DefaultOverlap = 24 * time.Hour
	MaxOverlap     = 7 * 24 * time.Hour
)

// Rotate returns the endpoint with another sealed secret. The one that it had signs too until the overlap is over; an
// overlap of zero ends it at once, which is right for a secret that leaked.
func (e Endpoint) Rotate(sealed []byte, overlap time.Duration, now time.Time) Endpoint {
	e.OldSecret, e.OldSecretUntil = e.Secret, now.Add(overlap)
	if overlap <= 0 {
		e.OldSecret, e.OldSecretUntil = nil, time.Time{}
	}
	e.Secret, e.UpdatedAt = sealed, now
	e.Version++
	return e
}
