package database

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/once"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
)

var (
	newToken = newTable("offer_tokens", 2, "store_id text, jti text, offer_id text, offer_version bigint, subject text, attestation_id text, "+
		"customer text, group_name text, person_tags text, code_mac bytea, kid text, sealed bytea, state text, cart text, holder text, issued_at timestamptz, expires_at timestamptz, pool_code bytea")
	tokenState       = newTable("offer_tokens", 2, "store_id text, jti text, customer text, state text, holder text")
	attestationRow   = newTable("attestations", 2, "store_id text, id text, customer text, bound boolean")
	reservationRow   = newTable("reservations", 2, "store_id text, id text, order_ref text, state text, redemption_id text, body text, created_at timestamptz, expires_at timestamptz")
	reservationState = newTable("reservations", 2, "store_id text, id text, state text, redemption_id text")
	redemptionState  = newTable("redemptions", 2, "store_id text, id text, state text, refunded text, updated_at timestamptz")
	redemptionRow    = newTable("redemptions", 2, "store_id text, id text, order_id text, reservation_id text, customer text, state text, currency text, "+
		"discount bigint, total bigint, points bigint, body text, refunded text, created_at timestamptz, updated_at timestamptz")
	useRow = newTable("redemption_uses", 4, "store_id text, redemption_id text, offer_id text, jti text, offer_version bigint, group_name text, "+
		"person_tags text, customer text, amount bigint, restored boolean, created_at timestamptz")
	refundRow = newTable("refunds", 3, "store_id text, order_id text, refund_ref text, id text, fingerprint bytea, body text, created_at timestamptz")
	holdRow   = newTable("offer_holds", 6, "store_id text, offer_id text, scope text, subject text, period text, reservation_id text, expires_at timestamptz, "+
		"weight bigint, used boolean")
	newMember = newTable("members", 2, "store_id text, customer text, id text, pending bigint, available bigint, debt bigint, seq bigint, "+
		"head_hash bytea, salt bytea, tier_id text, tier_since timestamptz, last_recorded_at timestamptz, created_at timestamptz")
	memberRow = newTable("members", 2, "store_id text, customer text, pending bigint, available bigint, debt bigint, seq bigint, head_hash bytea, "+
		"tier_id text, tier_since timestamptz, last_recorded_at timestamptz, created_at timestamptz")
	lotRow = newTable("ledger_lots", 3, "store_id text, member_id text, id text, source_type text, source_id text, line text, granted bigint, "+
		"remaining bigint, pending boolean, activates_at timestamptz, expires_at timestamptz, due_at timestamptz")
	entryRow = newTable("ledger_entries", 3, "store_id text, member_id text, seq bigint, id text, kind text, from_account text, to_account text, "+
		"points bigint, source_type text, source_id text, line text, lots text, rule_version bigint, reason text, actor text, "+
		"occurred_at timestamptz, recorded_at timestamptz, commitment bytea, prev_hash bytea, hash bytea")
	dayRow = newTable("qualifying_days", 3, "store_id text, member_id text, day text, points bigint")
)

// upsert is the end of an insert that overwrites columns of rows that exist.
func upsert(key string, cols ...string) string {
	set := make([]string, len(cols))
	for i, c := range cols {
		set[i] = c + " = excluded." + c
	}
	return " ON CONFLICT (" + key + ") DO UPDATE SET " + strings.Join(set, ", ")
}

// Save implements checkout.Tx. New rows and keys come in the order of the locks: two batches that make the same ones wait
// for each other, never in a circle, and the second starts again.
func (tx batchTx) Save(ctx context.Context, shops map[string]*checkout.Shop, answers []*once.Request) error {
	var w writes
	for _, store := range slices.Sorted(maps.Keys(shops)) {
		if err := w.collect(shops[store]); err != nil {
			return fmt.Errorf("encode rows of %s: %w", store, err)
		}
	}
	var p pipeline
	if err := w.write(&p, tx.Tx); err != nil {
		return err
	}
	if err := tx.keeping(&p, answers); err != nil {
		return err
	}
	return tx.run(ctx, p)
}

// writes are the rows of a batch, by table. Those that are made and those that change are apart.
type writes struct {
	attestations, tokens, uses, holdsEnded, holdsAdded          [][]any
	newSlots, slots, newAttempts, attempts, newTokens           [][]any
	newOrders, orders, newReservations, reservations            [][]any
	newRedemptions, redemptions, refunds, newCounters, counters [][]any
	newMembers, members, lots, entries, days, events, audits    [][]any
	givenCodes, lowPools                                        [][]any
}

