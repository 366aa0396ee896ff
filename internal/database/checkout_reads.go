package database

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
)

// Look implements checkout.Reader.
func (c Checkout) Look(ctx context.Context, store string, want func(*checkout.Keys), plan func(*checkout.Facts, *checkout.Keys) error, see func(*checkout.Shop) error) error {
	return c.db.view(ctx, func(ctx context.Context, t *Tx) error {
		tx := batchTx{Tx: t}
		keys := checkout.NewKeys()
		want(keys)
		all := map[string]*checkout.Keys{store: keys}
		_, facts, err := tx.Facts(ctx, nil, all)
		if err != nil {
			return err
		}
		if facts[store] == nil {
			return checkout.ErrStoreGone
		}
		if plan != nil {
			if err := plan(facts[store], keys); err != nil {
				return err
			}
		}
		shops, err := tx.look(ctx, all, facts)
		if err != nil {
			return err
		}
		return see(shops[store])
	})
}

// Entitlement implements checkout.Reader. What it reads may be a moment old: a command decides again under locks.
func (c Checkout) Entitlement(ctx context.Context, store, offerID, verification, customer string) (offer *offers.Offer, proofs []checkout.Attestation, err error) {
	err = c.db.view(ctx, func(ctx context.Context, tx *Tx) error {
		f := factReader{tx: batchTx{Tx: tx}, facts: map[string]*checkout.Facts{store: {Offers: map[string]*offers.Offer{}}}, versions: map[[2]string]int64{}}
		var p pipeline
		f.offers(&p, [][]any{{store, offerID}})
		if err := tx.run(ctx, p); err != nil {
			return err
		}
		if err := f.bodies(ctx); err != nil {
			return err
		}
		if offer = f.facts[store].Offers[offerID]; offer == nil {
			return checkout.ErrOfferMissing
		}
		if offer.Campaign != nil {
			zone, err := tx.zoneOf(ctx, store)
			if err != nil {
				return err
			}
			offer = offer.In(zone)
		}
		if offer.Group == "" && verification == "" {
			return nil
		}
		proofs, err = tx.proofs(ctx, store, verification, customer)
		return err
	})
	return offer, proofs, err
}

// Proofs implements checkout.Reader.
func (c Checkout) Proofs(ctx context.Context, store, verification, customer string) (out []checkout.Attestation, err error) {
	err = c.db.view(ctx, func(ctx context.Context, tx *Tx) error {
		out, err = tx.proofs(ctx, store, verification, customer)
		return err
	})
	return out, err
}

func (tx *Tx) proofs(ctx context.Context, store, verification, customer string) (out []checkout.Attestation, err error) {
	const cols = "SELECT a.id, a.customer, a.bound, a.group_name, a.subgroup, a.tags, a.valid_until, a.ended_at, a.status_list, a.status_index FROM attestations a "
	query, arg := cols+"JOIN verifications v ON v.store_id = a.store_id AND v.attestation_id = a.id WHERE v.store_id = ? AND v.id = ?", verification
	if verification == "" {
		query, arg = cols+"WHERE a.store_id = ? AND a.bound AND a.customer = ? ORDER BY a.id DESC", customer
	}
	err = tx.rows(ctx, "attestations", query, []any{store, arg}, func(r *sql.Rows) error {
		var a checkout.Attestation
		var tags string
		var ended sql.NullTime
		if err := r.Scan(&a.ID, &a.Customer, &a.Bound, &a.Group, &a.Subgroup, &tags, &a.ValidUntil, &ended, &a.StatusList, &a.StatusIndex); err != nil {
			return err
		}
		a.ValidUntil, a.Ended = a.ValidUntil.UTC(), ended.Valid
		out = append(out, a)
		return decode(tags, &out[len(out)-1].Tags)
	})
	return out, err
}

