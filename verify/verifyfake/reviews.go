package verifyfake

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

type collectedKey struct {
	verification string
	requirement  verify.Requirement
}

func (t *tx) InsertReview(ctx context.Context, r verify.Review) error {
	if _, err := t.LockOpenReview(ctx, r.Verification); err == nil {
		return errors.New("a review of the verification is open already")
	}
	t.reviews[r.ID] = r
	return nil
}

func (t *tx) Review(_ context.Context, id string) (verify.Review, error) {
	return find(t.reviews, id, "review")
}

func (t *tx) LockReview(ctx context.Context, id string) (verify.Review, error) {
	return t.Review(ctx, id)
}

func (t *tx) LockOpenReview(_ context.Context, verification string) (verify.Review, error) {
	for _, r := range t.reviews {
		if r.Verification == verification && r.Outcome == "" {
			return r, nil
		}
	}
	return verify.Review{}, missing("review")
}

func (t *tx) LockNextReview(_ context.Context, group, reviewer string, except []string) (verify.Review, error) {
	waiting := slices.SortedFunc(maps.Values(t.reviews), func(a, b verify.Review) int {
		return cmp.Or(cmp.Compare(hands(a, reviewer), hands(b, reviewer)), a.OpenedAt.Compare(b.OpenedAt), strings.Compare(a.ID, b.ID))
	})
	for _, r := range waiting {
		free := r.ClaimedBy == "" || r.ClaimedBy == reviewer || !t.now.Before(r.ClaimedUntil)
		if r.Outcome == "" && free && !r.VotedBy(reviewer) && !slices.Contains(except, r.ID) && (group == "" || r.Group == group) {
			return r, nil
		}
	}
	return verify.Review{}, missing("review")
}

// hands is 0 for what the reviewer has in hand and 1 for all else.
func hands(r verify.Review, reviewer string) int {
	if r.ClaimedBy == reviewer {
		return 0
	}
	return 1
}

func (t *tx) UpdateReview(_ context.Context, r verify.Review) error {
	if _, ok := t.reviews[r.ID]; !ok {
		return missing("review")
	}
	t.reviews[r.ID] = r
	return nil
}

func (t *tx) ReviewPage(_ context.Context, f verify.ReviewFilter, before string, limit int) ([]verify.Review, error) {
	var out []verify.Review
	for _, r := range t.reviews {
		open := r.Outcome == ""
		switch {
		case f.Group != "" && r.Group != f.Group, before != "" && r.ID >= before, f.Open && !f.Decided && !open, f.Decided && !f.Open && open,
			f.ClaimedBy != "" && (r.ClaimedBy != f.ClaimedBy || !t.now.Before(r.ClaimedUntil)):
			continue
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b verify.Review) int { return strings.Compare(b.ID, a.ID) })
	return out[:min(limit, len(out))], nil
}

func (t *tx) PutCollected(_ context.Context, verification string, r verify.Requirement, sealed []byte) error {
	t.collected[collectedKey{verification, r}] = sealed
	return nil
}

func (t *tx) Collected(_ context.Context, verification string) (map[verify.Requirement][]byte, error) {
	out := map[verify.Requirement][]byte{}
	for key, sealed := range t.collected {
		if key.verification == verification {
			out[key.requirement] = sealed
		}
	}
	return out, nil
}

func (t *tx) InsertReceipt(_ context.Context, r verify.Receipt) error {
	t.receipts = append(t.receipts, r)
	return nil
}

func (t *tx) Receipts(_ context.Context, verification string) ([]verify.Receipt, error) {
	var out []verify.Receipt
	for _, r := range t.receipts {
		if r.Verification == verification {
			out = append(out, r)
		}
	}
	return out, nil
}

func (t *tx) CountFromNetwork(_ context.Context, group string, network verify.PersonTag, since time.Time) (int, error) {
	return t.count(func(v verify.Verification) bool {
		return v.Network != "" && v.Network == network && v.Group == group && v.CreatedAt.After(since)
	}), nil
}

func (t *tx) CountOfCustomer(_ context.Context, customer string, since time.Time) (int, error) {
	return t.count(func(v verify.Verification) bool { return v.Customer == customer && v.CreatedAt.After(since) }), nil
}

func (t *tx) count(counted func(verify.Verification) bool) int {
	n := 0
	for _, v := range t.verifications {
		if counted(v) {
			n++
		}
	}
	return n
}
