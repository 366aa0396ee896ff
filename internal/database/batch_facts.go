package database

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/once"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
)

// Facts implements checkout.Tx.
func (tx batchTx) Facts(ctx context.Context, reqs []*once.Request, keys map[string]*checkout.Keys) (checkout.Claims, map[string]*checkout.Facts, error) {
	f := factReader{tx: tx, keys: keys, facts: map[string]*checkout.Facts{}, versions: map[[2]string]int64{}}
	stored := map[string]claimRow{}
	var p pipeline
	f.stores(&p) // first: it tells the time, and makes the facts that the others fill
	tx.askAnswers(&p, reqs, stored)
	f.codes(&p)
	f.tokens(&p, pairs(keys, func(k *checkout.Keys) checkout.Set[string] { return k.Tokens }))
	f.reservations(&p)
	f.orders(&p)
	f.redemptions(&p, pairs(keys, func(k *checkout.Keys) checkout.Set[string] { return k.Redemptions }))
	f.offers(&p, pairs(keys, func(k *checkout.Keys) checkout.Set[string] { return k.Offers }))
	if err := tx.run(ctx, p); err != nil {
		return Claims{}, nil, err
	}
	if err := f.follow(ctx); err != nil {
		return Claims{}, nil, err
	}
	return freeOrAnswered(reqs, stored), f.facts, f.bodies(ctx)
}

// freeOrAnswered tells which keys nobody has used, and settles the others.
func freeOrAnswered(reqs []*once.Request, stored map[string]claimRow) Claims {
	c := Claims{won: map[*once.Request]bool{}, lost: map[*once.Request]error{}}
	for _, r := range reqs {
		if answer, ok := stored[claimKey(r.Store, r.KeyMAC)]; ok {
			c.lost[r] = settle(r, answer)
		} else {
			c.won[r] = true
		}
	}
	return c
}

type factReader struct {
	tx    batchTx
	keys  map[string]*checkout.Keys
	facts map[string]*checkout.Facts
	// versions are the current versions of offers by (store, offer); those of programs have no offer.
	versions map[[2]string]int64
}

// follow reads what the first rows point to.
func (f factReader) follow(ctx context.Context) error {
	var tokens, redemptions, offers [][]any
	for _, store := range sortedKeys(f.facts) {
		k, facts := f.keys[store], f.facts[store]
		for _, jti := range slices.Sorted(maps.Values(facts.CodeTokens)) {
			if facts.Tokens[jti] == nil {
				tokens = append(tokens, []any{store, jti})
			}
		}
		for _, id := range sortedKeys(facts.Orders) {
			if o := facts.Orders[id]; o.Kind == checkout.OrderRedemption && facts.Redemptions[o.ID] == nil {
				redemptions = append(redemptions, []any{store, o.ID})
			}
		}
		offers = append(offers, f.unread(store, k)...)
	}
	var p pipeline
	f.tokens(&p, tokens)
	f.redemptions(&p, redemptions)
	f.offers(&p, offers)
	if err := f.tx.run(ctx, p); err != nil || len(tokens) == 0 {
		return err
	}
	// Tokens found by code name offers of their own.
	var last pipeline
	for _, store := range sortedKeys(f.facts) {
		f.offers(&last, f.unread(store, f.keys[store]))
	}
	return f.tx.run(ctx, last)
}

// unread lists the offers whose current version is not known yet.
func (f factReader) unread(store string, k *checkout.Keys) [][]any {
	var out [][]any
	for _, id := range slices.Sorted(maps.Keys(k.Offers)) {
		if _, read := f.versions[[2]string{store, id}]; !read {
			out = append(out, []any{store, id})
		}
	}
	return out
}

