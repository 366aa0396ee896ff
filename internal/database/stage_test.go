package database_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/commit"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
)

// stage is a store with a program, on which commands are played.
type stage struct {
	t       *testing.T
	db      *database.DB
	storage database.Checkout
	store   string
	runner  commit.Runner[checkout.Attempt, checkout.Answered]
}

func newStage(t *testing.T, db *database.DB) *stage {
	t.Helper()
	s := &stage{t: t, db: db, storage: database.NewCheckout(db), store: id.New("sto")}
	s.runner = checkout.Batch(s.storage)
	now := time.Now().UTC()
	s.exec(`INSERT INTO stores (id, name, mode, currency, timezone, origins, settings, secret, clock_offset_us, version, created_at, updated_at)
		VALUES (?, 'Stage', 'test', 'USD', 'UTC', '[]', '{}', ?, 0, 1, ?, ?)`, s.store, []byte("secret"), now, now)
	s.program(loyalty.Program{Name: "Points", Earn: []loyalty.EarnRule{{Currency: "USD", Points: 1, PerAmount: 100}},
		Window: loyalty.Window{Type: loyalty.Rolling, Days: 365}, Tiers: []loyalty.Tier{{ID: "bronze", Name: "Bronze"}, {ID: "silver", Name: "Silver", Threshold: 100}}})
	return s
}

// exec runs one statement with ? placeholders on the stage's database.
func (s *stage) exec(query string, args ...any) {
	s.t.Helper()
	if err := database.ExecForTest(context.Background(), s.db, query, args...); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) count(query string, args ...any) (n int64) {
	s.t.Helper()
	n, err := database.CountForTest(context.Background(), s.db, query, args...)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func (s *stage) program(p loyalty.Program) {
	s.t.Helper()
	body, err := json.Marshal(p)
	if err != nil {
		s.t.Fatal(err)
	}
	now := time.Now().UTC()
	s.exec("INSERT INTO programs (store_id, version, updated_at) VALUES (?, 1, ?)", s.store, now)
	s.exec("INSERT INTO program_versions (store_id, version, body, actor, created_at) VALUES (?, 1, ?, 'test', ?)", s.store, string(body), now)
}

// offer adds a live offer of ten percent.
func (s *stage) offer(limits offers.Limits) string {
	s.t.Helper()
	o := offers.Offer{State: offers.Live, Name: "Ten", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}, Limits: limits, TokenSeconds: 600}
	body, err := json.Marshal(o)
	if err != nil {
		s.t.Fatal(err)
	}
	now, offer := time.Now().UTC(), id.New("off")
	s.exec("INSERT INTO offers (store_id, id, version, state, name, group_name, created_at, updated_at) VALUES (?, ?, 1, 'live', 'Ten', '', ?, ?)", s.store, offer, now, now)
	s.exec("INSERT INTO offer_versions (store_id, offer_id, version, body, actor, created_at) VALUES (?, ?, 1, ?, 'test', ?)", s.store, offer, string(body), now)
	return offer
}

// draft returns a token to give.
func (s *stage) draft(offer, customer string, tags ...string) offers.Token {
	jti := id.New("tok")
	now := time.Now().UTC().Truncate(time.Microsecond)
	return offers.Token{Store: s.store, JTI: jti, OfferID: offer, OfferVersion: 1, Subject: "customer:" + customer + jti, PersonTags: tags,
		CodeMAC: []byte(jti), Sealed: []byte("sealed"), State: offers.TokenLive, IssuedAt: now, ExpiresAt: now.Add(time.Hour)}
}

// token gives a token.
func (s *stage) token(offer, customer string, tags ...string) string {
	s.t.Helper()
	issued, err := decided[checkout.Issued](s.one(checkout.IssueToken{Draft: s.draft(offer, customer, tags...)}))
	if err != nil {
		s.t.Fatal(err)
	}
	return issued.Token.JTI
}

// one plays one command as a batch of its own.
func (s *stage) one(c checkout.Command) (any, error) {
	s.t.Helper()
	r := s.batch(c)[0]
	return r.Value.Value, r.Err
}

// batch plays commands as one batch.
func (s *stage) batch(cs ...checkout.Command) []commit.Result[checkout.Answered] {
	s.t.Helper()
	attempts := make([]checkout.Attempt, len(cs))
	for i, c := range cs {
		attempts[i] = checkout.Attempt{Store: s.store, Command: c}
	}
	results, err := s.runner(context.Background(), attempts)
	if err != nil {
		s.t.Fatal(err)
	}
	return results
}

func decided[T any](v any, err error) (T, error) {
	t, _ := v.(T)
	return t, err
}

// cart holds n lines of 50.00 USD.
func cart(n int) offers.Cart {
	c := offers.Cart{Currency: "USD", TaxMode: "exclusive"}
	for i := range n {
		c.Lines = append(c.Lines, offers.Line{LineID: fmt.Sprintf("l%d", i+1), SKU: "sku", Quantity: 1, UnitAmount: 5000})
	}
	return c
}

// balanced fails the test unless the ledger verifies, counters are those of the rows, and nothing is held for nobody.
func (s *stage) balanced() {
	s.t.Helper()
	_, err := s.storage.VerifyLedger(context.Background(), s.store, func(f database.LedgerFault) { s.t.Errorf("ledger: %+v", f) })
	if err != nil {
		s.t.Fatal(err)
	}
	used := s.count("SELECT COALESCE(SUM(used), 0) FROM offer_counters WHERE store_id = ? AND scope = 'total'", s.store)
	uses := s.count(`SELECT COUNT(*) FROM redemption_uses u JOIN offer_counters c ON c.store_id = u.store_id AND c.offer_id = u.offer_id AND c.scope = 'total'
		WHERE u.store_id = ? AND NOT u.restored`, s.store)
	if used != uses {
		s.t.Errorf("counters say %d uses, the rows %d", used, uses)
	}
	held := s.count("SELECT COALESCE(SUM(held), 0) FROM offer_counters WHERE store_id = ?", s.store)
	holds := s.count("SELECT COALESCE(SUM(weight), 0) FROM offer_holds WHERE store_id = ? AND NOT used", s.store)
	if held != holds {
		s.t.Errorf("counters say %d held, the rows %d", held, holds)
	}
}
