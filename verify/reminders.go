package verify

import (
	"context"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// When the store is told that an attestation is about to end.
const (
	// ReminderLead is how long before the end of an attestation its store is told, when its whole term is longer.
	ReminderLead = 30 * 24 * time.Hour
	// shortestReminded is the shortest term of which there is a reminder at all.
	shortestReminded = 48 * time.Hour
)

// lead is how long before its end an attestation can sensibly be renewed: 30 days, or the last quarter of a short term.
func lead(term time.Duration) time.Duration {
	if term > ReminderLead {
		return ReminderLead
	}
	return max(term/4, 0)
}

// Term is from when to when the attestation holds. A renewal begins it anew.
func (a Attestation) Term() (from, until time.Time) {
	if a.TermBegan.IsZero() {
		return a.CreatedAt, a.ValidUntil
	}
	return a.TermBegan, a.ValidUntil
}

// RenewableFrom is when to offer the shopper to verify again: 30 days before the end, or when a quarter is left of a term
// of 30 days or less. Verifying again is possible at any time; it is never done silently.
func (a Attestation) RenewableFrom() time.Time {
	from, until := a.Term()
	return until.Add(-lead(until.Sub(from)))
}

// ReminderState is how far the reminder of an attestation is.
type ReminderState string

// The states of a reminder.
const (
	// ReminderNew: the term began, and nobody has looked yet when to remind.
	ReminderNew ReminderState = "new"
	// ReminderPlanned: it is due at a moment.
	ReminderPlanned ReminderState = "planned"
	// ReminderDone: the store was told, or is not to be told.
	ReminderDone ReminderState = "done"
)

// Reminder is that of one attestation. A term that changes makes it new: storage does so with the attestation.
type Reminder struct {
	State ReminderState
	// At is when it is due, once it is planned.
	At time.Time
}

// ReminderTx is the reminders of attestations.
type ReminderTx interface {
	// DueReminders returns ids of attestations whose reminder is new, or planned and due; at most limit.
	DueReminders(ctx context.Context, limit int) ([]string, error)
	// Reminder reads that of an attestation that is locked.
	Reminder(ctx context.Context, attestation string) (Reminder, error)
	PutReminder(ctx context.Context, attestation string, r Reminder) error
}

// next decides what follows for the reminder of an attestation: tell says that the store is to be told now.
func (r Reminder) next(a Attestation, now time.Time) (next Reminder, tell bool) {
	from, until := a.Term()
	if r.State == ReminderDone || !a.Active(now) || until.Sub(from) < shortestReminded {
		return Reminder{State: ReminderDone}, false
	}
	at := a.RenewableFrom()
	if now.Before(at) {
		return Reminder{State: ReminderPlanned, At: at}, false
	}
	return Reminder{State: ReminderDone}, true
}

// RemindDue tells a store of attestations that are about to end, each once a term, and plans the reminders of new ones;
// at most limit of both together. It returns how many it looked at. A job calls it until that is less than limit.
// Replicas may call it at once: whoever locks the attestation tells.
func (s *Service) RemindDue(ctx context.Context, store StoreRef, limit int) (int, error) {
	var due []string
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		due, err = tx.DueReminders(ctx, limit)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("looking for reminders: %w", err)
	}
	for _, id := range due {
		_, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) { return nil, remind(ctx, tx, id) })
		if err != nil && fault.CodeOf(err) != fault.NotFound {
			return 0, fmt.Errorf("reminding of %s: %w", id, err)
		}
	}
	return len(due), nil
}

func remind(ctx context.Context, tx Tx, id string) error {
	a, err := tx.LockAttestation(ctx, id)
	if err != nil {
		return err
	}
	was, err := tx.Reminder(ctx, id)
	if err != nil {
		return err
	}
	next, tell := was.next(a, tx.Now())
	if next == was {
		return nil
	}
	if err := tx.PutReminder(ctx, id, next); err != nil || !tell {
		return err
	}
	data := map[string]any{"attestation_id": a.ID, "group": a.Group, "subgroup": a.Subgroup, "valid_until": a.ValidUntil}
	customer := ""
	if a.Bound {
		customer = a.Customer
		data["customer"] = customer
	}
	return tx.Emit(ctx, Event{Type: EventAttestationExpiring, Customer: customer, Data: data})
}
