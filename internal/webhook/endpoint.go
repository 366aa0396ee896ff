package webhook

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// State says whether an endpoint gets messages.
type State string

// The states of an endpoint.
const (
	Enabled  State = "enabled"
	Disabled State = "disabled"
)

// Endpoint is a URL of the store that wants to be told.
type Endpoint struct {
	Store       string
	ID          string
	URL         string
	Description string
	// Events are the types that it wants; empty means all.
	Events []string
	// Secret is sealed, with the endpoint's id as associated data.
	Secret []byte
	// OldSecret is what Secret was before it was changed, sealed the same way. It signs too until OldSecretUntil; nil
	// without one.
	OldSecret      []byte
	OldSecretUntil time.Time
	State          State
	// DisabledReason is empty while the endpoint is enabled.
	DisabledReason Reason
	// Failures counts the failed tries since the last success, FailingSince is the first of them; zero without any.
	Failures     int
	FailingSince time.Time
	// Version rises with each change that an admin would notice.
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Wants reports whether the endpoint is to get events of a type.
func (e Endpoint) Wants(eventType string) bool {
	return len(e.Events) == 0 || slices.Contains(e.Events, eventType)
}

// Catalogue is every type of event that a store can be told about, sorted.
func Catalogue() []string {
	return []string{
		"attestation.ended",
		"attestation.expiring",
		"attestation.moved",
		"code_pool.low",
		"codes.guessing",
		"consent.changed",
		"fraud.confirmed",
		"fraud.lifted",
		"fraud.suspected",
		"integration.mismatch",
		"member.points_changed",
		"member.tier_changed",
		"offer_token.issued",
		"offer_token.revoked",
		"order.refunded",
		"privacy.erased",
		"redemption.created",
		"redemption.points_forfeited",
		"redemption.refunded",
		"reservation.released",
		"verification.expired",
		"verification.rejected",
		"verification.review_opened",
		"verification.verified",
		DisabledEvent,
	}
}

// Limits of an endpoint.
const (
	maxURL         = 2000
	maxDescription = 500
	// MaxEndpoints is how many endpoints a store may have.
	MaxEndpoints = 20
)

// Targets says which URLs may be told.
type Targets interface {
	// Check refuses a URL that would never be reached.
	Check(url string) error
}

// Check refuses an endpoint that cannot work, naming every part that is wrong: invalid, or webhook_target_refused when
// only the URL is, because it leads to a private or reserved address.
func (e Endpoint) Check(targets Targets) error {
	f := fault.New(fault.Invalid, "The webhook endpoint cannot be saved. See errors for the parts to change.")
	bad := f
	if len(e.Description) > maxDescription {
		bad = bad.At("#/description", fmt.Sprintf("must be at most %d bytes", maxDescription))
	}
	if e.State != Enabled && e.State != Disabled {
		bad = bad.At("#/state", "must be enabled or disabled")
	}
	for i, t := range e.Events {
		at := fmt.Sprintf("#/events/%d", i)
		if !slices.Contains(Catalogue(), t) {
			bad = bad.At(at, "is not a type of event")
		} else if slices.Contains(e.Events[:i], t) {
			bad = bad.At(at, "is there twice")
		}
	}
	if len(e.URL) > maxURL {
		bad = bad.At("#/url", fmt.Sprintf("must be at most %d bytes", maxURL))
	}
	if bad != f {
		return bad
	}
	if err := targets.Check(e.URL); err != nil {
		return fault.New(fault.WebhookTargetRefused, "This gateway does not send to that address. Use an https URL of a public host.").
			At("#/url", "must be an https URL of a public host").Wrap(err)
	}
	return nil
}

// secretPrefix marks a signing secret (Standard Webhooks, "Signature scheme").
const secretPrefix = "whsec_"

// NewSecret returns a new signing secret: "whsec_" and 32 random bytes in base64.
func NewSecret() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails: the runtime ends the program first
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}
