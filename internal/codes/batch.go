package codes

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/offers/token"
)

// Bounds of a batch.
const (
	MaxBatch     = 100_000
	maxBatchLife = 5 * 366 * 24 * time.Hour
)

// Batch is many single-use codes of an offer, bound to nobody.
type Batch struct {
	Store        string
	ID           string
	OfferID      string
	OfferVersion int64
	Note         string
	Codes        int64
	Actor        string
	ExpiresAt    time.Time
	RevokedAt    time.Time
	CreatedAt    time.Time
	// Used is how many were redeemed.
	Used int64
}

// BatchTx keeps batches. Their codes are offer tokens without text.
type BatchTx interface {
	PutBatch(ctx context.Context, b Batch) error
	// AddBatchTokens adds codes, leaving out those whose code the store has already, and returns how many it added.
	AddBatchTokens(ctx context.Context, batch string, tokens []offers.Token) (int64, error)
	// Batches returns the batches of an offer, newest first, before an id ("" for the first page), with their uses.
	Batches(ctx context.Context, store, offer, before string, limit int) ([]Batch, error)
	Batch(ctx context.Context, store, id string) (Batch, bool, error)
	// LockBatch is Batch, and keeps others from changing it.
	LockBatch(ctx context.Context, store, id string) (Batch, bool, error)
	// RevokeBatch ends the batch's unused codes. One that a reservation holds can still be redeemed by it.
	RevokeBatch(ctx context.Context, store, id string, at time.Time) error
	// BatchTokens returns tokens of a batch by jti, after one, with their sealed codes.
	BatchTokens(ctx context.Context, store, id, after string, limit int) ([]offers.Token, error)
}

// ErrBatchMissing says that there is no such batch in this store.
var ErrBatchMissing = fault.New(fault.NotFound, "There is no such batch of codes in this store.")

var errBatchInvalid = fault.New(fault.Invalid, "The codes cannot be made. See errors for the parts to change.")

// MakeBatch makes single-use codes of an offer. Faults: not_found, invalid, conflict for an offer that has ended.
func (s *Service) MakeBatch(ctx context.Context, o console.Origin, store *tenant.Store, b Batch) (*Batch, error) {
	if b.Codes < 1 || b.Codes > MaxBatch {
		return nil, errBatchInvalid.At("#/count", fmt.Sprintf("must be 1 to %d", MaxBatch))
	}
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*Batch, error) {
		offer, err := offerOf(ctx, tx, store.ID, b.OfferID)
		if err != nil {
			return nil, err
		}
		if offer.State == offers.Ended {
			return nil, fault.New(fault.Conflict, "This offer has ended. Its codes would be good for nothing.")
		}
		now, err := tx.StoreNow(ctx, store.ID)
		if err != nil {
			return nil, err
		}
		if !b.ExpiresAt.After(now) || b.ExpiresAt.Sub(now) > maxBatchLife {
			return nil, errBatchInvalid.At("#/expires_at", "must be in the future, and at most five years away")
		}
		made := b
		made.Store, made.ID, made.OfferVersion, made.Actor = store.ID, id.New("cbt"), offer.Version, o.Actor
		made.CreatedAt, made.ExpiresAt = now, b.ExpiresAt.UTC().Truncate(time.Microsecond)
		if err := tx.PutBatch(ctx, made); err != nil {
			return nil, err
		}
		if err := s.fill(ctx, tx, store, offer, made); err != nil {
			return nil, err
		}
		return &made, audit(ctx, tx, o, store.ID, "code_batch.created", made.ID,
			map[string]any{"offer_id": made.OfferID, "codes": made.Codes, "expires_at": made.ExpiresAt})
	})
}

// fill writes the codes of a batch, a few at a time. The rare one that exists already is drawn again.
func (s *Service) fill(ctx context.Context, tx Tx, store *tenant.Store, offer offers.Offer, b Batch) error {
	for left := b.Codes; left > 0; {
		n := min(left, atOnce)
		tokens := make([]offers.Token, n)
		for i := range tokens {
			var err error
			if tokens[i], err = s.draw(store, offer, b); err != nil {
				return err
			}
		}
		added, err := tx.AddBatchTokens(ctx, b.ID, tokens)
		if err != nil {
			return err
		}
		left -= added
	}
	return nil
}

