package database_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/commit"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/once"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/offers"
)

// overtaken lets somebody else go first between deciding and saving, once.
type overtaken struct {
	checkout.Storage
	overtake func()
	once     sync.Once
	decided  int
}

func (o *overtaken) Batch(ctx context.Context, fn func(context.Context, checkout.Tx) error) error {
	return o.Storage.Batch(ctx, func(ctx context.Context, tx checkout.Tx) error { return fn(ctx, overtakenTx{tx, o}) })
}

type overtakenTx struct {
	checkout.Tx
	by *overtaken
}

func (t overtakenTx) Save(ctx context.Context, shops map[string]*checkout.Shop, answers []*once.Request) error {
	t.by.decided++
	t.by.once.Do(t.by.overtake)
	return t.Tx.Save(ctx, shops, answers)
}

// TestWhoMakesARowSecondStartsAgain plays a command that is overtaken by a rival after it has decided that a row does not
// exist. SQLite is not asked: its one writer lets nobody overtake.
func TestWhoMakesARowSecondStartsAgain(t *testing.T) {
	t.Parallel()
	db := testdb.Open(t, testdb.PostgresURL(t))
	play := func(s *stage, storage checkout.Storage, a checkout.Attempt) commit.Result[checkout.Answered] {
		a.Store = s.store
		out, err := checkout.Batch(storage)(context.Background(), []checkout.Attempt{a})
		if err != nil {
			s.t.Fatal(err)
		}
		return out[0]
	}
	race := func(s *stage, first, second checkout.Attempt) (loser, winner commit.Result[checkout.Answered]) {
		o := &overtaken{Storage: s.storage, overtake: func() { winner = play(s, s.storage, second) }}
		loser = play(s, o, first)
		if o.decided != 2 {
			s.t.Errorf("decided %d times, want once for nothing and once for good", o.decided)
		}
		s.balanced()
		return loser, winner
	}

	t.Run("an order", func(t *testing.T) {
		s := newStage(t, db)
		loser, winner := race(s, checkout.Attempt{Command: order(1, "c-1")}, checkout.Attempt{Command: order(1, "c-1")})
		a, err := decided[checkout.Order](loser.Value.Value, loser.Err)
		b, _ := winner.Value.Value.(checkout.Order)
		if err != nil || a.ID != b.ID {
			t.Errorf("%+v, %v, want the first one's order %s", a, err, b.ID)
		}
		if n := s.count("SELECT available FROM members WHERE store_id = ?", s.store); n != 50 {
			t.Errorf("%d points for one order, want 50", n)
		}
	})
	t.Run("an order with other content", func(t *testing.T) {
		s := newStage(t, db)
		loser, _ := race(s, checkout.Attempt{Command: order(1, "c-1")}, checkout.Attempt{Command: order(1, "c-2")})
		if !errors.Is(loser.Err, offers.ErrOrderTaken) {
			t.Errorf("%v, want a conflict", loser.Err)
		}
	})
	t.Run("a member", func(t *testing.T) {
		s := newStage(t, db)
		race(s, checkout.Attempt{Command: order(1, "c-1")}, checkout.Attempt{Command: order(2, "c-1")})
		if n := s.count("SELECT available FROM members WHERE store_id = ?", s.store); n != 100 {
			t.Errorf("%d points for two orders, want 100", n)
		}
	})
	t.Run("an idempotency key", func(t *testing.T) {
		s := newStage(t, db)
		loser, winner := race(s, checkout.Attempt{Request: s.request("k", "a"), Command: order(1, "c-1")}, checkout.Attempt{Request: s.request("k", "a"), Command: order(1, "c-1")})
		if loser.Err != nil || !loser.Value.Answer.Replayed || string(loser.Value.Answer.Body) != string(winner.Value.Answer.Body) {
			t.Errorf("%+v, want the first answer", loser)
		}
	})
	t.Run("an idempotency key of another request", func(t *testing.T) {
		s := newStage(t, db)
		loser, _ := race(s, checkout.Attempt{Request: s.request("k", "a"), Command: order(1, "c-1")}, checkout.Attempt{Request: s.request("k", "b"), Command: order(2, "c-2")})
		if !errors.Is(loser.Err, database.ErrKeyReused) {
			t.Errorf("%v, want key reused", loser.Err)
		}
	})
	t.Run("a counter", func(t *testing.T) {
		s := newStage(t, db)
		offer := s.offer(offers.Limits{PerPerson: 1})
		redeem := func(customer, order string) checkout.Attempt {
			return checkout.Attempt{Command: checkout.Redeem{Purchase: purchase(customer, s.token(offer, customer, "tag-1")), OrderID: order, OrderRef: order}}
		}
		loser, winner := race(s, redeem("c-1", "o-1"), redeem("c-2", "o-2"))
		if winner.Err != nil || !errors.Is(loser.Err, offers.ErrLimit) {
			t.Errorf("%v and %v: one person, one use", winner.Err, loser.Err)
		}
	})
	t.Run("an attempt to pay", func(t *testing.T) {
		s := newStage(t, db)
		offer := s.offer(offers.Limits{})
		reserve := func(tok string) checkout.Attempt {
			return checkout.Attempt{Command: checkout.Reserve{Purchase: purchase("c-1", tok), OrderRef: "a-1", TTL: time.Minute}}
		}
		loser, winner := race(s, reserve(s.token(offer, "c-1")), reserve(s.token(offer, "c-1")))
		if winner.Err != nil || loser.Err != nil {
			t.Fatalf("%v, %v", winner.Err, loser.Err)
		}
		// The later one has another token: its hold takes the earlier one's place.
		if n := s.count("SELECT COUNT(*) FROM reservations WHERE store_id = ? AND state = 'held'", s.store); n != 1 {
			t.Errorf("%d holds of one attempt", n)
		}
	})
	t.Run("a token's slot", func(t *testing.T) {
		s := newStage(t, db)
		offer := s.offer(offers.Limits{})
		issue := func() checkout.Attempt {
			draft := s.draft(offer, "c-1")
			draft.Subject = "customer:c-1"
			return checkout.Attempt{Command: checkout.IssueToken{Draft: draft}}
		}
		loser, winner := race(s, issue(), issue())
		a, err := decided[checkout.Issued](loser.Value.Value, loser.Err)
		b, _ := winner.Value.Value.(checkout.Issued)
		if err != nil || a.Token.JTI != b.Token.JTI || !a.Again {
			t.Errorf("%s, %v, want %s again", a.Token.JTI, err, b.Token.JTI)
		}
	})
}
