package database

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/once"
)

// Answers to a key that is taken.
var (
	ErrKeyReused   = fault.New(fault.IdempotencyKeyReused, "This Idempotency-Key was used before with another request. Use a new key for a new request.")
	ErrKeyInFlight = fault.New(fault.IdempotencyKeyInFlight, "A request with this Idempotency-Key is still being worked on. Wait, then send it again.").After(time.Second)
)

// claimRow is what is known of a key that somebody claimed.
type claimRow struct {
	StoreID     string
	KeyMac      []byte
	Fingerprint []byte
	Attempt     string
	Status      int
	Answer      []byte
}

// Claims is the outcome of claiming many keys: which attempts won, and the answers or refusals of the others.
type Claims struct {
	won  map[*once.Request]bool
	lost map[*once.Request]error
}

// Won reports whether the request's key was free and is now its own.
func (c Claims) Won(r *once.Request) bool { return c.won[r] }

// Lost returns why a request lost: once.ErrReplayed (its answer is settled), ErrKeyReused, or another error.
func (c Claims) Lost(r *once.Request) error { return c.lost[r] }

// claim takes the keys that are free and reads the answers of those that are not. A key that another transaction
// holds makes it wait for that transaction. Requests must have distinct keys.
func (tx *Tx) claim(ctx context.Context, reqs []*once.Request) (Claims, error) {
	c := Claims{won: map[*once.Request]bool{}, lost: map[*once.Request]error{}}
	if len(reqs) == 0 {
		return c, nil
	}
	reqs = sortedRequests(reqs)
	won, err := tx.claimFree(ctx, reqs)
	if err != nil {
		return c, err
	}
	var taken []*once.Request
	for _, r := range reqs {
		if won[claimKey(r.Store, r.KeyMAC)] {
			c.won[r] = true
		} else {
			taken = append(taken, r)
		}
	}
	return c, tx.readAnswers(ctx, &c, taken)
}

// readAnswers settles the requests that lost, from what is stored.
func (tx *Tx) readAnswers(ctx context.Context, c *Claims, reqs []*once.Request) error {
	found := map[string]claimRow{}
	var p pipeline
	tx.askAnswers(&p, reqs, found)
	if err := tx.run(ctx, p); err != nil {
		return err
	}
	for _, r := range reqs {
		c.lost[r] = settle(r, found[claimKey(r.Store, r.KeyMAC)])
	}
	return nil
}

// askAnswers adds the read of what is stored of keys.
func (tx *Tx) askAnswers(p *pipeline, reqs []*once.Request, found map[string]claimRow) {
	keys := make([][]any, len(reqs))
	for i, r := range reqs {
		keys[i] = []any{r.Store, r.KeyMAC}
	}
	const cols = "store_id, key_mac, fingerprint, attempt, status, answer"
	p.lookup(tx, "idempotency_keys", cols, "store_id, key_mac", keys, false, func(r row) error {
		var c claimRow
		err := r.Scan(&c.StoreID, &c.KeyMac, &c.Fingerprint, &c.Attempt, &c.Status, &c.Answer)
		found[claimKey(c.StoreID, c.KeyMac)] = c
		return err
	})
}

var newClaim = newTable("idempotency_keys", 2, "store_id text, key_mac bytea, fingerprint bytea, attempt text, status bigint, created_at timestamptz")

// claimFree inserts the keys and returns those that were free. The winners are scanned from RETURNING, which tells of
// this statement's own rows only.
func (tx *Tx) claimFree(ctx context.Context, reqs []*once.Request) (map[string]bool, error) {
	fresh := make([][]any, len(reqs))
	for i, r := range reqs {
		fresh[i] = []any{r.Store, r.KeyMAC, r.Fingerprint, r.Attempt, 0, tx.now}
	}
	won := make(map[string]bool, len(reqs))
	var p pipeline
	if err := tx.insertion(&p, newClaim, fresh, " ON CONFLICT DO NOTHING RETURNING store_id, key_mac"); err != nil {
		return nil, err
	}
	for i := range p {
		p[i].each = func(r row) error {
			var store string
			var mac []byte
			err := r.Scan(&store, &mac)
			won[claimKey(store, mac)] = true
			return err
		}
	}
	return won, tx.run(ctx, p)
}

// settle gives a loser the stored answer, if the request is the same one.
func settle(r *once.Request, row claimRow) error {
	switch {
	case row.KeyMac == nil:
		// The rival that held the key rolled back after our insert gave way to it.
		return ErrKeyInFlight
	case !bytes.Equal(row.Fingerprint, r.Fingerprint):
		return ErrKeyReused
	case row.Status == 0:
		return ErrKeyInFlight
	}
	body, err := r.Open(row.Answer)
	if err != nil {
		return fmt.Errorf("open stored answer: %w", err)
	}
	answer := decodeAnswer(row.Status, body)
	answer.Replayed = row.Attempt != r.Attempt
	r.Settle(answer)
	return once.ErrReplayed
}

func (tx *Tx) claimOne(ctx context.Context, r *once.Request) (bool, error) {
	c, err := tx.claim(ctx, []*once.Request{r})
	if err != nil {
		return false, err
	}
	if c.Won(r) {
		return true, nil
	}
	if err := c.Lost(r); err != nil && err != once.ErrReplayed { //nolint:errorlint // the sentinel itself is meant
		return false, err
	}
	return false, nil
}

var answersTable = newTable("idempotency_keys", 2, "store_id text, key_mac bytea, status bigint, answer bytea")

// storeAnswer writes the answer of a claimed key.
func (tx *Tx) storeAnswer(ctx context.Context, r *once.Request, a once.Answer) error {
	sealed, err := r.Seal(encodeAnswer(a))
	if err != nil {
		return fmt.Errorf("seal answer: %w", err)
	}
	return tx.update(ctx, answersTable, [][]any{{r.Store, r.KeyMAC, a.Status, sealed}})
}

var answeredKey = newTable("idempotency_keys", 2, "store_id text, key_mac bytea, fingerprint bytea, attempt text, status bigint, answer bytea, created_at timestamptz")

// keeping adds the statement that writes settled answers with their keys. Whoever finds a key taken was not first.
func (tx *Tx) keeping(p *pipeline, reqs []*once.Request) error {
	rows := make([][]any, len(reqs))
	for i, r := range sortedRequests(reqs) {
		a, ok := r.Answer()
		if !ok {
			return errNoAnswer
		}
		sealed, err := r.Seal(encodeAnswer(a))
		if err != nil {
			return fmt.Errorf("seal answer: %w", err)
		}
		rows[i] = []any{r.Store, r.KeyMAC, r.Fingerprint, r.Attempt, a.Status, sealed, tx.now}
	}
	return tx.insertion(p, answeredKey, rows, "")
}

func sortedRequests(reqs []*once.Request) []*once.Request {
	return slices.SortedFunc(slices.Values(reqs), func(a, b *once.Request) int {
		if n := strings.Compare(a.Store, b.Store); n != 0 {
			return n
		}
		return bytes.Compare(a.KeyMAC, b.KeyMAC)
	})
}

// encodeAnswer keeps the content type in front of the body, so that one column holds the whole answer.
func encodeAnswer(a once.Answer) []byte {
	return append(append([]byte(a.ContentType), '\n'), a.Body...)
}

func decodeAnswer(status int, b []byte) once.Answer {
	contentType, body, _ := bytes.Cut(b, []byte("\n"))
	return once.Answer{Status: status, ContentType: string(contentType), Body: body}
}

func claimKey(store string, mac []byte) string { return store + "\x00" + string(mac) }
