package database_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/commit"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/once"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/offers"
)

// request returns an idempotent request for key, whose content is named by fingerprint. It renders a redemption's id.
func (s *stage) request(key, fingerprint string) *once.Request {
	plain := func(b []byte) ([]byte, error) { return slices.Clone(b), nil }
	return &once.Request{Store: s.store, KeyMAC: []byte(key), Fingerprint: []byte(fingerprint), Attempt: id.New("att"), Seal: plain, Open: plain,
		Encode: func(result any, err error) (once.Answer, bool) {
			if f := fault.From(err); f != nil {
				return once.Answer{Status: 409, Body: []byte(f.Code)}, true
			}
			if err != nil {
				return once.Answer{}, false
			}
			switch v := result.(type) {
			case offers.Redemption:
				return once.Answer{Status: 201, Body: []byte(v.ID)}, true
			case checkout.Order:
				return once.Answer{Status: 201, Body: []byte(v.ID)}, true
			}
			panic(fmt.Sprintf("unexpected %T", result))
		}}
}

// committer runs the stage's commands the way the gateway does.
func (s *stage) committer(storage checkout.Storage, change func(*commit.Config)) *commit.Committer[checkout.Attempt, checkout.Answered] {
	cfg := commit.Config{Transient: database.IsTransient, Unavailable: database.IsUnavailable}
	if change != nil {
		change(&cfg)
	}
	return commit.New(cfg, checkout.Batch(storage))
}

func order(n int, customer string) checkout.RecordOrder {
	return checkout.RecordOrder{OrderID: fmt.Sprintf("order-%d", n), Customer: customer, Cart: cart(1)}
}

func TestALoserOfAClaimGetsTheFirstAnswer(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		t.Parallel()
		s := newStage(t, db)
		play := func(r *once.Request, c checkout.Command) commit.Result[checkout.Answered] {
			out, err := s.runner(context.Background(), []checkout.Attempt{{Store: s.store, Request: r, Command: c}})
			if err != nil {
				t.Fatal(err)
			}
			return out[0]
		}
		first := play(s.request("k", "a"), order(1, "c-1"))
		if first.Err != nil || first.Value.Answer.Replayed {
			t.Fatalf("first: %+v", first)
		}
		again := play(s.request("k", "a"), order(1, "c-1"))
		if again.Err != nil || !again.Value.Answer.Replayed || string(again.Value.Answer.Body) != string(first.Value.Answer.Body) {
			t.Fatalf("again: %+v", again)
		}
		if other := play(s.request("k", "b"), order(2, "c-1")); !errors.Is(other.Err, database.ErrKeyReused) {
			t.Fatalf("another request under the same key: %v", other.Err)
		}
		// A refusal is an answer too, and stays one when its reason is gone.
		refused := play(s.request("k2", "a"), checkout.RecordOrder{OrderID: "order-1", Customer: "c-9", Cart: cart(2)})
		if string(refused.Value.Answer.Body) != string(fault.OrderConflict) {
			t.Fatalf("refused: %+v", refused)
		}
		if n := s.count("SELECT COUNT(*) FROM orders WHERE store_id = ? AND kind <> ''", s.store); n != 1 {
			t.Fatalf("%d orders, want 1", n)
		}
	})
}

func TestEqualKeysInOneBatch(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		t.Parallel()
		s := newStage(t, db)
		out, err := s.runner(context.Background(), []checkout.Attempt{
			{Store: s.store, Request: s.request("k", "a"), Command: order(1, "c-1")},
			{Store: s.store, Request: s.request("k", "a"), Command: order(1, "c-1")},
			{Store: s.store, Request: s.request("k", "b"), Command: order(2, "c-1")},
		})
		if err != nil {
			t.Fatal(err)
		}
		if out[0].Err != nil || out[1].Err != nil || string(out[0].Value.Answer.Body) != string(out[1].Value.Answer.Body) || !out[1].Value.Answer.Replayed {
			t.Fatalf("equal keys: %+v, %+v", out[0], out[1])
		}
		if !errors.Is(out[2].Err, checkout.ErrKeyReused) {
			t.Fatalf("the key with another request: %v", out[2].Err)
		}
		if n := s.count("SELECT available FROM members WHERE store_id = ? AND customer = 'c-1'", s.store); n != 50 {
			t.Fatalf("%d points, want those of one order", n)
		}
	})
}

// forgetful commits and then says that it does not know whether it did.
type forgetful struct {
	checkout.Storage
	times int
}