func (w *writes) write(p *pipeline, tx *Tx) error {
	insert := func(t table, rows [][]any, tail string) error { return tx.insertion(p, t, rows, tail) }
	change := func(t table, rows [][]any) error { return tx.changing(p, t, rows) }
	steps := []error{
		change(attestationRow, w.attestations),
		insert(slotRow, w.newSlots, ""), change(slotRow, w.slots),
		insert(attemptRow, w.newAttempts, ""), change(attemptRow, w.attempts),
		insert(orderRow, w.newOrders, ""), change(orderRow, w.orders),
		insert(newToken, w.newTokens, ""), change(tokenState, w.tokens),
		change(lowPool, w.lowPools), change(givenCode, w.givenCodes),
		insert(reservationRow, w.newReservations, ""), change(reservationState, w.reservations),
		insert(redemptionRow, w.newRedemptions, ""), change(redemptionState, w.redemptions),
		insert(useRow, w.uses, upsert("store_id, redemption_id, offer_id, jti", "restored")),
		insert(refundRow, w.refunds, ""),
		insert(counterRow, w.newCounters, ""), change(counterRow, w.counters),
	}
	// A reservation's hold ends before its use in a sliding period takes its place.
	tx.removal(p, "offer_holds", "store_id, offer_id, scope, subject, period, reservation_id", w.holdsEnded)
	steps = append(steps,
		insert(holdRow, w.holdsAdded, ""),
		insert(newMember, w.newMembers, ""), change(memberRow, w.members),
		insert(lotRow, w.lots, upsert("store_id, member_id, id", "remaining", "pending", "due_at")),
		insert(entryRow, w.entries, ""),
		insert(dayRow, w.days, upsert("store_id, member_id, day", "points")),
		insert(auditTable, w.audits, ""),
		insert(outboxTable, w.events, ""),
	)
	return errors.Join(steps...)
}

func (w *writes) collect(s *checkout.Shop) error {
	w.collectOffers(s)
	w.collectPools(s)
	if err := w.collectBodies(s); err != nil {
		return err
	}
	return w.collectLoyalty(s)
}

// add puts a row among those that are made or those that change.
func add[K comparable](missing checkout.Set[K], key K, made, changed *[][]any, row []any) {
	if _, ok := missing[key]; ok {
		*made = append(*made, row)
	} else {
		*changed = append(*changed, row)
	}
}

func (w *writes) collectOffers(s *checkout.Shop) {
	store := s.Store.ID
	for _, id := range sortedKeys(s.Changed.Attestations) {
		a := s.Attestations[id]
		w.attestations = append(w.attestations, []any{store, a.ID, a.Customer, a.Bound})
	}
	for _, k := range slices.SortedFunc(maps.Keys(s.Changed.Slots), compareSlots) {
		add(s.Missing.Slots, k, &w.newSlots, &w.slots, []any{store, k.OfferID, k.Subject, s.Slots[k].JTI})
	}
	changed := s.Book.Changed
	for _, ref := range sortedKeys(changed.Attempts) {
		add(s.Missing.Attempts, ref, &w.newAttempts, &w.attempts, []any{store, ref, s.Book.Attempts[ref].ReservationID})
	}
	for _, jti := range sortedKeys(changed.Tokens) {
		t := s.Book.Tokens[jti]
		w.tokens = append(w.tokens, []any{store, jti, t.Customer, string(t.State), t.Holder})
	}
	for _, k := range slices.SortedFunc(maps.Keys(changed.Counters), compareCounters) {
		c := s.Book.Counters[k]
		add(s.Missing.Counters, k, &w.newCounters, &w.counters, []any{store, k.OfferID, string(k.Scope), k.Subject, k.Period, c.Used, c.Held})
	}
	for k, h := range changed.HoldsAdded {
		w.holdsAdded = append(w.holdsAdded, []any{store, k.OfferID, string(k.Scope), k.Subject, k.Period, k.Reservation, h.Until, h.Weight, h.Used})
	}
	for k := range changed.HoldsEnded {
		w.holdsEnded = append(w.holdsEnded, []any{store, k.OfferID, string(k.Scope), k.Subject, k.Period, k.Reservation})
	}
}

