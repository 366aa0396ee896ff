package database

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
)

// Facts implements checkout.Tx.
func (tx batchTx) Facts(ctx context.Context, keys map[string]*checkout.Keys) (map[string]*checkout.Facts, error) {
	f := factReader{tx: tx, keys: keys, facts: map[string]*checkout.Facts{}}
	for _, step := range []func(context.Context) error{f.stores, f.codes, f.tokens, f.reservations, f.orders, f.redemptions, f.offers, f.programs} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return f.facts, nil
}

type factReader struct {
	tx    batchTx
	keys  map[string]*checkout.Keys
	facts map[string]*checkout.Facts
}

// pairs lists (store, key) for one set of keys, sorted.
func pairs(keys map[string]*checkout.Keys, set func(*checkout.Keys) checkout.Set[string]) [][]any {
	var out [][]any
	for _, store := range slices.Sorted(maps.Keys(keys)) {
		for _, k := range slices.Sorted(maps.Keys(set(keys[store]))) {
			out = append(out, []any{store, k})
		}
	}
	return out
}

func (f factReader) stores(ctx context.Context) error {
	var ids [][]any
	for _, store := range slices.Sorted(maps.Keys(f.keys)) {
		ids = append(ids, []any{store})
	}
	cond, args := "id IN ("+placeholders(1, len(ids))[1:], flatten(ids)
	return f.tx.rows(ctx, "stores", "SELECT id, mode, timezone, clock_offset_us, EXISTS (SELECT 1 FROM webhook_endpoints e WHERE e.store_id = stores.id), "+
		f.tx.clock()+" FROM stores WHERE "+cond, args, func(r *sql.Rows) error {
		var s checkout.StoreFacts
		var zone string
		var offset int64
		var now sql.NullTime
		if err := r.Scan(&s.ID, &s.Mode, &zone, &offset, &s.Listened, &now); err != nil {
			return err
		}
		if now.Valid {
			f.tx.now = now.Time.UTC().Truncate(time.Microsecond)
		}
		var err error
		if s.Zone, err = f.tx.db.versions.zone(zone); err != nil {
			return fmt.Errorf("store %s: %w", s.ID, err)
		}
		s.Offset = time.Duration(offset) * time.Microsecond
		f.facts[s.ID] = &checkout.Facts{
			Store: s, Now: f.tx.now.Add(s.Offset), Offers: map[string]*offers.Offer{}, Tokens: map[string]*offers.Token{},
			CodeTokens: map[string]string{}, Reservations: map[string]*offers.Reservation{}, Redemptions: map[string]*offers.Redemption{},
			Orders: map[string]*checkout.Order{},
		}
		return nil
	})
}

func (f factReader) codes(ctx context.Context) error {
	var macs [][]any
	for _, p := range pairs(f.keys, func(k *checkout.Keys) checkout.Set[string] { return k.CodeMACs }) {
		macs = append(macs, []any{p[0], []byte(p[1].(string))})
	}
	return f.tx.lookup(ctx, "offer_tokens", "store_id, code_mac, jti", "store_id, code_mac", macs, false, func(r *sql.Rows) error {
		var store, jti string
		var mac []byte
		if err := r.Scan(&store, &mac, &jti); err != nil {
			return err
		}
		if facts := f.facts[store]; facts != nil {
			facts.CodeTokens[string(mac)] = jti
			f.keys[store].Tokens.Add(jti)
		}
		return nil
	})
}

func (f factReader) tokens(ctx context.Context) error {
	keys := pairs(f.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Tokens })
	return f.tx.eachToken(ctx, keys, false, func(t *offers.Token) {
		if facts := f.facts[t.Store]; facts != nil {
			facts.Tokens[t.JTI] = t
			f.keys[t.Store].Offers.Add(t.OfferID)
		}
	})
}

func (f factReader) reservations(ctx context.Context) error {
	keys := pairs(f.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Reservations })
	return f.tx.eachReservation(ctx, keys, false, func(r *offers.Reservation) {
		if facts := f.facts[r.Store]; facts != nil {
			facts.Reservations[r.ID] = r
			for _, u := range r.Pinned.Uses {
				f.keys[r.Store].Offers.Add(u.OfferID)
			}
		}
	})
}

