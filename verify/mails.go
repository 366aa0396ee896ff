package verify

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
)

// SentMail is a mail to a shopper that left. It knows the address by a keyed hash only.
type SentMail struct {
	ID    string
	Store string
	// Verification is the one whose code it brought; empty for a reminder.
	Verification string
	// Tag is the keyed hash of the address, under the store's key.
	Tag    PersonTag
	SentAt time.Time
	// ReportedAt is zero until a report said that it did not arrive, or was not welcome.
	ReportedAt time.Time
}

// SentMailLifetime is how long a report about a mail is understood. Mail systems give up after five days (RFC 5321,
// section 4.5.4.1).
const SentMailLifetime = 7 * 24 * time.Hour

// MailReport says what became of a mail.
type MailReport string

// What mail systems report. Only what is final counts: a mailbox that is full today is none of it.
const (
	// Bounced: the mailbox does not exist, or takes no mail.
	Bounced MailReport = "bounce"
	// Complained: whoever reads the mailbox does not want this mail.
	Complained MailReport = "complaint"
	// Refused: the mail was refused for another reason than its address.
	Refused MailReport = "refused"
)

// suppressed says how long nothing is sent to an address after a report.
func (r MailReport) suppressed() time.Duration {
	switch r {
	case Bounced:
		return 14 * 24 * time.Hour
	case Complained:
		return 90 * 24 * time.Hour
	}
	return 0
}

// Suppression keeps mail from an address for a while. Nobody can read the address from it.
type Suppression struct {
	ID        string
	Tag       PersonTag
	Reason    MailReport
	CreatedAt time.Time
	ExpiresAt time.Time
}

// MailTx is the mails that left, and the addresses that get none.
type MailTx interface {
	InsertMail(ctx context.Context, m SentMail) error
	Mail(ctx context.Context, id string) (SentMail, error)
	LockMail(ctx context.Context, id string) (SentMail, error)
	// ReportMail notes that a mail was reported.
	ReportMail(ctx context.Context, id string, at time.Time) error

	// Suppress writes a suppression. One that is there for the address keeps its id; the later end counts.
	Suppress(ctx context.Context, s Suppression) error
	// Suppression returns the one of an address that has not ended.
	Suppression(ctx context.Context, tag PersonTag) (Suppression, error)
	// Suppressions returns those that have not ended, newest first, before a cursor id ("" for the first page).
	Suppressions(ctx context.Context, before string, limit int) ([]Suppression, error)
	// DeleteSuppression removes one and returns it.
	DeleteSuppression(ctx context.Context, id string) (Suppression, error)
}

// ErrUndeliverable refuses an address to which mail does not arrive, or where it is not welcome: which of the two is
// nobody's business before the mailbox is proven.
var ErrUndeliverable = fault.New(fault.MailUndeliverable,
	"Mail to this address does not arrive. Check it for typing errors, or use another one.").At("#/email", "undeliverable")

// AddressTag is the keyed hash by which a store knows an address that mail is sent to. Unlike the person tag of a
// mailbox it tells spellings apart: ada+shop@mit.edu can be undeliverable while ada@mit.edu is not.
func AddressTag(t Tagger, deliverable string) PersonTag {
	return PersonTag(t.PersonTag("address:" + strings.ToLower(deliverable)))
}

// mailCode queues the mail of a code and returns its id. Faults: mail_undeliverable.
func mailCode(ctx context.Context, tx Tx, t Tagger, verification string, ask Ask) (string, error) {
	m := *ask.Mail
	sent, err := letOut(ctx, tx, AddressTag(t, m.To), verification)
	if err != nil {
		return "", err
	}
	m.ID, m.ExpiresAt = sent.ID, ask.ExpiresAt
	if err := tx.SendCode(ctx, m); err != nil {
		return "", fmt.Errorf("sending a code: %w", err)
	}
	return m.ID, nil
}

// letOut writes down that a mail leaves, unless its address is suppressed. Faults: mail_undeliverable.
func letOut(ctx context.Context, tx Tx, tag PersonTag, verification string) (SentMail, error) {
	_, err := tx.Suppression(ctx, tag)
	if err == nil {
		return SentMail{}, ErrUndeliverable
	}
	if fault.CodeOf(err) != fault.NotFound {
		return SentMail{}, fmt.Errorf("looking for a suppression: %w", err)
	}
	m := SentMail{ID: id.New("mai"), Verification: verification, Tag: tag, SentAt: tx.Now()}
	if err := tx.InsertMail(ctx, m); err != nil {
		return m, fmt.Errorf("noting a mail: %w", err)
	}
	return m, nil
}

// MailFailed takes a report about a mail that left: the address is suppressed, and if the mail's code is what the
// verification waits for, the question is dropped, so that the shopper can correct the address. A second report about a
// mail changes nothing. It reports whether something changed. Faults: not_found.
func (s *Service) MailFailed(ctx context.Context, store StoreRef, mail string, report MailReport) (bool, error) {
	changed := false
	_, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		changed = false
		m, err := tx.Mail(ctx, mail)
		if err != nil {
			return nil, err
		}
		// The verification is locked before the mail, as everywhere.
		v, err := lockOf(ctx, tx, m)
		if err != nil {
			return nil, err
		}
		if m, err = tx.LockMail(ctx, mail); err != nil {
			return nil, err
		}
		if !m.ReportedAt.IsZero() {
			return nil, nil
		}
		changed = true
		if err := tx.ReportMail(ctx, m.ID, tx.Now()); err != nil {
			return nil, fmt.Errorf("noting the report of a mail: %w", err)
		}
		if err := suppress(ctx, tx, m.Tag, report); err != nil {
			return nil, err
		}
		if v.Challenge == nil || v.Challenge.Mail != m.ID || v.At(tx.Now()).State.Final() {
			return nil, nil
		}
		_, err = s.update(ctx, tx, v.interrupt(ErrUndeliverable, tx.Now()))
		return nil, err
	})
	return changed, err
}

