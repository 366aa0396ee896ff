package verify

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
)

// FraudLabel is what is thought of an attestation, and through it of its person tags.
type FraudLabel string

// The labels. NoFraud is a label that was lifted.
const (
	NoFraud        FraudLabel = ""
	FraudSuspected FraudLabel = "suspected"
	FraudConfirmed FraudLabel = "confirmed"
)

// EndedForFraud is why attestations of a confirmed fraud end.
const EndedForFraud = "fraud_confirmed"

// SignalFraud counts the attestations of the same person that are labelled.
const SignalFraud = "fraud_suspected"

// FraudCase is an attestation that was labelled.
type FraudCase struct {
	Attestation string
	Label       FraudLabel
	// Reason is one of FraudReasons; after a lift, one of LiftReasons.
	Reason string
	// Reference is the caller's own code, such as a ticket number. It is no text and holds no personal data.
	Reference string
	By        string
	At        time.Time
	// ReversePoints is the store's rule as it was when the fraud was confirmed.
	ReversePoints bool
	// SettledAt is zero while consequences of a confirmed fraud are still to be carried out.
	SettledAt time.Time
}

// FraudMark is one entry of the history of a case. It is never changed.
type FraudMark struct {
	ID          string
	Attestation string
	Label       FraudLabel
	Reason      string
	Reference   string
	By          string
	At          time.Time
}

// FraudTx is the labels.
type FraudTx interface {
	// LockPersons ensures a row for every tag, locks them in sorted order, and returns the cases with a label that reach
	// any of the tags. Who gives an attestation or labels one holds these locks: neither misses the other.
	LockPersons(ctx context.Context, tags []PersonTag) ([]FraudCase, error)
	// FraudCase reads one, lifted ones too.
	FraudCase(ctx context.Context, attestation string) (FraudCase, error)
	// PutFraudCase writes a case and adds tags that it reaches.
	PutFraudCase(ctx context.Context, c FraudCase, tags []PersonTag) error
	// SettleFraud notes that the consequences of a confirmed fraud are carried out.
	SettleFraud(ctx context.Context, attestation string, at time.Time) error
	// UnsettledFraud returns confirmed cases whose consequences are not carried out, oldest attestation first.
	UnsettledFraud(ctx context.Context, limit int) ([]FraudCase, error)
	// FraudPage returns cases by attestation, newest first, before a cursor ("" for the first page). Without a label it
	// returns those that have one, whichever.
	FraudPage(ctx context.Context, label FraudLabel, before string, limit int) ([]FraudCase, error)
	InsertFraudMark(ctx context.Context, m FraudMark) error
	// FraudMarks returns the history of a case, oldest first.
	FraudMarks(ctx context.Context, attestation string) ([]FraudMark, error)
	// HeldByPersons returns the attestations that hold any of the tags, of all groups, by id.
	HeldByPersons(ctx context.Context, tags []PersonTag) ([]Attestation, error)
}

// The events of labels.
const (
	EventFraudSuspected = "fraud.suspected"
	EventFraudConfirmed = "fraud.confirmed"
	EventFraudLifted    = "fraud.lifted"
)

var fraudReasons = []string{"chargeback", "forged_document", "shared_account", "sold_token", "stolen_identity", "abuse", "other"}

// liftReasons are why a label is lifted. ReasonAppeal is given by an approved appeal.
var liftReasons = []string{"mistake", "cleared", ReasonAppeal}

// ReasonAppeal says that an appeal was approved.
const ReasonAppeal = "appeal_approved"

// FraudReasons returns the codes that say why an attestation is labelled.
func FraudReasons() []string { return slices.Clone(fraudReasons) }

// LiftReasons returns the codes that say why a label is lifted.
func LiftReasons() []string { return slices.Clone(liftReasons) }

var referencePattern = regexp.MustCompile(`^[A-Za-z0-9._:-]{0,64}$`)

// Labelling asks for a label.
type Labelling struct {
	Label     FraudLabel
	Reason    string
	Reference string
	// ReversePoints is the store's rule about the points of a confirmed fraud.
	ReversePoints bool
}