// Member implements checkout.Reader.
func (c Checkout) Member(ctx context.Context, store, customer string) (shop *checkout.Shop, member *loyalty.Member, err error) {
	want := func(k *checkout.Keys) {
		k.Program = true
		k.Members.Add(customer)
		k.AllLots.Add(customer)
	}
	err = c.Look(ctx, store, want, nil, func(s *checkout.Shop) error {
		shop = s
		if m := s.Members[customer]; m != nil && !m.CreatedAt.IsZero() {
			member = m
		}
		return nil
	})
	return shop, member, err
}

// Entries implements checkout.Reader.
func (c Checkout) Entries(ctx context.Context, store, customer string, before int64, limit int) ([]loyalty.Entry, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	var out []loyalty.Entry
	err := c.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		const from = " FROM ledger_entries e JOIN members m ON m.store_id = e.store_id AND m.id = e.member_id"
		q := "SELECT " + entryColumns + from + " WHERE m.store_id = ? AND m.customer = ? AND e.seq < ? ORDER BY e.seq DESC LIMIT ?"
		return tx.rows(ctx, "ledger_entries", q, []any{store, customer, before, limit}, func(r *sql.Rows) error {
			e, err := scanEntry(r)
			out = append(out, e)
			return err
		})
	})
	return out, err
}

const entryColumns = "e.store_id, e.member_id, e.seq, e.id, e.kind, e.from_account, e.to_account, e.points, e.source_type, e.source_id, e.line, " +
	"e.lots, e.rule_version, e.reason, e.actor, e.occurred_at, e.recorded_at, e.commitment, e.prev_hash, e.hash"

func scanEntry(r *sql.Rows) (loyalty.Entry, error) {
	var e loyalty.Entry
	var lots string
	err := r.Scan(&e.Store, &e.MemberID, &e.Seq, &e.ID, &e.Kind, &e.From, &e.To, &e.Points, &e.Source.Type, &e.Source.ID, &e.Source.Line,
		&lots, &e.RuleVersion, &e.Reason, &e.Actor, &e.OccurredAt, &e.RecordedAt, &e.Commitment, &e.PrevHash, &e.Hash)
	if err != nil {
		return e, err
	}
	e.OccurredAt, e.RecordedAt = e.OccurredAt.UTC(), e.RecordedAt.UTC()
	return e, decode(lots, &e.Lots)
}

// Redemptions implements checkout.Reader.
func (c Checkout) Redemptions(ctx context.Context, store, orderID, before string, limit int) ([]offers.Redemption, error) {
	q, args := "SELECT "+redemptionColumns+" FROM redemptions WHERE store_id = ?", []any{store}
	if orderID != "" {
		q, args = q+" AND order_id = ?", append(args, orderID)
	}
	if before != "" {
		q, args = q+" AND id < ?", append(args, before)
	}
	var out []offers.Redemption
	err := c.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		return tx.rows(ctx, "redemptions", q+" ORDER BY id DESC LIMIT ?", append(args, limit), func(r *sql.Rows) error {
			v, err := scanRedemption(r)
			if err == nil {
				out = append(out, *v)
			}
			return err
		})
	})
	return out, err
}

// LedgerFault is one thing that is wrong with a ledger.
type LedgerFault struct {
	Store, Member, Problem string
}

// VerifyLedger checks the books of every store, or of one: chains, balances against entries and lots, sums of zero. It
// reads members in pages, so memory stays bounded by the longest single ledger.
func (c Checkout) VerifyLedger(ctx context.Context, store string, report func(LedgerFault)) (members int, err error) {
	const page = 200
	after := ""
	for {
		var batch []*loyalty.Member
		err := c.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
			q := "SELECT " + memberColumns + " FROM members WHERE id > ? AND (store_id = ? OR ? = '') ORDER BY id LIMIT ?"
			err := tx.rows(ctx, "members", q, []any{after, store, store, page}, func(r *sql.Rows) error {
				m, err := scanMember(r)
				batch = append(batch, m)
				return err
			})
			if err != nil {
				return err
			}
			for _, m := range batch {
				if err := tx.verifyMember(ctx, m, report); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return members, fmt.Errorf("verify ledger: %w", err)
		}
		members += len(batch)
		if len(batch) < page {
			return members, nil
		}
		after = batch[len(batch)-1].ID
	}
}