// lockOf locks the verification that a mail was for; the zero verification when there is none, or none any more.
func lockOf(ctx context.Context, tx Tx, m SentMail) (Verification, error) {
	if m.Verification == "" {
		return Verification{}, nil
	}
	v, err := tx.LockVerification(ctx, m.Verification)
	if fault.CodeOf(err) == fault.NotFound {
		return Verification{}, nil
	}
	return v, err
}

func suppress(ctx context.Context, tx Tx, tag PersonTag, report MailReport) error {
	d := report.suppressed()
	if d == 0 {
		return nil
	}
	err := tx.Suppress(ctx, Suppression{ID: id.New("sup"), Tag: tag, Reason: report, CreatedAt: tx.Now(), ExpiresAt: tx.Now().Add(d)})
	if err != nil {
		return fmt.Errorf("suppressing an address: %w", err)
	}
	return nil
}

// Suppressions returns the suppressions of a store that have not ended, newest first, before a cursor ("" for the first
// page).
func (s *Service) Suppressions(ctx context.Context, store StoreRef, before string, limit int) ([]Suppression, error) {
	var found []Suppression
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.Suppressions(ctx, before, limit)
		return err
	})
	return found, err
}

// LiftSuppression lets mail go to an address again. Faults: not_found.
func (s *Service) LiftSuppression(ctx context.Context, store StoreRef, by Actor, id string) (*Suppression, error) {
	return s.lift(ctx, store, by, func(context.Context, Tx) (string, error) { return id, nil })
}

// LiftSuppressionOf is LiftSuppression for an address as it was typed: a store's support is told it by the shopper.
// Faults: not_found, email_invalid.
func (s *Service) LiftSuppressionOf(ctx context.Context, store StoreRef, by Actor, address string) (*Suppression, error) {
	deliverable, err := s.Address(address)
	if err != nil {
		return nil, err
	}
	tagger, err := s.Taggers.TaggerOf(ctx, store.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the store's keys: %w", err)
	}
	return s.lift(ctx, store, by, func(ctx context.Context, tx Tx) (string, error) {
		found, err := tx.Suppression(ctx, AddressTag(tagger, deliverable))
		return found.ID, err
	})
}

func (s *Service) lift(ctx context.Context, store StoreRef, by Actor, find func(context.Context, Tx) (string, error)) (*Suppression, error) {
	got, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		id, err := find(ctx, tx)
		if err != nil {
			return nil, err
		}
		lifted, err := tx.DeleteSuppression(ctx, id)
		if err != nil {
			return nil, err
		}
		err = tx.Audit(ctx, Change{by, "mail_suppression.lifted", id, map[string]any{"reason": lifted.Reason}})
		return &lifted, err
	})
	lifted, _ := got.(*Suppression)
	return lifted, err
}

// ReminderMail offers a shopper to verify again. It is encrypted before it is stored, and nothing of it is kept once it
// is sent.
type ReminderMail struct {
	// ID names the mail in reports about it. It is given when the mail is queued.
	ID     string
	To     string
	Locale string
	// Until is when the attestation ends.
	Until time.Time
	// Link leads to the page of the store where the shopper can verify.
	Link string
}

// SendReminder mails an offer to verify again. The gateway keeps no addresses, so the store gives it, in answer to the
// event attestation.expiring for example. One mail a week and attestation. Faults: not_found, attestation_ended,
// email_invalid, email_limit, mail_undeliverable, mail_unavailable.
func (s *Service) SendReminder(ctx context.Context, store StoreRef, attestation string, m ReminderMail) (*SentMail, error) {
	if !s.MailReady {
		return nil, fault.New(fault.MailUnavailable, "The gateway has no mail server configured.")
	}
	var err error
	if m.To, err = s.Address(m.To); err != nil {
		return nil, err
	}
	tagger, err := s.Taggers.TaggerOf(ctx, store.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the store's keys: %w", err)
	}
	got, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		a, err := tx.Attestation(ctx, attestation)
		if err != nil {
			return nil, err
		}
		if !a.Active(tx.Now()) {
			return nil, errEnded
		}
		if err := takeLimits(ctx, tx, tagger, []Limit{{Kind: "reminders_per_week", Identifier: "attestation:" + a.ID, Max: 1, Window: 7 * 24 * time.Hour,
			Refusal: fault.New(fault.EmailLimit, "This shopper was reminded within the last seven days.")}}); err != nil {
			return nil, err
		}
		sent, err := letOut(ctx, tx, AddressTag(tagger, m.To), "")
		if err != nil {
			return nil, err
		}
		m := m
		m.ID, m.Until = sent.ID, a.ValidUntil
		if err := tx.SendReminder(ctx, m); err != nil {
			return nil, fmt.Errorf("sending a reminder: %w", err)
		}
		return &sent, nil
	})
	sent, _ := got.(*SentMail)
	return sent, err
}
