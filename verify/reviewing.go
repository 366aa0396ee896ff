package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
)

// ReviewFile is a review with all that its reviewer may see. It holds personal data: it goes to reviewers only.
type ReviewFile struct {
	Review       Review
	Verification Verification
	// Evidence is the proof so far, oldest first; the last of the review's requirement is what is to be decided.
	Evidence []Evidence
	// Collected is what the shopper typed, by requirement, as long as it is kept.
	Collected map[Requirement]map[string]string
	// Holders are the attestations of the group that the same person holds already, under any customer.
	Holders []Attestation
	// Own is true when the proof is the reviewer's own, so that they cannot decide.
	Own bool

	by string
}

// ReviewFilter chooses reviews. Zero fields choose all.
type ReviewFilter struct {
	Group string
	// Open and Decided choose by outcome; neither means both.
	Open, Decided bool
	// ClaimedBy chooses what one reviewer has in hand.
	ClaimedBy string
}

// Reviews returns reviews, newest first, before a cursor id ("" for the first page).
func (s *Service) Reviews(ctx context.Context, store StoreRef, f ReviewFilter, before string, limit int) ([]Review, error) {
	var found []Review
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.ReviewPage(ctx, f, before, limit)
		return err
	})
	return found, err
}

// NextReview gives a reviewer the open review that waits longest, of a group or of all, and puts it into their hands:
// one that they have in hand already before any other, and never their own proof. Faults: not_found when nothing waits
// for them.
func (s *Service) NextReview(ctx context.Context, store StoreRef, by Reviewer, group string) (*ReviewFile, error) {
	tags, err := s.tagsOf(ctx, store, by)
	if err != nil {
		return nil, err
	}
	return s.onReview(ctx, store, by, func(ctx context.Context, tx Tx) (Review, error) {
		var passed []string
		for {
			r, err := tx.LockNextReview(ctx, group, by.Name, passed)
			if err != nil {
				return r, err
			}
			file, err := s.file(ctx, tx, r, by, tags)
			if err != nil || !file.Own {
				return r, err
			}
			passed = append(passed, r.ID)
		}
	}, s.take)
}

// ClaimReview puts a review into a reviewer's hands. Faults: not_found, review_claimed, review_decided, review_own.
func (s *Service) ClaimReview(ctx context.Context, store StoreRef, by Reviewer, id string) (*ReviewFile, error) {
	return s.onReview(ctx, store, by, locked(id), s.take)
}

// ReadReview shows a review to a reviewer without taking it. Every look is in the audit trail. Faults: not_found.
func (s *Service) ReadReview(ctx context.Context, store StoreRef, by Reviewer, id string) (*ReviewFile, error) {
	return s.onReview(ctx, store, by, locked(id), func(_ context.Context, _ Tx, file *ReviewFile) (string, error) {
		return "review.viewed", nil
	})
}

// ReleaseReview gives a review back. Faults: not_found, review_claimed.
func (s *Service) ReleaseReview(ctx context.Context, store StoreRef, by Reviewer, id string) (*ReviewFile, error) {
	return s.onReview(ctx, store, by, locked(id), func(ctx context.Context, tx Tx, file *ReviewFile) (string, error) {
		next, err := file.Review.Release(by.Name, tx.Now())
		if err != nil {
			return "", err
		}
		file.Review = next
		return "review.released", tx.UpdateReview(ctx, next)
	})
}

func (s *Service) take(ctx context.Context, tx Tx, file *ReviewFile) (string, error) {
	if file.Own {
		return "", ErrReviewOwn
	}
	next, err := file.Review.Claim(file.by, tx.Now())
	if err != nil {
		return "", err
	}
	file.Review = next
	return "review.claimed", tx.UpdateReview(ctx, next)
}

func locked(id string) func(context.Context, Tx) (Review, error) {
	return func(ctx context.Context, tx Tx) (Review, error) { return tx.LockReview(ctx, id) }
}

// onReview loads a review's file, changes it and writes into the audit trail what was done.
func (s *Service) onReview(ctx context.Context, store StoreRef, by Reviewer, find func(context.Context, Tx) (Review, error),
	work func(context.Context, Tx, *ReviewFile) (action string, err error)) (*ReviewFile, error) {
	tags, err := s.tagsOf(ctx, store, by)
	if err != nil {
		return nil, err
	}
	got, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		review, err := find(ctx, tx)
		if err != nil {
			return nil, err
		}
		file, err := s.file(ctx, tx, review, by, tags)
		if err != nil {
			return nil, err
		}
		action, err := work(ctx, tx, file)
		if err != nil {
			return nil, err
		}
		detail := map[string]any{"verification_id": review.Verification}
		return file, tx.Audit(ctx, Change{by.Actor, action, review.ID, detail})
	})
	file, _ := got.(*ReviewFile)
	return file, err
}