func (tx *Tx) verifyMember(ctx context.Context, m *loyalty.Member, report func(LedgerFault)) error {
	note := func(format string, args ...any) { report(LedgerFault{m.Store, m.ID, fmt.Sprintf(format, args...)}) }
	var entries []loyalty.Entry
	q := "SELECT " + entryColumns + " FROM ledger_entries e WHERE e.store_id = ? AND e.member_id = ? ORDER BY e.seq"
	err := tx.rows(ctx, "ledger_entries", q, []any{m.Store, m.ID}, func(r *sql.Rows) error {
		e, err := scanEntry(r)
		entries = append(entries, e)
		return err
	})
	if err != nil {
		return err
	}
	if err := loyalty.VerifyChain(m.Salt, entries); err != nil {
		note("%v", err)
	}
	if n := int64(len(entries)); n != m.Seq || n > 0 && !slices.Equal(entries[n-1].Hash, m.Head) {
		note("the head is not the last entry")
	}
	sums := loyalty.Balances(entries)
	var total int64
	for _, v := range sums {
		total += v
	}
	if total != 0 {
		note("the books do not sum to zero")
	}
	if sums[loyalty.AccountAvailable] != m.Available || sums[loyalty.AccountPending] != m.Pending || -sums[loyalty.AccountDebt] != m.Debt {
		note("balances %d/%d/%d are not those of the entries %d/%d/%d", m.Available, m.Pending, m.Debt,
			sums[loyalty.AccountAvailable], sums[loyalty.AccountPending], -sums[loyalty.AccountDebt])
	}
	var active, pending int64
	lots := "SELECT " + lotColumns + " FROM ledger_lots x WHERE x.store_id = ? AND x.member_id = ? AND x.remaining > 0"
	err = tx.rows(ctx, "ledger_lots", lots, []any{m.Store, m.ID}, func(r *sql.Rows) error {
		l, err := scanLot(r)
		if l.Pending {
			pending += l.Remaining
		} else {
			active += l.Remaining
		}
		return err
	})
	if active != m.Available || pending != m.Pending {
		note("lots hold %d/%d, the balances say %d/%d", active, pending, m.Available, m.Pending)
	}
	return err
}

// LiveOffers returns the offers that are live at a moment, oldest first.
func (c Checkout) LiveOffers(ctx context.Context, store string, at time.Time) ([]offers.Offer, error) {
	var out []offers.Offer
	err := c.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		zone, err := tx.zoneOf(ctx, store)
		if err != nil {
			return err
		}
		q := `SELECT v.store_id, v.offer_id, v.version, v.body FROM offers o
			JOIN offer_versions v ON v.store_id = o.store_id AND v.offer_id = o.id AND v.version = o.version
			WHERE o.store_id = ? AND o.state = 'live' ORDER BY o.id LIMIT 500`
		return tx.rows(ctx, "offers", q, []any{store}, func(r *sql.Rows) error {
			o, err := scanOfferVersion(r)
			if err != nil {
				return err
			}
			if o = o.In(zone); o.Available(at) == nil {
				out = append(out, *o)
			}
			return nil
		})
	})
	return out, err
}

// zoneOf returns a store's time zone; UTC for a store that is not there.
func (tx *Tx) zoneOf(ctx context.Context, store string) (zone *time.Location, err error) {
	zone = time.UTC
	err = tx.rows(ctx, "stores", "SELECT timezone FROM stores WHERE id = ?", []any{store}, func(r *sql.Rows) error {
		var name string
		if err := r.Scan(&name); err != nil {
			return err
		}
		zone, err = tx.db.versions.zone(name)
		return err
	})
	return zone, err
}
