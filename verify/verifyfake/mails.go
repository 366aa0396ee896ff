package verifyfake

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

func (t *tx) SendReminder(_ context.Context, m verify.ReminderMail) error {
	t.remindersSent = append(t.remindersSent, m)
	return nil
}

// Reminders returns the offers to verify again that were mailed in a store, oldest first.
func (s *Storage) Reminders(store string) []verify.ReminderMail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.rows[store].remindersSent)
}

func (t *tx) InsertMail(_ context.Context, m verify.SentMail) error {
	m.Store = t.store
	t.sent[m.ID] = m
	return nil
}

func (t *tx) Mail(_ context.Context, id string) (verify.SentMail, error) {
	return find(t.sent, id, "mail")
}

func (t *tx) LockMail(ctx context.Context, id string) (verify.SentMail, error) {
	return t.Mail(ctx, id)
}

func (t *tx) ReportMail(_ context.Context, id string, at time.Time) error {
	m, err := find(t.sent, id, "mail")
	m.ReportedAt = at
	if err == nil {
		t.sent[id] = m
	}
	return err
}

func (t *tx) Suppress(_ context.Context, s verify.Suppression) error {
	if known, ok := t.suppressions[s.Tag]; ok {
		if !known.ExpiresAt.Before(s.ExpiresAt) {
			return nil
		}
		s.ID = known.ID
	}
	t.suppressions[s.Tag] = s
	return nil
}

func (t *tx) Suppression(_ context.Context, tag verify.PersonTag) (verify.Suppression, error) {
	s, err := find(t.suppressions, tag, "suppression")
	if err == nil && !s.ExpiresAt.After(t.now) {
		return verify.Suppression{}, missing("suppression")
	}
	return s, err
}

func (t *tx) Suppressions(_ context.Context, before string, limit int) ([]verify.Suppression, error) {
	all := slices.DeleteFunc(slices.Collect(maps.Values(t.suppressions)), func(s verify.Suppression) bool {
		return !s.ExpiresAt.After(t.now) || before != "" && s.ID >= before
	})
	slices.SortFunc(all, func(a, b verify.Suppression) int { return strings.Compare(b.ID, a.ID) })
	return all[:min(limit, len(all))], nil
}

func (t *tx) DeleteSuppression(_ context.Context, id string) (verify.Suppression, error) {
	for tag, s := range t.suppressions {
		if s.ID == id {
			delete(t.suppressions, tag)
			return s, nil
		}
	}
	return verify.Suppression{}, missing("suppression")
}

func (t *tx) DueReminders(_ context.Context, limit int) ([]string, error) {
	var due []string
	for _, id := range slices.Sorted(maps.Keys(t.attestations)) {
		if r := t.reminder(id); r.State == verify.ReminderNew || r.State == verify.ReminderPlanned && !r.At.After(t.now) {
			due = append(due, id)
		}
	}
	return due[:min(limit, len(due))], nil
}

// reminder is new for an attestation of which nothing else was written.
func (t *tx) reminder(attestation string) verify.Reminder {
	if r, ok := t.reminders[attestation]; ok {
		return r
	}
	return verify.Reminder{State: verify.ReminderNew}
}

func (t *tx) Reminder(_ context.Context, attestation string) (verify.Reminder, error) {
	if _, ok := t.attestations[attestation]; !ok {
		return verify.Reminder{}, fault.New(fault.NotFound, "There is no such attestation in this store.")
	}
	return t.reminder(attestation), nil
}

func (t *tx) PutReminder(_ context.Context, attestation string, r verify.Reminder) error {
	t.reminders[attestation] = r
	return nil
}