func (w *writes) collectBodies(s *checkout.Shop) error {
	store := s.Store.ID
	var firstErr error
	text := func(v any) string {
		b, err := encode(v)
		firstErr = cmp.Or(firstErr, err)
		return b
	}
	for _, t := range s.Changed.Tokens {
		w.newTokens = append(w.newTokens, []any{store, t.JTI, t.OfferID, t.OfferVersion, t.Subject, t.AttestationID, t.Customer, t.Group,
			text(t.PersonTags), t.CodeMAC, t.KID, t.Sealed, string(t.State), t.Cart, t.Holder, t.IssuedAt, t.ExpiresAt, t.PoolCode})
	}
	for _, id := range sortedKeys(s.Changed.Orders) {
		o := s.Orders[id]
		body, refunded := "", ""
		if o.Kind == checkout.OrderPlain {
			body, refunded = text(o.Pinned), text(o.Refunded)
		}
		add(s.Missing.Orders, id, &w.newOrders, &w.orders, []any{store, o.OrderID, o.ID, string(o.Kind), o.Fingerprint, o.Customer, o.Currency, o.Total, o.Points,
			body, refunded, nullTime(o.PlacedAt), nullTime(o.RecordedAt)})
	}
	for _, id := range sortedKeys(s.Book.Changed.Reservations) {
		r := s.Book.Reservations[id]
		if s.Book.Changed.Made[id] {
			w.newReservations = append(w.newReservations, []any{store, r.ID, r.OrderRef, string(r.State), r.RedemptionID, text(r.Pinned), r.CreatedAt, r.ExpiresAt})
		} else {
			w.reservations = append(w.reservations, []any{store, r.ID, string(r.State), r.RedemptionID})
		}
	}
	for _, id := range sortedKeys(s.Book.Changed.Redemptions) {
		w.collectRedemption(store, s.Book.Redemptions[id], s.Book.Changed.Made[id], text)
	}
	for _, r := range s.Changed.Refunds {
		w.refunds = append(w.refunds, []any{store, r.Key.OrderID, r.Key.Ref, r.ID, r.Fingerprint, text(r.Reversal), r.CreatedAt})
	}
	for _, e := range s.Changed.Events {
		w.events = append(w.events, []any{e.ID, store, e.Type, e.Ordering, text(e.Data), !s.Store.Listened, e.At})
	}
	for _, a := range s.Changed.Audits {
		w.audits = append(w.audits, []any{s.NewID("aud"), store, a.Actor, a.Action, a.Target, a.Changes, a.RequestID, s.Now})
	}
	return firstErr
}

func (w *writes) collectRedemption(store string, r *offers.Redemption, made bool, text func(any) string) {
	p := r.Pinned
	if made {
		w.newRedemptions = append(w.newRedemptions, []any{store, r.ID, r.OrderID, r.ReservationID, p.Customer, string(r.State), p.Cart.Currency,
			p.Totals.Discount, p.Totals.Total, p.Points, text(p), text(r.Refunded), r.CreatedAt, r.UpdatedAt})
	} else {
		w.redemptions = append(w.redemptions, []any{store, r.ID, string(r.State), text(r.Refunded), r.UpdatedAt})
	}
	if !made && !r.Refunded.Restored {
		return
	}
	for _, u := range p.Uses {
		w.uses = append(w.uses, []any{store, r.ID, u.OfferID, u.JTI, u.OfferVersion, u.Group, text(u.PersonTags), p.Customer, u.Amount,
			r.Refunded.Restored, r.CreatedAt})
	}
}

func (w *writes) collectLoyalty(s *checkout.Shop) error {
	store := s.Store.ID
	for _, customer := range sortedKeys(s.Changed.Members) {
		m := s.Members[customer]
		if _, missing := s.Missing.Members[customer]; missing {
			w.newMembers = append(w.newMembers, []any{store, customer, m.ID, m.Pending, m.Available, m.Debt, m.Seq, m.Head, m.Salt, m.TierID,
				nullTime(m.TierSince), nullTime(m.LastRecordedAt), nullTime(m.CreatedAt)})
			continue
		}
		w.members = append(w.members, []any{store, customer, m.Pending, m.Available, m.Debt, m.Seq, m.Head, m.TierID,
			nullTime(m.TierSince), nullTime(m.LastRecordedAt), nullTime(m.CreatedAt)})
	}
	for _, id := range sortedKeys(s.Changed.Lots) {
		l := s.Changed.Lots[id]
		w.lots = append(w.lots, []any{store, l.MemberID, l.ID, l.SourceType, l.SourceID, l.Line, l.Granted, l.Remaining, l.Pending,
			l.ActivatesAt, nullTime(l.ExpiresAt), nullTime(l.DueAt())})
	}
	for _, e := range s.Changed.Entries {
		lots, err := encode(e.Lots)
		if err != nil {
			return err
		}
		w.entries = append(w.entries, entryValues(store, e, lots))
	}
	for k, points := range s.Changed.Days {
		w.days = append(w.days, []any{store, k.MemberID, k.Day, points})
	}
	return nil
}

func entryValues(store string, e loyalty.Entry, lots string) []any {
	prev := e.PrevHash
	if prev == nil {
		prev = []byte{}
	}
	return []any{store, e.MemberID, e.Seq, e.ID, string(e.Kind), string(e.From), string(e.To), e.Points, e.Source.Type, e.Source.ID,
		e.Source.Line, lots, e.RuleVersion, e.Reason, e.Actor, e.OccurredAt, e.RecordedAt, e.Commitment, prev, e.Hash}
}