func (f *forgetful) Batch(ctx context.Context, fn func(context.Context, checkout.Tx) error) error {
	err := f.Storage.Batch(ctx, fn)
	if err == nil && f.times > 0 {
		f.times--
		return database.LostCommitForTest()
	}
	return err
}

func TestUnknownCommitOutcome(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		t.Parallel()
		s := newStage(t, db)
		c := s.committer(&forgetful{Storage: s.storage, times: 1}, nil)
		got, err := c.Do(t.Context(), checkout.Attempt{Store: s.store, Request: s.request("k", "a"), Command: order(1, "c-1")})
		if err != nil {
			t.Fatal(err)
		}
		if got.Answer == nil || got.Answer.Replayed || got.Answer.Status != 201 {
			t.Fatalf("the retry did not find its own attempt: %+v", got.Answer)
		}
		if n := s.count("SELECT available FROM members WHERE store_id = ? AND customer = 'c-1'", s.store); n != 50 {
			t.Fatalf("%d points, want 50: credited once", n)
		}
		s.balanced()
	})
}

func TestAPoisonedCommandIsBisected(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		t.Parallel()
		s := newStage(t, db)
		// A broken row: deciding on it panics, whatever stands beside it.
		if _, err := s.one(order(13, "c-13")); err != nil {
			t.Fatal(err)
		}
		s.exec("UPDATE orders SET body = 'not json' WHERE store_id = ? AND order_id = 'order-13'", s.store)
		gate := newGate(s.storage)
		c := s.committer(gate, func(cfg *commit.Config) { cfg.InFlight = 1 })
		var wg sync.WaitGroup
		results := make([]error, 20)
		for i := range results {
			wg.Go(func() {
				_, results[i] = c.Do(context.Background(), checkout.Attempt{Store: s.store, Request: s.request(fmt.Sprint(i), "a"), Command: order(i, fmt.Sprintf("c-%d", i))})
			})
			if i == 0 {
				<-gate.reached
			}
		}
		gate.open(func() bool { return c.Waiting() == 19 })
		wg.Wait()
		for i, err := range results {
			if (err != nil) != (i == 13) {
				t.Errorf("command %d: %v", i, err)
			}
		}
		s.balanced()
	})
}

// gate holds the first batch until enough commands have gathered behind it.
type gate struct {
	checkout.Storage
	reached chan struct{}
	opened  chan struct{}
	once    sync.Once
}

func newGate(s checkout.Storage) *gate {
	return &gate{Storage: s, reached: make(chan struct{}), opened: make(chan struct{})}
}

func (g *gate) Batch(ctx context.Context, fn func(context.Context, checkout.Tx) error) error {
	g.once.Do(func() { close(g.reached) })
	<-g.opened
	return g.Storage.Batch(ctx, fn)
}

func (g *gate) open(when func() bool) {
	for !when() {
		time.Sleep(time.Millisecond)
	}
	close(g.opened)
}

func TestTwoProcessesLockInOppositeOrder(t *testing.T) {
	t.Parallel()
	url := testdb.PostgresURL(t)
	a, b := newStage(t, testdb.Open(t, url)), testdb.Open(t, url)
	const rounds, members = 30, 12
	var wg sync.WaitGroup
	run := func(storage checkout.Storage, reverse bool, name string) {
		committer := a.committer(storage, nil)
		for round := range rounds {
			for i := range members {
				m := i
				if reverse {
					m = members - 1 - i
				}
				wg.Go(func() {
					cmd := checkout.RecordOrder{OrderID: fmt.Sprintf("%s-%d-%d", name, round, m), Customer: fmt.Sprintf("c-%d", m), Cart: cart(1)}
					if _, err := committer.Do(context.Background(), checkout.Attempt{Store: a.store, Command: cmd}); err != nil {
						t.Errorf("%s: %v", cmd.OrderID, err)
					}
				})
			}
		}
	}
	run(a.storage, false, "a")
	run(database.NewCheckout(b), true, "b")
	wg.Wait()
	if n := a.count("SELECT SUM(available) FROM members WHERE store_id = ?", a.store); n != 2*rounds*members*50 {
		t.Fatalf("%d points, want %d", n, 2*rounds*members*50)
	}
	a.balanced()
}

