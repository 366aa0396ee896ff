package privacy

import (
	"context"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
)

// Source says how a marketing consent came about.
type Source string

// The sources of consents. Erasure ends what is left of one.
const (
	ByVerification Source = "verification"
	ByShopper      Source = "shopper"
	ByStore        Source = "store"
	ByErasure      Source = "erasure"
)

// Consent says that a customer agreed to marketing, or took it back. It is never changed.
type Consent struct {
	ID       string
	Customer string
	// Verification is where it was given; empty when it was not given in one.
	Verification string
	Granted      bool
	// Version and Locale are those of the text that was shown.
	Version string
	Locale  string
	Source  Source
	At      time.Time
}

// EventConsentChanged tells the store that a customer agreed to marketing or took it back.
const EventConsentChanged = "consent.changed"

// ChangedData is the data of the event that tells of a consent.
func (c Consent) ChangedData() map[string]any {
	return map[string]any{"customer": c.Customer, "marketing": c.Granted, "version": c.Version, "locale": c.Locale, "source": string(c.Source)}
}

// ConsentText is one text of consent as a store showed it.
type ConsentText struct {
	Version string
	Since   time.Time
	// Text and MarketingText are by locale.
	Text          map[string]string
	MarketingText map[string]string
	PrivacyURL    string
}

// ErrGuestConsent says that marketing consent belongs to customers.
var ErrGuestConsent = fault.New(fault.Invalid, "Marketing consent is kept for customers. Confirm the verification for a customer first.").
	At("#/customer", "names a guest's verification")

// maxConsents bounds how much of a customer's history is shown.
const maxConsents = 100

// Consents returns a customer's history of marketing consent, newest first, at most 100.
func (s *Service) Consents(ctx context.Context, store, customer string) ([]Consent, error) {
	var found []Consent
	err := s.Storage.Read(ctx, store, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.Consents(ctx, customer, maxConsents)
		return err
	})
	return found, err
}

// SetMarketing records that a customer agreed to marketing or took it back. Saying what holds already changes nothing and
// tells nobody. It returns what holds. Faults: invalid for a guest.
func (s *Service) SetMarketing(ctx context.Context, store string, c Consent) (Consent, error) {
	if SubjectOf(c.Customer).Verification != "" {
		return c, ErrGuestConsent
	}
	got, err := s.Storage.Write(ctx, store, func(ctx context.Context, tx Tx) (any, error) {
		last, err := tx.Consents(ctx, c.Customer, 1)
		if err != nil {
			return nil, err
		}
		if len(last) > 0 && last[0].Granted == c.Granted && (!c.Granted || last[0].Version == c.Version) {
			return last[0], nil
		}
		c.ID, c.At = id.New("cns"), tx.Now()
		if err := tx.InsertConsent(ctx, c); err != nil {
			return nil, err
		}
		return c, tx.Emit(ctx, EventConsentChanged, c.Customer, c.ChangedData())
	})
	held, _ := got.(Consent)
	return held, err
}

// TextShown returns the text of consent of a version as it was at a moment; the newest when at is zero. Faults: not_found.
func (s *Service) TextShown(ctx context.Context, store, version string, at time.Time) (ConsentText, error) {
	var found ConsentText
	err := s.Storage.Read(ctx, store, func(ctx context.Context, tx Tx) (err error) {
		if at.IsZero() {
			at = tx.Now()
		}
		found, err = tx.ConsentText(ctx, version, at)
		return err
	})
	return found, err
}