// sealedCode is what is kept of a code. It has the shape of a sealed offer token, whose text these have not.
type sealedCode struct {
	Token string `json:"t"`
	Code  string `json:"c"`
}

// tokenPurpose is what offer tokens are sealed for, with their id as associated data.
const tokenPurpose = "offer-token"

func (s *Service) draw(store *tenant.Store, offer offers.Offer, b Batch) (offers.Token, error) {
	code, err := token.NewCode(s.random)
	if err != nil {
		return offers.Token{}, err
	}
	t := offers.Token{Store: store.ID, JTI: id.New("tok"), OfferID: offer.ID, OfferVersion: offer.Version, Subject: "batch:" + b.ID,
		CodeMAC: store.Keys().CodeMAC(string(code)), State: offers.TokenLive, IssuedAt: b.CreatedAt, ExpiresAt: b.ExpiresAt}
	text, err := json.Marshal(sealedCode{Code: code.String()})
	if err != nil {
		return t, fmt.Errorf("encode a code: %w", err)
	}
	sealed, err := store.Keys().Seal(tokenPurpose, text, []byte(t.JTI))
	if err != nil {
		return t, fmt.Errorf("seal a code: %w", err)
	}
	t.Sealed = []byte(sealed)
	return t, nil
}

// Batches returns the batches of an offer, newest first, before an id ("" for the first page). Faults: not_found.
func (s *Service) Batches(ctx context.Context, store, offer, before string, limit int) ([]Batch, error) {
	return read(ctx, s.storage, func(ctx context.Context, tx Tx) ([]Batch, error) {
		if _, err := offerOf(ctx, tx, store, offer); err != nil {
			return nil, err
		}
		return tx.Batches(ctx, store, offer, before, limit)
	})
}

// RevokeBatch ends what is left of a batch: for good, and again without effect. A code that a reservation holds can
// still be redeemed by it. Faults: not_found.
func (s *Service) RevokeBatch(ctx context.Context, o console.Origin, store, batch string) (*Batch, error) {
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*Batch, error) {
		b, ok, err := tx.LockBatch(ctx, store, batch)
		if err == nil && !ok {
			err = ErrBatchMissing
		}
		if err != nil || !b.RevokedAt.IsZero() {
			return &b, err
		}
		if b.RevokedAt, err = tx.StoreNow(ctx, store); err != nil {
			return nil, err
		}
		if err := tx.RevokeBatch(ctx, store, batch, b.RevokedAt); err != nil {
			return nil, err
		}
		return &b, audit(ctx, tx, o, store, "code_batch.revoked", batch, map[string]any{"offer_id": b.OfferID})
	})
}

// ExportBatch gives the codes of a batch as CSV, one a line below the name of the column, and writes into the audit log
// who took them. Faults: not_found.
func (s *Service) ExportBatch(ctx context.Context, o console.Origin, store *tenant.Store, batch string) ([]byte, error) {
	var out []byte
	err := s.storage.RunCodes(ctx, func(ctx context.Context, tx Tx) error {
		b, ok, err := tx.Batch(ctx, store.ID, batch)
		if err == nil && !ok {
			err = ErrBatchMissing
		}
		if err != nil {
			return err
		}
		out = append(make([]byte, 0, 16*(b.Codes+1)), "code\r\n"...)
		for after := ""; ; {
			tokens, err := tx.BatchTokens(ctx, store.ID, batch, after, atOnce)
			if err != nil {
				return err
			}
			for _, t := range tokens {
				code, err := openCode(store, t)
				if err != nil {
					return err
				}
				out = append(append(out, code...), "\r\n"...)
			}
			if len(tokens) < atOnce {
				break
			}
			after = tokens[len(tokens)-1].JTI
		}
		return audit(ctx, tx, o, store.ID, "code_batch.downloaded", batch, map[string]any{"offer_id": b.OfferID, "codes": b.Codes})
	})
	return out, err
}

func openCode(store *tenant.Store, t offers.Token) (string, error) {
	b, err := store.Keys().Open(tokenPurpose, string(t.Sealed), []byte(t.JTI))
	if err != nil {
		return "", fmt.Errorf("open a code: %w", err)
	}
	var c sealedCode
	if err := json.Unmarshal(b, &c); err != nil {
		return "", fmt.Errorf("open a code: %w", err)
	}
	return c.Code, nil
}