func (l Labelling) check() error {
	known := fraudReasons
	if l.Label == NoFraud {
		known = liftReasons
	}
	f := fault.New(fault.Invalid, "The label cannot be set.")
	if !slices.Contains([]FraudLabel{NoFraud, FraudSuspected, FraudConfirmed}, l.Label) {
		f = f.At("#/label", "suspected or confirmed")
	}
	if !slices.Contains(known, l.Reason) {
		f = f.At("#/reason", "unknown")
	}
	if !referencePattern.MatchString(l.Reference) {
		f = f.At("#/reference", "letters, digits and . _ : - only")
	}
	return orNil(f)
}

// LabelFraud sets or lifts the label of an attestation. The same label again changes nothing. Suspected: new
// verifications of the person are decided by a human. Confirmed: whatever the person holds in the store ends at once, and
// its tokens with it; the person is refused until the label is lifted, and whoever answers for checkout carries out the
// rest (UnsettledFraud). Lifting brings nothing back that has ended. Faults: invalid, not_found.
func (s *Service) LabelFraud(ctx context.Context, store StoreRef, by Actor, attestation string, l Labelling) (FraudCase, error) {
	if err := l.check(); err != nil {
		return FraudCase{}, err
	}
	got, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		a, err := lockPersonOf(ctx, tx, attestation)
		if err != nil {
			return nil, err
		}
		c, err := tx.FraudCase(ctx, a.ID)
		switch {
		case fault.CodeOf(err) == fault.NotFound && l.Label == NoFraud:
			return nil, fault.New(fault.NotFound, "The attestation has no label.")
		case err != nil && fault.CodeOf(err) != fault.NotFound:
			return nil, err
		case err == nil && c.Label == l.Label:
			return c, nil
		}
		return s.label(ctx, tx, by, a, l)
	})
	c, _ := got.(FraudCase)
	return c, err
}

// lockPersonOf locks the person behind an attestation and reads it. The attestation itself is not locked: those are locked
// last, in the order of their ids, as checkout does.
func lockPersonOf(ctx context.Context, tx Tx, attestation string) (Attestation, error) {
	a, err := tx.Attestation(ctx, attestation)
	if err != nil {
		return a, err
	}
	for {
		locked := a.Tags
		if _, err := tx.LockPersons(ctx, locked); err != nil {
			return a, fmt.Errorf("locking a person: %w", err)
		}
		if a, err = tx.Attestation(ctx, attestation); err != nil {
			return a, err
		}
		// A renewal may have added tags meanwhile; from now on, none can.
		if len(union(locked, a.Tags)) == len(locked) {
			return a, nil
		}
	}
}

func (s *Service) label(ctx context.Context, tx Tx, by Actor, a Attestation, l Labelling) (FraudCase, error) {
	c := FraudCase{
		Attestation: a.ID, Label: l.Label, Reason: l.Reason, Reference: l.Reference, By: by.Name, At: tx.Now(),
		ReversePoints: l.ReversePoints && l.Label == FraudConfirmed,
	}
	if err := tx.PutFraudCase(ctx, c, a.Tags); err != nil {
		return c, fmt.Errorf("labelling an attestation: %w", err)
	}
	m := FraudMark{ID: id.New("fml"), Attestation: a.ID, Label: c.Label, Reason: c.Reason, Reference: c.Reference, By: c.By, At: c.At}
	if err := tx.InsertFraudMark(ctx, m); err != nil {
		return c, fmt.Errorf("noting a label: %w", err)
	}
	if l.Label == FraudConfirmed {
		if err := s.endPerson(ctx, tx, a); err != nil {
			return c, err
		}
	}
	event := EventFraudSuspected
	switch l.Label {
	case FraudConfirmed:
		event = EventFraudConfirmed
	case NoFraud:
		event = EventFraudLifted
	}
	err := tx.Emit(ctx, Event{Type: event, Customer: a.boundTo(), Data: map[string]any{
		"attestation_id": a.ID, "group": a.Group, "subgroup": a.Subgroup, "reason": l.Reason,
	}})
	if err != nil {
		return c, err
	}
	return c, tx.Audit(ctx, Change{by, event, a.ID, map[string]any{"reason": l.Reason, "reference": l.Reference}})
}

