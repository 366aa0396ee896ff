package privacy

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
)

// Record is one thing that is kept about a shopper.
type Record struct {
	// Kind is one of RecordKinds, ID is unique in it.
	Kind string
	ID   string
	At   time.Time
	// Data is a JSON object.
	Data json.RawMessage
}

// recordKinds are what is kept about a shopper, in the order of the export.
var recordKinds = []string{"verification", "collected", "evidence", "document", "review", "receipt", "attestation", "fraud_label", "consent", "offer_token", "reservation", "redemption",
	"order", "refund", "member", "ledger_entry", "request"}

// RecordKinds returns what is kept about a shopper, in the order of the export.
func RecordKinds() []string { return slices.Clone(recordKinds) }

// ErrCursor says that a cursor is not one of an export.
var ErrCursor = fault.New(fault.Invalid, "This cursor is not one that the export gave.").At("#query/cursor", "leave it out to begin anew")

// Export returns the next part of everything that is kept about a shopper, at most limit records, and the cursor of the
// part after it: empty when there is none. The first part notes that somebody asked. Faults: not_found for a guest without
// a verification, invalid for a cursor of another origin.
func (s *Service) Export(ctx context.Context, store string, subject Subject, by Asker, actor, requestID, cursor string, limit int) ([]Record, string, error) {
	kind, after := recordKinds[0], ""
	if cursor != "" {
		var ok bool
		if kind, after, ok = strings.Cut(cursor, "."); !ok || !slices.Contains(recordKinds, kind) {
			return nil, "", ErrCursor
		}
	} else if err := s.noteExport(ctx, store, subject, by, actor, requestID); err != nil {
		return nil, "", err
	}
	var out []Record
	next := ""
	err := s.Storage.Read(ctx, store, func(ctx context.Context, tx Tx) error {
		out, next = nil, ""
		if err := tx.Known(ctx, subject); err != nil {
			return err
		}
		for _, k := range recordKinds[slices.Index(recordKinds, kind):] {
			from := ""
			if k == kind {
				from = after
			}
			found, err := tx.Records(ctx, subject, k, from, limit+1-len(out))
			if err != nil {
				return err
			}
			out = append(out, found...)
			if len(out) > limit {
				last := out[limit-1]
				out, next = out[:limit], last.Kind+"."+last.ID
				return nil
			}
		}
		return nil
	})
	return out, next, err
}

func (s *Service) noteExport(ctx context.Context, store string, subject Subject, by Asker, actor, requestID string) error {
	_, err := s.Storage.Write(ctx, store, func(ctx context.Context, tx Tx) (any, error) {
		if err := tx.Known(ctx, subject); err != nil {
			return nil, err
		}
		r := Request{ID: id.New("prq"), Store: store, Kind: Export, State: Done, Subject: subject, AskedBy: by, Actor: actor,
			CreatedAt: tx.Now(), UpdatedAt: tx.Now(), DoneAt: tx.Now()}
		if err := tx.InsertRequest(ctx, r); err != nil {
			return nil, err
		}
		return nil, tx.Audit(ctx, actor, requestID, "privacy.exported", r.ID)
	})
	return err
}

// Holdings is how much of each kind of record is kept about a shopper.
type Holdings struct {
	Kind  string
	Count int64
	// Since is when the oldest was made; zero when that is not known.
	Since time.Time
}

// Holdings counts what is kept about a shopper. Kinds without anything are left out. Faults: not_found for a guest without a
// verification.
func (s *Service) Holdings(ctx context.Context, store string, subject Subject) ([]Holdings, error) {
	var out []Holdings
	err := s.Storage.Read(ctx, store, func(ctx context.Context, tx Tx) error {
		out = nil
		if err := tx.Known(ctx, subject); err != nil {
			return err
		}
		for _, k := range recordKinds {
			h, err := tx.Holdings(ctx, subject, k)
			if err != nil {
				return err
			}
			if h.Count > 0 {
				out = append(out, h)
			}
		}
		return nil
	})
	return out, err
}
