package checkout

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/laurel-gateway/laurel/internal/commit"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/once"
)

// Command is one change. Its methods are pure.
type Command interface {
	// want names the facts that the command must know.
	want(k *Keys)
	// plan names what must be locked, now that the facts are known, or refuses.
	plan(f *Facts, k *Keys) error
	// decide carries the command out on the loaded state, or refuses and changes nothing.
	decide(s *Shop) (any, error)
}

// Attempt is a command with the store it is for and the idempotency key it came with, if any.
type Attempt struct {
	Store   string
	Request *once.Request
	Command Command
}

// Answered is an attempt's answer: the rendered one when it came with a key, and what was decided.
type Answered struct {
	Answer *once.Answer
	Value  any
}

// Tx is the port to the database: one transaction of a batch.
type Tx interface {
	// Now is the database's time.
	Now() time.Time
	// Claim takes the idempotency keys that are free. For the others it settles the stored answer, or tells why there
	// is none. Requests have distinct keys.
	Claim(ctx context.Context, reqs []*once.Request) (Claims, error)
	// StoreAnswers keeps the settled answers of claimed keys; DropClaims frees keys whose answer is not kept.
	StoreAnswers(ctx context.Context, reqs []*once.Request) error
	DropClaims(ctx context.Context, reqs []*once.Request) error
	// Facts reads, without locks, what keys ask to know, by store. A store that does not exist is missing.
	Facts(ctx context.Context, keys map[string]*Keys) (map[string]*Facts, error)
	// Load ensures, locks and loads, in the one order of tables, rows sorted.
	Load(ctx context.Context, keys map[string]*Keys, facts map[string]*Facts) (map[string]*Shop, error)
	// Save writes what deciding changed, one statement a table.
	Save(ctx context.Context, shops map[string]*Shop) error
}

// Claims tells how claiming went.
type Claims interface {
	Won(r *once.Request) bool
	Lost(r *once.Request) error
}