// bodies reads the versions of offers and programs. A version never changes, so its body is parsed once in a process.
func (f factReader) bodies(ctx context.Context) error {
	var missing, programs [][]any
	known := f.tx.db.versions
	for at, version := range f.versions {
		store, id := at[0], at[1]
		if id == "" {
			if p, ok := known.program(store, version); ok {
				f.facts[store].Program = p
			} else {
				programs = append(programs, []any{store, version})
			}
			continue
		}
		if o, ok := known.offer(store, id, version); ok {
			f.facts[store].Offers[id] = o.In(f.facts[store].Store.Zone)
		} else {
			missing = append(missing, []any{store, id, version})
		}
	}
	if err := f.tx.eachOfferVersion(ctx, missing, func(o *offers.Offer) { f.facts[o.Store].Offers[o.ID] = o.In(f.facts[o.Store].Store.Zone) }); err != nil {
		return err
	}
	return f.tx.eachProgramVersion(ctx, programs, func(p *loyalty.Program) { f.facts[p.Store].Program = p })
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

func (f factReader) stores(p *pipeline) {
	var ids [][]any
	for _, store := range sortedKeys(f.keys) {
		ids = append(ids, []any{store})
	}
	const query = "SELECT s.id, s.mode, s.timezone, s.clock_offset_us, EXISTS (SELECT 1 FROM webhook_endpoints e WHERE e.store_id = s.id), p.version, "
	cond, args := f.tx.in("s.id", ids)
	p.read("stores", query+f.tx.clock()+" FROM stores s LEFT JOIN programs p ON p.store_id = s.id WHERE "+cond, args, func(r row) error {
		var s checkout.StoreFacts
		var zone string
		var offset int64
		var program sql.NullInt64
		var now sql.NullTime
		if err := r.Scan(&s.ID, &s.Mode, &zone, &offset, &s.Listened, &program, &now); err != nil {
			return err
		}
		if now.Valid && f.tx.now.IsZero() {
			f.tx.now = now.Time.UTC().Truncate(time.Microsecond)
		}
		var err error
		if s.Zone, err = f.tx.db.versions.zone(zone); err != nil {
			return fmt.Errorf("store %s: %w", s.ID, err)
		}
		s.Offset = time.Duration(offset) * time.Microsecond
		if program.Valid && f.keys[s.ID].Program {
			f.versions[[2]string{s.ID, ""}] = program.Int64
		}
		f.facts[s.ID] = &checkout.Facts{
			Store: s, Now: f.tx.now.Add(s.Offset), Offers: map[string]*offers.Offer{}, Tokens: map[string]*offers.Token{},
			CodeTokens: map[string]string{}, Reservations: map[string]*offers.Reservation{}, Redemptions: map[string]*offers.Redemption{},
			Orders: map[string]*checkout.Order{},
		}
		return nil
	})
}

func (f factReader) codes(p *pipeline) {
	var macs [][]any
	for _, pair := range pairs(f.keys, func(k *checkout.Keys) checkout.Set[string] { return k.CodeMACs }) {
		macs = append(macs, []any{pair[0], []byte(pair[1].(string))})
	}
	p.lookup(f.tx.Tx, "offer_tokens", "store_id, code_mac, jti", "store_id, code_mac", macs, false, func(r row) error {
		var store, jti string
		var mac []byte
		if err := r.Scan(&store, &mac, &jti); err != nil {
			return err
		}
		if facts := f.facts[store]; facts != nil {
			facts.CodeTokens[string(mac)] = jti
		}
		return nil
	})
}

func (f factReader) tokens(p *pipeline, keys [][]any) {
	f.tx.eachToken(p, keys, false, func(t *offers.Token) {
		if facts := f.facts[t.Store]; facts != nil {
			facts.Tokens[t.JTI] = t
			f.keys[t.Store].Offers.Add(t.OfferID)
		}
	})
}

// reservations are read with what they hold, which never changes. Their offers matter only once they have lapsed.
func (f factReader) reservations(p *pipeline) {
	keys := pairs(f.keys, func(k *checkout.Keys) checkout.Set[string] { return k.Reservations })
	f.tx.eachReservation(p, keys, func(r *offers.Reservation) {
		facts := f.facts[r.Store]
		if facts == nil {
			return
		}
		facts.Reservations[r.ID] = r
		if !facts.Now.Before(r.ExpiresAt) {
			for _, u := range r.Pinned.Uses {
				f.keys[r.Store].Offers.Add(u.OfferID)
			}
		}
	})
}

func (f factReader) orders(p *pipeline) {
	keys := pairs(f.keys, func(k *checkout.Keys) checkout.Set[string] { return k.KnownOrders })
	f.tx.eachOrder(p, keys, false, func(o *checkout.Order) {
		if facts := f.facts[o.Store]; facts != nil {
			facts.Orders[o.OrderID] = o
		}
	})
}

func (f factReader) redemptions(p *pipeline, keys [][]any) {
	f.tx.eachRedemption(p, keys, false, func(r *offers.Redemption) {
		if facts := f.facts[r.Store]; facts != nil {
			facts.Redemptions[r.ID] = r
		}
	})
}

// offers reads which versions are current.
func (f factReader) offers(p *pipeline, keys [][]any) {
	p.lookup(f.tx.Tx, "offers", "store_id, id, version", "store_id, id", keys, false, func(r row) error {
		var store, id string
		var version int64
		err := r.Scan(&store, &id, &version)
		if f.facts[store] != nil {
			f.versions[[2]string{store, id}] = version
		}
		return err
	})
}

// eachOfferVersion reads versions of offers by (store, offer, version).
func (tx *Tx) eachOfferVersion(ctx context.Context, keys [][]any, each func(*offers.Offer)) error {
	var p pipeline
	p.lookup(tx, "offer_versions", "store_id, offer_id, version, body", "store_id, offer_id, version", keys, false, func(r row) error {
		o, err := scanOfferVersion(r)
		if err != nil {
			return err
		}
		tx.db.versions.putOffer(o)
		each(o)
		return nil
	})
	return tx.run(ctx, p)
}

func scanOfferVersion(r row) (*offers.Offer, error) {
	var o offers.Offer
	var body string
	if err := r.Scan(&o.Store, &o.ID, &o.Version, &body); err != nil {
		return nil, err
	}
	if err := decode(body, &o); err != nil {
		return nil, fmt.Errorf("offer %s version %d: %w", o.ID, o.Version, err)
	}
	if err := o.Prepare(); err != nil {
		return nil, fmt.Errorf("offer %s version %d: %w", o.ID, o.Version, err)
	}
	return &o, nil
}

// eachProgramVersion reads versions of programs by (store, version).
func (tx *Tx) eachProgramVersion(ctx context.Context, keys [][]any, each func(*loyalty.Program)) error {
	var statements pipeline
	statements.lookup(tx, "program_versions", "store_id, version, body", "store_id, version", keys, false, func(r row) error {
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
	return tx.run(ctx, statements)
}
