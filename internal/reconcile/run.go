package reconcile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"
	"time"
)

// Books is the gateway's side. Each call asks for a whole chunk at once.
type Books interface {
	// Orders returns the orders that are known, by id.
	Orders(ctx context.Context, ids []string) (map[string]Known, error)
	// Tokens returns the tokens that codes or the text of tokens stand for, by the text. What is not the gateway's is
	// missing.
	Tokens(ctx context.Context, texts []string) (map[string]Token, error)
	// Held returns the reservations that wait to be redeemed, by order_ref.
	Held(ctx context.Context, refs []string) (map[string]Held, error)
	// Page returns the orders that were placed from since until before until, in the order of their ids, after an order
	// id ("": from the first). A page shorter than limit is the last.
	Page(ctx context.Context, since, until time.Time, after string, limit int) ([]Known, error)
}

// Options bound a run.
type Options struct {
	// Since and Until bound what is compared, by the time an order was placed. Zero means the span of the storefront's
	// orders.
	Since time.Time
	Until time.Time
	// Chunk is how many orders are asked for at once; DefaultChunk when zero.
	Chunk int
}

// DefaultChunk is how many orders are asked for at once.
const DefaultChunk = 500

// Summary is what a run looked at.
type Summary struct {
	Shop        int          `json:"shop_orders"`
	Here        int          `json:"known_orders"`
	Differences int          `json:"differences"`
	ByKind      map[Kind]int `json:"by_kind"`
	Since       time.Time    `json:"since"`
	Until       time.Time    `json:"until"`
}

// Run compares a stream of the storefront's orders with the books. Every difference is reported once, in the order in
// which it is found. An error of the stream, the books or report ends it.
func Run(ctx context.Context, orders iter.Seq2[Order, error], books Books, o Options, report func(Difference) error) (Summary, error) {
	if o.Chunk == 0 {
		o.Chunk = DefaultChunk
	}
	r := &run{books: books, options: o, report: report, summary: Summary{ByKind: map[Kind]int{}}, unspent: map[string]string{}}
	chunk := make([]Order, 0, o.Chunk)
	for order, err := range orders {
		if err != nil {
			return r.summary, fmt.Errorf("read the storefront's orders: %w", err)
		}
		if !r.take(order) {
			continue
		}
		if chunk = append(chunk, order); len(chunk) == o.Chunk {
			if err := r.compare(ctx, chunk); err != nil {
				return r.summary, err
			}
			chunk = chunk[:0]
		}
	}
	if err := r.compare(ctx, chunk); err != nil {
		return r.summary, err
	}
	return r.summary, r.missing(ctx)
}

type key [16]byte

func keyOf(id string) key {
	sum := sha256.Sum256([]byte(id))
	return key(sum[:16])
}

type run struct {
	books   Books
	options Options
	report  func(Difference) error
	summary Summary
	// seen are the orders that the storefront has, sorted once all are read.
	seen        []key
	first, last time.Time
	// unspent are the tokens on orders of the storefront that were not redeemed here, with the order that had them
	// first. Each is a difference already, so there are few.
	unspent map[string]string
}

// take notes an order and tells whether it is to be compared. Orders outside the bounds exist, and that is all.
func (r *run) take(o Order) bool {
	r.seen = append(r.seen, keyOf(o.ID))
	if o.PlacedAt.IsZero() {
		r.summary.Shop++
		return true
	}
	if !r.options.Since.IsZero() && o.PlacedAt.Before(r.options.Since) || !r.options.Until.IsZero() && !o.PlacedAt.Before(r.options.Until) {
		return false
	}
	if r.first.IsZero() || o.PlacedAt.Before(r.first) {
		r.first = o.PlacedAt
	}
	if o.PlacedAt.After(r.last) {
		r.last = o.PlacedAt
	}
	r.summary.Shop++
	return true
}

func (r *run) tell(d Difference) error {
	r.summary.Differences++
	r.summary.ByKind[d.Kind]++
	if err := r.report(d); err != nil {
		return fmt.Errorf("report a difference: %w", err)
	}
	return nil
}