// tagsOf returns the person tags of a reviewer.
func (s *Service) tagsOf(ctx context.Context, store StoreRef, by Reviewer) ([]PersonTag, error) {
	if by.Mailbox == "" || s.MailboxIdentifier == nil {
		return nil, nil
	}
	identifier, ok := s.MailboxIdentifier(by.Mailbox)
	if !ok {
		return nil, nil
	}
	tagger, err := s.Taggers.TaggerOf(ctx, store.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the store's keys: %w", err)
	}
	return personTags(tagger, identifier), nil
}

func (s *Service) file(ctx context.Context, tx Tx, r Review, by Reviewer, tags []PersonTag) (*ReviewFile, error) {
	v, err := tx.Verification(ctx, r.Verification)
	if err != nil {
		return nil, fmt.Errorf("reading the verification of a review: %w", err)
	}
	evidence, err := tx.Evidence(ctx, r.Verification)
	if err != nil {
		return nil, err
	}
	file := &ReviewFile{Review: r, Verification: v, Evidence: evidence, by: by.Name, Own: own(v, evidence, by, tags)}
	if file.Collected, err = s.collected(ctx, tx, r.Verification); err != nil {
		return nil, err
	}
	var all []PersonTag
	for _, e := range evidence {
		all = union(all, e.Tags)
	}
	if len(all) > 0 {
		file.Holders, err = tx.HeldBy(ctx, v.Group, all)
	}
	return file, err
}

// DecideReview records what a reviewer says, and what follows: an approval that is the last that is needed meets the
// requirement, a refusal rejects the verification. Faults: invalid, not_found, review_claimed, review_decided,
// review_own, already_verified.
func (s *Service) DecideReview(ctx context.Context, store StoreRef, by Reviewer, reviewID string, ruling Ruling) (*Result, error) {
	reasons, err := ruling.reasons()
	if err != nil {
		return nil, err
	}
	tags, err := s.tagsOf(ctx, store, by)
	if err != nil {
		return nil, err
	}
	tagger, err := s.Taggers.TaggerOf(ctx, store.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the store's keys: %w", err)
	}
	verification, err := s.reviewed(ctx, store, reviewID)
	if err != nil {
		return nil, err
	}
	return s.write(ctx, store.ID, func(ctx context.Context, tx Tx) (*Result, error) {
		v, err := tx.LockVerification(ctx, verification)
		if err != nil {
			return nil, err
		}
		review, err := tx.LockReview(ctx, reviewID)
		if err != nil {
			return nil, err
		}
		evidence, err := tx.Evidence(ctx, v.ID)
		if err != nil {
			return nil, err
		}
		if own(v, evidence, by, tags) {
			return nil, ErrReviewOwn
		}
		if review, err = review.vote(by.Name, ruling, tx.Now()); err != nil {
			return nil, err
		}
		return s.rule(ctx, tx, v, review, ruled{by, ruling, reasons, tagger})
	})
}

type ruled struct {
	by      Reviewer
	ruling  Ruling
	reasons []Reason
	tagger  Tagger
}

func (s *Service) rule(ctx context.Context, tx Tx, v Verification, review Review, d ruled) (*Result, error) {
	if err := tx.UpdateReview(ctx, review); err != nil {
		return nil, err
	}
	detail := map[string]any{"verification_id": v.ID, "approve": d.ruling.Approve, "reasons": d.ruling.Reasons, "final": d.ruling.Final}
	if err := tx.Audit(ctx, Change{d.by.Actor, "review.decided", review.ID, detail}); err != nil {
		return nil, err
	}
	if review.Outcome == "" {
		return s.result(ctx, tx, v)
	}
	if review.Requirement == RequirementAppeal {
		return s.ruleAppeal(ctx, tx, v, review, d)
	}
	v, err := v.rule(tx.Now())
	if err != nil {
		return nil, err
	}
	if review.Outcome == ReviewRejected {
		v = v.note(Note{At: tx.Now(), Requirement: review.Requirement, Outcome: NoteRejected, Why: d.ruling.Reasons})
		if d.ruling.Final {
			v.Rejections = maxRejections
		}
		return s.concludeReject(ctx, tx, v, d.reasons)
	}
	return s.met(ctx, tx, v.note(Note{At: tx.Now(), Requirement: review.Requirement, Outcome: NoteApproved}), review.Requirement,
		grounds{tagger: d.tagger, approved: true, by: d.by.Actor})
}

