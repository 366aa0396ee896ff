package offers_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/offers"
)

// drawn reads the transitions of the drawing under a heading of docs/checkout.md.
func drawn(t *testing.T, heading string) map[string]bool {
	t.Helper()
	page, err := os.ReadFile("../docs/checkout.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(page), "\n## "+heading+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	out := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^  (\S+) --> (\w+):`).FindAllStringSubmatch(section, -1) {
		out[m[1]+" --> "+m[2]] = true
	}
	if !found || len(out) == 0 {
		t.Fatalf("docs/checkout.md draws nothing under %q", heading)
	}
	return out
}

// walker goes through the states of one order_ref and notes each transition.
type walker struct {
	*world
	seen map[string]bool
}

func (w *walker) state(r *offers.Reservation) string {
	switch {
	case r == nil:
		return "[*]"
	case r.State == offers.Redeemed:
		return string(w.book.Redemptions[r.RedemptionID].State)
	case r.Lapsed(w.now):
		return string(offers.Expired)
	}
	return string(r.State)
}

func (w *walker) current() *offers.Reservation {
	if a := w.book.Attempts["ref"]; a != nil {
		return w.book.Reservations[a.ReservationID]
	}
	return nil
}

// reserve holds for an order_ref; in one step it redeems as well. Tokens outlive the walk, and each walk has many.
func (w *walker) reserve(ref, jti string, units int64, oneStep bool) {
	b := w.next()
	w.ensure("c1", []string{jti})
	if b.Attempts[ref] == nil {
		b.Attempts[ref] = &offers.Attempt{OrderRef: ref}
	}
	before, was := w.current(), w.state(w.current())
	r, err := b.Reserve(offers.HoldRequest{OrderRef: ref, Customer: "c1", TTL: time.Hour, Pinned: w.pin("c1", []string{jti}, units)})
	if err != nil || ref != "ref" {
		w.note(before, was)
		return
	}
	switch {
	case r == before && oneStep:
		return // an order in one step pins content of its own
	case r == before:
		w.seen["held --> held"] = true
		return
	case oneStep:
		w.note(before, was)
		if _, err := b.Redeem(r, "order-"+r.ID); err == nil {
			w.seen["[*] --> redeemed"] = true
		}
		return
	}
	w.note(before, was)
	w.seen[w.state(before)+" --> held"] = true
}

// note tells what became of a reservation that was in a state.
func (w *walker) note(r *offers.Reservation, was string) {
	if is := w.state(r); is != was {
		w.seen[was+" --> "+is] = true
	}
}

func (w *walker) step(rng *rand.Rand) {
	jti := fmt.Sprintf("plenty-%d", rng.IntN(8))
	switch r := w.current(); rng.IntN(8) {
	case 0, 1:
		w.reserve("ref", jti, 1+rng.Int64N(2), false)
	case 2:
		w.reserve("elsewhere", jti, 1, false)
	case 3:
		w.reserve("ref", jti, 3, true)
	case 4:
		was := w.state(r)
		w.save()
		w.now = w.now.Add(time.Duration(rng.IntN(90)) * time.Minute)
		w.note(r, was)
	default:
		if r == nil {
			return
		}
		b, was := w.next(), w.state(r)
		switch red := b.Redemptions[r.RedemptionID]; {
		case red != nil:
			lines := [][]offers.RefundLine{nil, {{LineID: "a", Quantity: 1}}, {{LineID: "b", Quantity: 1}}}[rng.IntN(3)]
			restore := []offers.RestoreUse{offers.RestoreNever, offers.RestoreIfFull, offers.RestoreAlways}[rng.IntN(3)]
			if _, err := b.RefundRedemption(red, lines, restore); err == nil {
				w.seen[was+" --> "+w.state(r)] = true
			}
		case rng.IntN(2) == 0:
			_ = b.Release(r)
			w.note(r, was)
		default:
			if _, err := b.Redeem(r, "order-"+r.ID); err == nil {
				w.note(r, was)
			}
		}
	}
}

// The drawing in docs/checkout.md has exactly the transitions that happen.
func TestTheDrawingIsWhatHappens(t *testing.T) {
	want, seen := drawn(t, "From attempt to refund"), map[string]bool{}
	for seed := range uint64(400) {
		w := &walker{world: newWorld(), seen: seen}
		o := live("plenty", offers.Benefit{Type: offers.FixedAmount, Amount: 70, Currency: "USD"})
		o.Limits = offers.Limits{Total: 1000}
		w.book.Offers[o.ID] = &o
		for n := range 8 {
			jti := fmt.Sprintf("plenty-%d", n)
			w.book.Tokens[jti] = &offers.Token{JTI: jti, OfferID: o.ID, State: offers.TokenLive, ExpiresAt: w.now.AddDate(1, 0, 0)}
		}
		rng := rand.New(rand.NewPCG(seed, 1))
		for range 20 {
			w.step(rng)
		}
	}
	for _, transition := range slices.Sorted(maps.Keys(seen)) {
		if !want[transition] {
			t.Errorf("%s happens, and is not drawn", transition)
		}
	}
	for _, transition := range slices.Sorted(maps.Keys(want)) {
		if !seen[transition] {
			t.Errorf("%s is drawn, and does not happen", transition)
		}
	}
}