func (r *run) compare(ctx context.Context, orders []Order) error {
	if len(orders) == 0 {
		return nil
	}
	var ids, texts []string
	for _, o := range orders {
		ids, texts = append(ids, o.ID), append(texts, o.Codes...)
	}
	known, err := r.books.Orders(ctx, ids)
	if err != nil {
		return fmt.Errorf("read known orders: %w", err)
	}
	tokens, err := r.books.Tokens(ctx, texts)
	if err != nil {
		return fmt.Errorf("read offer tokens: %w", err)
	}
	held, err := r.books.Held(ctx, ids)
	if err != nil {
		return fmt.Errorf("read reservations: %w", err)
	}
	for _, o := range orders {
		if err := r.one(o, known, tokens, held); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) one(o Order, known map[string]Known, tokens map[string]Token, held map[string]Held) error {
	var found []Difference
	k, here := known[o.ID]
	ours, twice := r.tokens(o, tokens)
	found = append(found, twice...)
	if here {
		found = append(found, compare(o, k, ours == len(o.Codes))...)
	}
	if o.Status == Paid && ours > 0 && len(twice) < ours && k.RedemptionID == "" {
		shop := "paid"
		if o.Discount.Known && o.Currency != "" {
			shop += ", discount " + money(o.Discount.Minor, o.Currency)
		}
		what := "unknown"
		if here {
			what = "recorded without offers"
		}
		found = append(found, Difference{Kind: RedemptionMissing, OrderID: o.ID, Shop: shop, Here: what})
	}
	if h, waits := held[o.ID]; waits && o.Status == Paid && k.RedemptionID == "" {
		found = append(found, Difference{Kind: ReservationStranded, OrderID: o.ID, ID: h.ReservationID, Shop: "paid", Here: "held"})
	}
	for _, d := range found {
		if err := r.tell(d); err != nil {
			return err
		}
	}
	return nil
}

// tokens counts the gateway's own tokens on an order, and names those that are on another order too. A cancelled order
// gives its token back.
func (r *run) tokens(o Order, tokens map[string]Token) (ours int, twice []Difference) {
	for i, text := range o.Codes {
		t, ok := tokens[text]
		if !ok || slices.Contains(o.Codes[:i], text) {
			continue
		}
		ours++
		if o.Status == Cancelled {
			continue
		}
		other := t.OrderID
		if other == "" {
			if other = r.unspent[t.ID]; other == "" {
				r.unspent[t.ID], other = o.ID, o.ID
			}
		}
		if other != o.ID {
			twice = append(twice, Difference{Kind: TokenTwice, OrderID: o.ID, ID: t.ID, Shop: "on this order", Here: "on order " + other})
		}
	}
	return ours, twice
}

// missing names the orders that the gateway knows and the storefront does not have.
func (r *run) missing(ctx context.Context) error {
	since, until := r.options.Since, r.options.Until
	if since.IsZero() {
		since = r.first
	}
	if until.IsZero() && !r.last.IsZero() {
		until = r.last.Add(time.Microsecond)
	}
	r.summary.Since, r.summary.Until = since, until
	slices.SortFunc(r.seen, func(a, b key) int { return bytes.Compare(a[:], b[:]) })
	after := ""
	for {
		page, err := r.books.Page(ctx, since, until, after, r.options.Chunk)
		if err != nil {
			return fmt.Errorf("read known orders: %w", err)
		}
		for _, k := range page {
			r.summary.Here++
			id := keyOf(k.OrderID)
			if _, ok := slices.BinarySearchFunc(r.seen, id, func(a, b key) int { return bytes.Compare(a[:], b[:]) }); ok || k.Refunded == All {
				continue
			}
			if err := r.tell(Difference{Kind: OrderMissing, OrderID: k.OrderID, ID: k.RedemptionID, Shop: "none", Here: hereOf(k)}); err != nil {
				return err
			}
		}
		if len(page) < r.options.Chunk {
			return nil
		}
		after = page[len(page)-1].OrderID
	}
}
