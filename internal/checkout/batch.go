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
	// Facts reads, without locks, which idempotency keys were answered before, and what keys ask to know, by store. A
	// store that does not exist is missing. Requests have distinct keys.
	Facts(ctx context.Context, reqs []*once.Request, keys map[string]*Keys) (Claims, map[string]*Facts, error)
	// Load locks and loads, in the one order of tables, rows sorted. What does not exist yet comes as a row without owner.
	Load(ctx context.Context, keys map[string]*Keys, facts map[string]*Facts) (map[string]*Shop, error)
	// Save writes what deciding changed, one statement a table, and the settled answers with their keys. It fails with
	// an error that asks for another attempt when somebody else made one of the new rows, or took one of the keys, first.
	Save(ctx context.Context, shops map[string]*Shop, answers []*once.Request) error
}

// Claims tells which keys are free, and why the others are not.
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

// run is the money path: know, lock, decide, write. Keys and new rows are written last; whoever meets a rival there
// starts again, and then finds the rival's answer or row.
func (b *batch) run(ctx context.Context, tx Tx) error {
	var reqs []*once.Request
	keys := map[string]*Keys{}
	b.each(func(_ int, a Attempt) {
		if a.Request != nil {
			reqs = append(reqs, a.Request)
		}
		a.Command.want(keysOf(keys, a.Store))
	})
	claims, facts, err := tx.Facts(ctx, reqs, keys)
	if err != nil {
		return err
	}
	b.replay(claims)
	shops, err := b.decide(ctx, tx, facts)
	if err != nil {
		return err
	}
	if err := tx.Save(ctx, shops, b.settle()); err != nil {
		return err
	}
	for leader, followers := range b.followed {
		for _, f := range followers {
			b.follow(f, leader)
		}
	}
	return nil
}

// replay gives the attempts whose keys were answered before their first answers.
func (b *batch) replay(claims Claims) {
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
}

func (b *batch) decide(ctx context.Context, tx Tx, facts map[string]*Facts) (map[string]*Shop, error) {
	refusals := map[int]error{}
	keys, planned := map[string]*Keys{}, false
	b.each(func(i int, a Attempt) {
		f := facts[a.Store]
		if f == nil {
			refusals[i] = ErrStoreGone
			return
		}
		// What a refused command named is locked for nothing, and does no harm.
		k := keysOf(keys, a.Store)
		a.Command.want(k)
		if err := a.Command.plan(f, k); err != nil {
			refusals[i] = err
			return
		}
		planned = true
	})
	shops := map[string]*Shop{}
	if planned {
		var err error
		if shops, err = tx.Load(ctx, keys, facts); err != nil {
			return nil, err
		}
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
	return shops, nil
}

// settle renders the answers of all that were decided, and returns the requests whose answers are to be kept.
func (b *batch) settle() []*once.Request {
	var keep []*once.Request
	b.each(func(i int, a Attempt) {
		if a.Request == nil {
			return
		}
		answer, store := a.Request.Encode(b.results[i].Value.Value, b.results[i].Err)
		if !store {
			return
		}
		a.Request.Settle(answer)
		keep = append(keep, a.Request)
		b.results[i].Value.Answer = &answer
	})
	return keep
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
