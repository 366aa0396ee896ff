package verify

import (
	"context"
	"fmt"
	"time"
)

// Attestations returns those that are bound to a customer, newest first, ended ones included.
func (s *Service) Attestations(ctx context.Context, store StoreRef, customer string) ([]Attestation, error) {
	var found []Attestation
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.AttestationsOf(ctx, customer)
		return err
	})
	return found, err
}

// AttestationPage returns all attestations of a store, newest first, before a cursor ("" for the first page).
func (s *Service) AttestationPage(ctx context.Context, store StoreRef, before string, limit int) ([]Attestation, error) {
	var found []Attestation
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.AttestationPage(ctx, before, limit)
		return err
	})
	return found, err
}

// Attestation reads one. Faults: not_found.
func (s *Service) Attestation(ctx context.Context, store StoreRef, id string) (Attestation, error) {
	var found Attestation
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.Attestation(ctx, id)
		return err
	})
	return found, err
}

// EndAttestation ends one early, for a reason code such as "admin" or "fraud". Ending twice keeps the first end.
// Faults: not_found.
func (s *Service) EndAttestation(ctx context.Context, store StoreRef, by Actor, id, reason string) (Attestation, error) {
	got, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		a, err := tx.LockAttestation(ctx, id)
		if err != nil {
			return nil, err
		}
		if !a.EndedAt.IsZero() {
			return a, nil
		}
		if err := s.end(ctx, tx, a, reason); err != nil {
			return nil, err
		}
		return a.End(reason, tx.Now()), tx.Audit(ctx, Change{by, "attestation.ended", id, map[string]any{"reason": reason}})
	})
	a, _ := got.(Attestation)
	return a, err
}

// EndHeldBy ends every attestation for a group that rests on one of these identifiers ("npi:1234567893"): a signal from
// outside said that they are over. It returns how many it ended. Asking again ends nothing more.
func (s *Service) EndHeldBy(ctx context.Context, store StoreRef, by Actor, group string, identifiers []string, reason string) (int, error) {
	tagger, err := s.Taggers.TaggerOf(ctx, store.ID)
	if err != nil {
		return 0, fmt.Errorf("reading the store's keys: %w", err)
	}
	var tags []PersonTag
	for _, identifier := range identifiers {
		tags = append(tags, personTags(tagger, identifier)...)
	}
	var held []Attestation
	var now time.Time
	err = s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		now = tx.Now()
		held, err = tx.HeldBy(ctx, group, tags)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("looking for attestations: %w", err)
	}
	ended := 0
	for _, a := range held {
		if !a.Active(now) {
			continue
		}
		if _, err := s.EndAttestation(ctx, store, by, a.ID, reason); err != nil {
			return ended, fmt.Errorf("ending %s: %w", a.ID, err)
		}
		ended++
	}
	return ended, nil
}

func (s *Service) end(ctx context.Context, tx Tx, a Attestation, reason string) error {
	a = a.End(reason, tx.Now())
	if err := tx.UpdateAttestation(ctx, a); err != nil {
		return fmt.Errorf("ending an attestation: %w", err)
	}
	return tx.Emit(ctx, Event{Type: EventAttestationEnded, Customer: a.boundTo(), Data: map[string]any{
		"attestation_id": a.ID, "group": a.Group, "subgroup": a.Subgroup, "reason": reason,
	}})
}

// ExpireDue writes down which verifications of a store ran out of time, at most limit of them, and returns how many.
// A job calls it until it returns less than limit; reading needs no job to have run.
func (s *Service) ExpireDue(ctx context.Context, store StoreRef, limit int) (int, error) {
	var due []string
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		due, err = tx.DueVerifications(ctx, limit)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, id := range due {
		_, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
			v, err := tx.LockVerification(ctx, id)
			if err != nil {
				return nil, err
			}
			if v.State.Final() || v.At(tx.Now()).State != Expired {
				return nil, nil
			}
			return nil, s.expire(ctx, tx, v)
		})
		if err != nil {
			return 0, fmt.Errorf("expiring %s: %w", id, err)
		}
	}
	return len(due), nil
}

func (s *Service) expire(ctx context.Context, tx Tx, v Verification) error {
	if _, err := s.update(ctx, tx, v.expire(tx.Now())); err != nil {
		return err
	}
	return tx.Emit(ctx, Event{Type: EventExpired, Customer: boundCustomer(v), Data: map[string]any{
		"verification_id": v.ID, "group": v.Group, "subgroup": v.Subgroup,
	}})
}