// endPerson ends an attestation, and what else the same person holds in the store.
func (s *Service) endPerson(ctx context.Context, tx Tx, a Attestation) error {
	held, err := tx.HeldByPersons(ctx, a.Tags)
	if err != nil {
		return fmt.Errorf("looking for what a person holds: %w", err)
	}
	if !slices.ContainsFunc(held, func(h Attestation) bool { return h.ID == a.ID }) {
		held = append(held, a)
	}
	slices.SortFunc(held, func(x, y Attestation) int { return strings.Compare(x.ID, y.ID) })
	for _, h := range held {
		if h, err = tx.LockAttestation(ctx, h.ID); err != nil {
			return err
		}
		switch {
		case h.EndedAt.IsZero():
			err = s.end(ctx, tx, h, EndedForFraud)
		case h.ID == a.ID && h.EndReason != EndedForFraud:
			// It outranks the first reason: reservations outlive any other end.
			h.EndReason = EndedForFraud
			err = tx.UpdateAttestation(ctx, h)
		}
		if err != nil {
			return fmt.Errorf("ending what a person holds: %w", err)
		}
	}
	return nil
}

// FraudFile is a case with its history and what it is about.
type FraudFile struct {
	Case        FraudCase
	Attestation Attestation
	Marks       []FraudMark
	// Ended are the attestations that ended because of it, the labelled one included.
	Ended []Attestation
}

// Fraud reads the case of an attestation. One that nobody labelled has no marks. Faults: not_found.
func (s *Service) Fraud(ctx context.Context, store StoreRef, attestation string) (*FraudFile, error) {
	file := &FraudFile{}
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		if file.Attestation, err = tx.Attestation(ctx, attestation); err != nil {
			return err
		}
		file.Case, err = tx.FraudCase(ctx, attestation)
		if fault.CodeOf(err) == fault.NotFound {
			file.Case = FraudCase{Attestation: attestation}
			return nil
		}
		if err != nil {
			return err
		}
		if file.Ended, err = endedByFraud(ctx, tx, file.Attestation); err != nil {
			return err
		}
		file.Marks, err = tx.FraudMarks(ctx, attestation)
		return err
	})
	if err != nil {
		return nil, err
	}
	return file, nil
}

func endedByFraud(ctx context.Context, tx Tx, a Attestation) ([]Attestation, error) {
	held, err := tx.HeldByPersons(ctx, a.Tags)
	if err != nil {
		return nil, fmt.Errorf("looking for what a person held: %w", err)
	}
	held = slices.DeleteFunc(held, func(h Attestation) bool { return h.EndReason != EndedForFraud || h.ID == a.ID })
	// What ended before, for another reason, can still have what rests on it.
	return append([]Attestation{a}, held...), nil
}

// Frauds returns cases, newest attestation first, before a cursor ("" for the first page); of one label, or of any.
func (s *Service) Frauds(ctx context.Context, store StoreRef, label FraudLabel, before string, limit int) ([]FraudCase, error) {
	var found []FraudCase
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.FraudPage(ctx, label, before, limit)
		return err
	})
	return found, err
}

// Unsettled returns confirmed cases whose consequences at the checkout are still to be carried out, with what ended.
func (s *Service) Unsettled(ctx context.Context, store StoreRef, limit int) ([]FraudFile, error) {
	var files []FraudFile
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) error {
		cases, err := tx.UnsettledFraud(ctx, limit)
		if err != nil {
			return err
		}
		files = files[:0]
		for _, c := range cases {
			f := FraudFile{Case: c}
			if f.Attestation, err = tx.Attestation(ctx, c.Attestation); err != nil {
				return err
			}
			if f.Ended, err = endedByFraud(ctx, tx, f.Attestation); err != nil {
				return err
			}
			files = append(files, f)
		}
		return nil
	})
	return files, err
}

// Settled notes that the consequences of a confirmed fraud are carried out. Saying so twice keeps the first time.
func (s *Service) Settled(ctx context.Context, store StoreRef, attestation string) error {
	_, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		return nil, tx.SettleFraud(ctx, attestation, tx.Now())
	})
	return err
}

// strongest is the label that counts of several, and how many there are.
func strongest(cases []FraudCase) (label FraudLabel, n int) {
	for _, c := range cases {
		if label != FraudConfirmed {
			label = c.Label
		}
	}
	return label, len(cases)
}