func (f factReader) orders(ctx context.Context) error {
	for _, k := range f.keys {
		for id := range k.Orders {
			k.KnownOrders.Add(id)
		}
	}
	keys := pairs(f.keys, func(k *checkout.Keys) checkout.Set[string] { return k.KnownOrders })
	return f.tx.eachOrder(ctx, keys, false, func(o *checkout.Order) {
		if facts := f.facts[o.Store]; facts != nil {
			facts.Orders[o.OrderID] = o
			if o.Kind == checkout.OrderRedemption {
				f.keys[o.Store].Redemptions.Add(o.ID)
			}
		}
	})
}

func (f factReader) redemptions(ctx context.Context) error {
	keys := pairs(f.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Redemptions })
	return f.tx.eachRedemption(ctx, keys, false, func(r *offers.Redemption) {
		if facts := f.facts[r.Store]; facts != nil {
			facts.Redemptions[r.ID] = r
		}
	})
}

// offers reads the current versions. A version never changes, so its body is parsed once in a process.
func (f factReader) offers(ctx context.Context) error {
	keys := pairs(f.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Offers })
	var missing [][]any
	err := f.tx.lookup(ctx, "offers", "store_id, id, version", "store_id, id", keys, false, func(r *sql.Rows) error {
		var store, id string
		var version int64
		if err := r.Scan(&store, &id, &version); err != nil {
			return err
		}
		if o, ok := f.tx.db.versions.offer(store, id, version); ok {
			f.facts[store].Offers[id] = o
		} else {
			missing = append(missing, []any{store, id, version})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return f.tx.eachOfferVersion(ctx, missing, func(o *offers.Offer) { f.facts[o.Store].Offers[o.ID] = o })
}

// eachOfferVersion reads versions of offers by (store, offer, version).
func (tx *Tx) eachOfferVersion(ctx context.Context, keys [][]any, each func(*offers.Offer)) error {
	return tx.lookup(ctx, "offer_versions", "store_id, offer_id, version, body", "store_id, offer_id, version", keys, false, func(r *sql.Rows) error {
		o, err := scanOfferVersion(r)
		if err != nil {
			return err
		}
		tx.db.versions.putOffer(o)
		each(o)
		return nil
	})
}

func scanOfferVersion(r *sql.Rows) (*offers.Offer, error) {
	var o offers.Offer
	var body string
	if err := r.Scan(&o.Store, &o.ID, &o.Version, &body); err != nil {
		return nil, err
	}
	if err := decode(body, &o); err != nil {
		return nil, fmt.Errorf("offer %s version %d: %w", o.ID, o.Version, err)
	}
	return &o, nil
}

func (f factReader) programs(ctx context.Context) error {
	var stores [][]any
	for _, store := range slices.Sorted(maps.Keys(f.keys)) {
		if f.keys[store].Program && f.facts[store] != nil {
			stores = append(stores, []any{store})
		}
	}
	if len(stores) == 0 {
		return nil
	}
	q := "SELECT p.store_id, p.version FROM programs p WHERE p.store_id IN " + placeholders(1, len(stores))
	var missing [][]any
	err := f.tx.rows(ctx, "programs", q, flatten(stores), func(r *sql.Rows) error {
		var store string
		var version int64
		if err := r.Scan(&store, &version); err != nil {
			return err
		}
		if p, ok := f.tx.db.versions.program(store, version); ok {
			f.facts[store].Program = p
		} else {
			missing = append(missing, []any{store, version})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return f.tx.eachProgramVersion(ctx, missing, func(p *loyalty.Program) { f.facts[p.Store].Program = p })
}

// eachProgramVersion reads versions of programs by (store, version).
func (tx *Tx) eachProgramVersion(ctx context.Context, keys [][]any, each func(*loyalty.Program)) error {
	return tx.lookup(ctx, "program_versions", "store_id, version, body", "store_id, version", keys, false, func(r *sql.Rows) error {
		var p loyalty.Program
		var body string
		if err := r.Scan(&p.Store, &p.Version, &body); err != nil {
			return err
		}
		if err := decode(body, &p); err != nil {
			return fmt.Errorf("program of %s version %d: %w", p.Store, p.Version, err)
		}
		tx.db.versions.putProgram(&p)
		each(&p)
		return nil
	})
}