// Storage runs a batch in one transaction.
type Storage interface {
	Batch(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
}

// Batch returns the runner for a committer: one transaction for all attempts, one answer each.
func Batch(storage Storage) commit.Runner[Attempt, Answered] {
	return func(ctx context.Context, attempts []Attempt) ([]commit.Result[Answered], error) {
		var results []commit.Result[Answered]
		err := storage.Batch(ctx, func(ctx context.Context, tx Tx) error {
			b := newBatch(attempts)
			if err := b.run(ctx, tx); err != nil {
				return err
			}
			results = b.results
			return nil
		})
		return results, err
	}
}

// Size makes a batch's bytes countable.
func (a Attempt) Size() int {
	if s, ok := a.Command.(commit.Sized); ok {
		return s.Size()
	}
	return 512
}

type batch struct {
	attempts []Attempt
	results  []commit.Result[Answered]
	open     []bool // attempts that still want a decision
	leaders  map[string]int
	followed map[int][]int // attempts that share the key and content of an earlier one
}

func newBatch(attempts []Attempt) *batch {
	b := &batch{attempts: attempts, results: make([]commit.Result[Answered], len(attempts)), open: make([]bool, len(attempts)),
		leaders: map[string]int{}, followed: map[int][]int{}}
	for i, a := range attempts {
		b.open[i] = true
		if a.Request == nil {
			continue
		}
		key := a.Request.Store + "\x00" + string(a.Request.KeyMAC)
		leader, taken := b.leaders[key]
		switch {
		case !taken:
			b.leaders[key] = i
		case bytes.Equal(attempts[leader].Request.Fingerprint, a.Request.Fingerprint):
			b.followed[leader] = append(b.followed[leader], i)
			b.open[i] = false
		default:
			b.refuse(i, ErrKeyReused)
		}
	}
	return b
}

// ErrKeyReused says that a key came with two different requests.
var ErrKeyReused = fault.New(fault.IdempotencyKeyReused, "This Idempotency-Key was used before with another request. Use a new key for a new request.")

// ErrStoreGone says that the store of a command does not exist.
var ErrStoreGone = fault.New(fault.NotFound, "There is no such store.")

func (b *batch) refuse(i int, err error) {
	b.open[i] = false
	b.results[i] = commit.Result[Answered]{Err: err}
}

// run is the money path: claim, know, lock, decide, write.
func (b *batch) run(ctx context.Context, tx Tx) error {
	if err := b.claim(ctx, tx); err != nil {
		return err
	}
	keys := map[string]*Keys{}
	b.each(func(_ int, a Attempt) { a.Command.want(keysOf(keys, a.Store)) })
	if len(keys) > 0 {
		if err := b.decide(ctx, tx, keys); err != nil {
			return err
		}
	}
	if err := b.settle(ctx, tx); err != nil {
		return err
	}
	for leader, followers := range b.followed {
		for _, f := range followers {
			b.follow(f, leader)
		}
	}
	return nil
}

func (b *batch) claim(ctx context.Context, tx Tx) error {
	var reqs []*once.Request
	b.each(func(_ int, a Attempt) {
		if a.Request != nil {
			reqs = append(reqs, a.Request)
		}
	})
	claims, err := tx.Claim(ctx, reqs)
	if err != nil {
		return err
	}
	b.each(func(i int, a Attempt) {
		if a.Request == nil || claims.Won(a.Request) {
			return
		}
		lost := claims.Lost(a.Request)
		b.refuse(i, lost)
		if answer, ok := a.Request.Answer(); ok && errors.Is(lost, once.ErrReplayed) {
			b.results[i] = commit.Result[Answered]{Value: Answered{Answer: &answer}}
		}
	})
	return nil
}

func (b *batch) decide(ctx context.Context, tx Tx, keys map[string]*Keys) error {
	facts, err := tx.Facts(ctx, keys)
	if err != nil {
		return err
	}
	refusals := map[int]error{}
	b.each(func(i int, a Attempt) {
		f := facts[a.Store]
		if f == nil {
			refusals[i] = ErrStoreGone
			return
		}
		own := NewKeys()
		if err := a.Command.plan(f, own); err != nil {
			refusals[i] = err
			return
		}
		keys[a.Store].merge(own)
	})
	shops, err := tx.Load(ctx, keys, facts)
	if err != nil {
		return err
	}
	for _, s := range shops {
		s.Book.Sweep()
	}
	b.each(func(i int, a Attempt) {
		value, err := any(nil), refusals[i]
		if err == nil {
			value, err = a.Command.decide(shops[a.Store])
		}
		b.results[i] = commit.Result[Answered]{Value: Answered{Value: value}, Err: err}
	})
	return tx.Save(ctx, shops)
}

// settle renders the answers of all that were decided and keeps those that are to be kept.
func (b *batch) settle(ctx context.Context, tx Tx) error {
	var keep, drop []*once.Request
	b.each(func(i int, a Attempt) {
		if a.Request == nil {
			return
		}
		answer, store := a.Request.Encode(b.results[i].Value.Value, b.results[i].Err)
		if !store {
			drop = append(drop, a.Request)
			return
		}
		a.Request.Settle(answer)
		keep = append(keep, a.Request)
		b.results[i].Value.Answer = &answer
	})
	if len(keep) > 0 {
		if err := tx.StoreAnswers(ctx, keep); err != nil {
			return err
		}
	}
	if len(drop) > 0 {
		if err := tx.DropClaims(ctx, drop); err != nil {
			return err
		}
	}
	return nil
}

// follow gives an attempt the answer of an earlier one with the same key and content.
func (b *batch) follow(i, leader int) {
	r := b.results[leader]
	if r.Value.Answer != nil {
		answer := *r.Value.Answer
		answer.Replayed = true
		b.attempts[i].Request.Settle(answer)
		r.Value.Answer = &answer
	}
	b.results[i] = r
}

func (b *batch) each(fn func(i int, a Attempt)) {
	for i, a := range b.attempts {
		if b.open[i] {
			fn(i, a)
		}
	}
}

func keysOf(all map[string]*Keys, store string) *Keys {
	if all[store] == nil {
		all[store] = NewKeys()
	}
	return all[store]
}

func (k *Keys) merge(o *Keys) {
	mergeSet(k.Tokens, o.Tokens)
	mergeSet(k.Reservations, o.Reservations)
	mergeSet(k.Redemptions, o.Redemptions)
	mergeSet(k.Attempts, o.Attempts)
	mergeSet(k.Orders, o.Orders)
	mergeSet(k.Slots, o.Slots)
	mergeSet(k.Counters, o.Counters)
	mergeSet(k.Members, o.Members)
	mergeSet(k.Attestations, o.Attestations)
	mergeSet(k.Refunds, o.Refunds)
	mergeSet(k.AllLots, o.AllLots)
	k.Program = k.Program || o.Program
}

func mergeSet[K comparable](to, from Set[K]) {
	for k := range from {
		to[k] = struct{}{}
	}
}