func TestALockHeldByAStrangerStallsNobodyElse(t *testing.T) {
	t.Parallel()
	url := testdb.PostgresURL(t)
	s := newStage(t, testdb.Open(t, url))
	if _, err := s.one(order(1, "c-1")); err != nil {
		t.Fatal(err)
	}
	stranger := testdb.Open(t, url)
	held, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		err := database.HoldForTest(context.Background(), stranger, "SELECT 1 FROM members WHERE store_id = ? AND customer = 'c-1' FOR UPDATE", held, release, s.store)
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	gate := newGate(s.storage)
	close(gate.opened)
	c := s.committer(gate, func(cfg *commit.Config) { cfg.Attempts = 100 })
	blocked := make(chan error, 1)
	go func() {
		_, err := c.Do(context.Background(), checkout.Attempt{Store: s.store, Request: s.request("k", "a"), Command: order(2, "c-1")})
		blocked <- err
	}()
	<-gate.reached // in a batch of its own: nobody is stuck with it
	// Others are answered while the first one waits for the stranger.
	for i := range 20 {
		if _, err := c.Do(t.Context(), checkout.Attempt{Store: s.store, Command: order(100+i, fmt.Sprintf("d-%d", i))}); err != nil {
			t.Fatalf("neighbour %d: %v", i, err)
		}
	}
	select {
	case err := <-blocked:
		t.Fatalf("the blocked command was answered while the stranger held the lock: %v", err)
	default:
	}
	close(release)
	wg.Wait()
	if err := <-blocked; err != nil {
		t.Fatalf("after the stranger let go: %v", err)
	}
	s.balanced()
}

func TestARivalOfARefusedCommandWins(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		t.Parallel()
		s := newStage(t, db)
		offer := s.offer(offers.Limits{PerPerson: 1})
		tok := s.token(offer, "c-1", "tag-1")
		out := s.batch(
			// Refused: too much is asked of the token. It burns neither token nor order_id nor attempt.
			checkout.Redeem{Purchase: checkout.Purchase{Customer: "c-1", Cart: cart(1), Tokens: []string{tok, "tok_none"}}, OrderID: "o-1", OrderRef: "o-1"},
			checkout.Redeem{Purchase: purchase("c-1", tok), OrderID: "o-1", OrderRef: "o-1"},
			checkout.Redeem{Purchase: purchase("c-1", tok), OrderID: "o-2", OrderRef: "o-2"},
		)
		if out[0].Err == nil || out[1].Err != nil || !errors.Is(out[2].Err, offers.ErrTokenSpent) {
			t.Fatalf("%v, %v, %v", out[0].Err, out[1].Err, out[2].Err)
		}
		s.balanced()
	})
}

// errCut is what a process that was killed would have said.
var errCut = errors.New("killed")

func TestCutBetweenAnyTwoStatementsOfARedeem(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		t.Parallel()
		s := newStage(t, db)
		offer := s.offer(offers.Limits{Total: 1000, PerPerson: 1})
		statements := 0
		for at := 1; ; at++ {
			customer := fmt.Sprintf("c-%d", at)
			tok := s.token(offer, customer, "tag-"+customer)
			attempt := checkout.Attempt{Store: s.store, Request: s.request(fmt.Sprintf("k-%d", at), "a"),
				Command: checkout.Redeem{Purchase: purchase(customer, tok), OrderID: fmt.Sprintf("o-%d", at), OrderRef: "ref-" + customer}}
			statements = 0
			database.CutForTest(db, func() error {
				if statements++; statements == at {
					return errCut
				}
				return nil
			})
			_, err := s.runner(context.Background(), []checkout.Attempt{attempt})
			database.CutForTest(db, nil)
			whole := statements < at
			if whole && err != nil || !whole && !errors.Is(err, errCut) {
				t.Fatalf("cut before statement %d: %v", at, err)
			}
			// Another process carries the retry out: same key, other attempt.
			attempt.Request = s.request(fmt.Sprintf("k-%d", at), "a")
			out, err := s.runner(context.Background(), []checkout.Attempt{attempt})
			if err != nil || out[0].Err != nil || out[0].Value.Answer.Status != 201 {
				t.Fatalf("retry after a cut before statement %d: %+v, %v", at, out, err)
			}
			if n := s.count("SELECT COUNT(*) FROM redemptions WHERE store_id = ? AND customer = ?", s.store, customer); n != 1 {
				t.Fatalf("cut before statement %d: %d redemptions", at, n)
			}
			if whole {
				break
			}
		}
		if statements < 20 {
			t.Fatalf("only %d statements were cut", statements)
		}
		s.balanced()
	})
}