// reviewed returns the verification of a review: it is locked before the review.
func (s *Service) reviewed(ctx context.Context, store StoreRef, reviewID string) (verification string, err error) {
	err = s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) error {
		r, err := tx.Review(ctx, reviewID)
		verification = r.Verification
		return err
	})
	return verification, err
}

// concludeReview hands the proof to people.
func (s *Service) concludeReview(ctx context.Context, tx Tx, v Verification, p proposal) (*Result, error) {
	if !agrees(v, *p.outcome.Review) {
		return s.concludeReject(ctx, tx, v, notEligible)
	}
	if err := s.keep(ctx, tx, v, p, *p.outcome.Review); err != nil {
		return nil, err
	}
	if err := s.submit(ctx, tx, v, p); err != nil {
		return nil, err
	}
	if len(p.outcome.Collected) > 0 {
		if err := s.collect(ctx, tx, v, p.requirement, p.outcome.Collected); err != nil {
			return nil, err
		}
	}
	v, err := weigh(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	return s.openReview(ctx, tx, v, Review{
		Requirement: p.requirement, Why: p.outcome.Why, Needed: min(max(p.outcome.Reviewers, 1), 2),
	})
}

// openReview asks people about a verification.
func (s *Service) openReview(ctx context.Context, tx Tx, v Verification, r Review) (*Result, error) {
	r.ID, r.Store, r.Verification, r.OpenedAt = id.New("rev"), v.Store, v.ID, tx.Now()
	r.Group, r.Subgroup, r.Signals = v.Group, v.Subgroup, v.Signals
	if err := tx.InsertReview(ctx, r); err != nil {
		return nil, fmt.Errorf("opening a review: %w", err)
	}
	err := tx.Emit(ctx, Event{Type: EventReviewOpened, Customer: boundCustomer(v), Data: map[string]any{
		"verification_id": v.ID, "review_id": r.ID, "group": v.Group, "subgroup": v.Subgroup,
	}})
	if err != nil {
		return nil, err
	}
	return s.finish(ctx, tx, v.review(tx.Now()))
}

// withdrawReview closes the open review of a verification, if there is one.
func withdrawReview(ctx context.Context, tx Tx, verification string) error {
	r, err := tx.LockOpenReview(ctx, verification)
	if fault.CodeOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.UpdateReview(ctx, r.withdraw(tx.Now()))
}

// collectedOf is the associated data of what a shopper typed: it opens for no other verification.
func collectedOf(verification string, r Requirement) []byte {
	return []byte("collected|" + verification + "|" + string(r))
}

// collect keeps what the shopper typed, encrypted.
func (s *Service) collect(ctx context.Context, tx Tx, v Verification, r Requirement, fields map[string]string) error {
	plain, err := json.Marshal(fields)
	if err != nil {
		return fmt.Errorf("writing what was collected: %w", err)
	}
	sealed, err := s.Sealer.Seal(plain, collectedOf(v.ID, r))
	if err != nil {
		return fmt.Errorf("sealing what was collected: %w", err)
	}
	return tx.PutCollected(ctx, v.ID, r, sealed)
}

func (s *Service) collected(ctx context.Context, tx Tx, verification string) (map[Requirement]map[string]string, error) {
	sealed, err := tx.Collected(ctx, verification)
	if err != nil {
		return nil, err
	}
	out := map[Requirement]map[string]string{}
	for r, box := range sealed {
		plain, err := s.Sealer.Open(box, collectedOf(verification, r))
		if err != nil {
			return nil, fmt.Errorf("opening what was collected: %w", err)
		}
		var fields map[string]string
		if err := json.Unmarshal(plain, &fields); err != nil {
			return nil, fmt.Errorf("reading what was collected: %w", err)
		}
		out[r] = fields
	}
	return out, nil
}

// ReviewEvidence returns the evidence that a review is about.
func (f ReviewFile) ReviewEvidence() (Evidence, bool) {
	for _, e := range slices.Backward(f.Evidence) {
		if e.Requirement == f.Review.Requirement {
			return e, true
		}
	}
	return Evidence{}, false
}
