package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/reconcile"
	"pgregory.net/rapid"
)

// world is both sides.
type world struct {
	shop   []reconcile.Order
	known  []reconcile.Known
	tokens map[string]reconcile.Token
	held   map[string]reconcile.Held
	asked  []int
}

func (w *world) Orders(_ context.Context, ids []string) (map[string]reconcile.Known, error) {
	w.asked = append(w.asked, len(ids))
	out := map[string]reconcile.Known{}
	for _, k := range w.known {
		if slices.Contains(ids, k.OrderID) {
			out[k.OrderID] = k
		}
	}
	return out, nil
}

func (w *world) Tokens(_ context.Context, texts []string) (map[string]reconcile.Token, error) {
	out := map[string]reconcile.Token{}
	for _, text := range texts {
		if t, ok := w.tokens[text]; ok {
			out[text] = t
		}
	}
	return out, nil
}

func (w *world) Held(_ context.Context, refs []string) (map[string]reconcile.Held, error) {
	out := map[string]reconcile.Held{}
	for _, r := range refs {
		if h, ok := w.held[r]; ok {
			out[r] = h
		}
	}
	return out, nil
}

func (w *world) Page(_ context.Context, since, until time.Time, after string, limit int) ([]reconcile.Known, error) {
	sorted := slices.Clone(w.known)
	slices.SortFunc(sorted, func(a, b reconcile.Known) int { return strings.Compare(a.OrderID, b.OrderID) })
	var out []reconcile.Known
	for _, k := range sorted {
		inside := (since.IsZero() || !k.PlacedAt.Before(since)) && (until.IsZero() || k.PlacedAt.Before(until))
		if inside && k.OrderID > after && len(out) < limit {
			out = append(out, k)
		}
	}
	return out, nil
}

func stream(orders []reconcile.Order) iter.Seq2[reconcile.Order, error] {
	return func(yield func(reconcile.Order, error) bool) {
		for _, o := range orders {
			if !yield(o, nil) {
				return
			}
		}
	}
}

func (w *world) run(t interface{ Fatal(...any) }, o reconcile.Options) []reconcile.Difference {
	var out []reconcile.Difference
	s, err := reconcile.Run(context.Background(), stream(w.shop), w, o, func(d reconcile.Difference) error {
		out = append(out, d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.Differences != len(out) {
		t.Fatal("the summary does not count the differences")
	}
	return out
}

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// agree is a world of n orders, every second one with a redeemed code, on which both sides agree.
func agree(n int) *world {
	w := &world{tokens: map[string]reconcile.Token{}, held: map[string]reconcile.Held{}}
	for i := range n {
		id := fmt.Sprintf("o-%03d", i)
		o := reconcile.Order{ID: id, Currency: "USD", Status: reconcile.Paid, Total: reconcile.Of(5000), Discount: reconcile.Of(0), Refunded: reconcile.Of(0),
			PlacedAt: noon.Add(time.Duration(i) * time.Minute)}
		k := reconcile.Known{OrderID: id, Currency: "USD", Total: 5000, Refunded: reconcile.None, PlacedAt: o.PlacedAt}
		if i%2 == 0 {
			code := "CODE" + id
			o.Codes, o.Discount, o.Total = []string{code}, reconcile.Of(500), reconcile.Of(4500)
			k.RedemptionID, k.Discount, k.Total = "rdm-"+id, 500, 4500
			w.tokens[code] = reconcile.Token{ID: "tok-" + id, OrderID: id}
		}
		w.shop, w.known = append(w.shop, o), append(w.known, k)
	}
	return w
}

func TestDifferences(t *testing.T) {
	redeemed, plain := 0, 1
	for _, c := range []struct {
		name   string
		change func(w *world)
		want   []reconcile.Kind
	}{
		{"nothing", func(*world) {}, nil},
		{"a code was used and the token not redeemed", func(w *world) {
			w.known = slices.Delete(w.known, redeemed, redeemed+1)
			w.tokens["CODEo-000"] = reconcile.Token{ID: "tok-o-000"}
		}, []reconcile.Kind{reconcile.RedemptionMissing}},
		{"a code was used and the order recorded without it", func(w *world) {
			w.known[redeemed].RedemptionID, w.known[redeemed].Total = "", 4500
			w.tokens["CODEo-000"] = reconcile.Token{ID: "tok-o-000"}
		}, []reconcile.Kind{reconcile.RedemptionMissing}},
		{"a code on an order that is not paid yet", func(w *world) {
			w.known = slices.Delete(w.known, redeemed, redeemed+1)
			w.tokens["CODEo-000"] = reconcile.Token{ID: "tok-o-000"}
			w.shop[redeemed].Status = reconcile.Pending
		}, nil},
		{"an order that the gateway need not know", func(w *world) { w.known = slices.Delete(w.known, plain, plain+1) }, nil},
		{"the storefront lost an order", func(w *world) { w.shop = slices.Delete(w.shop, 2, 3) }, []reconcile.Kind{reconcile.OrderMissing}},
		{"it is gone, and was given back", func(w *world) { w.shop = slices.Delete(w.shop, 2, 3); w.known[2].Refunded = reconcile.All }, nil},
		{"cancelled there", func(w *world) { w.shop[redeemed].Status = reconcile.Cancelled }, []reconcile.Kind{reconcile.OrderCancelled}},
		{"cancelled there, a part given back here", func(w *world) {
			w.shop[redeemed].Status, w.known[redeemed].Refunded = reconcile.Cancelled, reconcile.Part
		}, []reconcile.Kind{reconcile.OrderCancelled}},
		{"cancelled there, all given back here", func(w *world) {
			w.shop[redeemed].Status, w.known[redeemed].Refunded = reconcile.Cancelled, reconcile.All
		}, nil},
		{"another currency", func(w *world) { w.shop[plain].Currency = "EUR" }, []reconcile.Kind{reconcile.CurrencyDiffers}},
		{"another total", func(w *world) { w.shop[plain].Total = reconcile.Of(5001) }, []reconcile.Kind{reconcile.TotalDiffers}},
		{"no total", func(w *world) { w.shop[plain].Total = reconcile.Amount{} }, nil},
		{"a smaller discount", func(w *world) { w.shop[redeemed].Discount = reconcile.Of(499) }, []reconcile.Kind{reconcile.DiscountDiffers}},
		{"a larger discount", func(w *world) { w.shop[redeemed].Discount = reconcile.Of(501) }, []reconcile.Kind{reconcile.DiscountDiffers}},
		{"a larger discount beside a code of the storefront's own", func(w *world) {
			w.shop[redeemed].Discount = reconcile.Of(700)
			w.shop[redeemed].Codes = append(w.shop[redeemed].Codes, "SUMMER")
		}, nil},
		{"money went back there alone", func(w *world) { w.shop[plain].Refunded = reconcile.Of(100) }, []reconcile.Kind{reconcile.RefundUntold}},
		{"it came back here alone", func(w *world) { w.known[plain].Refunded = reconcile.All }, []reconcile.Kind{reconcile.RefundUnknown}},
		{"all there, a part here", func(w *world) {
			w.shop[plain].Refunded, w.known[plain].Refunded = reconcile.Of(5000), reconcile.Part
		}, []reconcile.Kind{reconcile.RefundDiffers}},
		{"a part on both sides", func(w *world) {
			w.shop[plain].Refunded, w.known[plain].Refunded = reconcile.Of(1), reconcile.Part
		}, nil},
		{"a held reservation of a paid order", func(w *world) {
			w.known = slices.Delete(w.known, plain, plain+1)
			w.held["o-001"] = reconcile.Held{ReservationID: "rsv-1", OrderRef: "o-001"}
		}, []reconcile.Kind{reconcile.ReservationStranded}},
		{"a held reservation of an order that is not paid", func(w *world) {
			w.known = slices.Delete(w.known, plain, plain+1)
			w.shop[plain].Status = reconcile.Pending
			w.held["o-001"] = reconcile.Held{ReservationID: "rsv-1", OrderRef: "o-001"}
		}, nil},
		{"a redeemed code on a second order", func(w *world) { w.shop[plain].Codes = []string{"CODEo-000"} }, []reconcile.Kind{reconcile.TokenTwice}},
		{"a code that was not redeemed on two orders", func(w *world) {
			w.tokens["NEW"] = reconcile.Token{ID: "tok-new"}
			w.shop[plain].Codes, w.shop[3].Codes = []string{"NEW"}, []string{"NEW"}
		}, []reconcile.Kind{reconcile.RedemptionMissing, reconcile.TokenTwice}},
		{"a redeemed code again after the first order was cancelled", func(w *world) {
			w.shop[redeemed].Status, w.known[redeemed].Refunded = reconcile.Cancelled, reconcile.All
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := agree(6)
			c.change(w)
			var got []reconcile.Kind
			for _, d := range w.run(t, reconcile.Options{Chunk: 2}) {
				got = append(got, d.Kind)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found %v, want %v", got, c.want)
			}
		})
	}
}

// TestBounds: what lies outside is neither compared nor missed.
func TestBounds(t *testing.T) {
	w := agree(10)
	w.shop[0].Total = reconcile.Of(1)
	w.shop[9].Total = reconcile.Of(1)
	w.known = append(w.known, reconcile.Known{OrderID: "early", Currency: "USD", Refunded: reconcile.None, PlacedAt: noon.Add(-time.Hour)})
	if got := w.run(t, reconcile.Options{Since: noon.Add(time.Minute), Until: noon.Add(9 * time.Minute)}); len(got) != 0 {
		t.Errorf("found %v outside the bounds", got)
	}
	if got := w.run(t, reconcile.Options{}); len(got) != 2 {
		t.Errorf("found %v without bounds, want the two totals: the span is that of the file", got)
	}
	if got := w.run(t, reconcile.Options{Since: noon.Add(-2 * time.Hour)}); len(got) != 3 {
		t.Errorf("found %v, want the early order too", got)
	}
}

func TestChunks(t *testing.T) {
	w := agree(1201)
	if got := w.run(t, reconcile.Options{}); len(got) != 0 {
		t.Fatal(got)
	}
	if !slices.Equal(w.asked, []int{500, 500, 201}) {
		t.Errorf("asked for %v orders at once", w.asked)
	}
}

func TestStopsAtErrors(t *testing.T) {
	broken := errors.New("broken")
	bad := func(yield func(reconcile.Order, error) bool) { yield(reconcile.Order{}, broken) }
	w := agree(3)
	if _, err := reconcile.Run(context.Background(), bad, w, reconcile.Options{}, func(reconcile.Difference) error { return nil }); !errors.Is(err, broken) {
		t.Errorf("a broken stream gives %v", err)
	}
	w.shop[1].Total = reconcile.Of(7)
	if _, err := reconcile.Run(context.Background(), stream(w.shop), w, reconcile.Options{}, func(reconcile.Difference) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("a broken report gives %v", err)
	}
}

// mutation is one way in which two sides that agreed come apart at order i.
type mutation struct {
	kind reconcile.Kind
	// redeemed says that it needs an order with a redeemed code; plain, one without.
	redeemed, plain bool
	apply           func(w *world, i int)
}

var mutations = []mutation{
	{kind: reconcile.RedemptionMissing, redeemed: true, apply: func(w *world, i int) {
		w.known[i].RedemptionID, w.known[i].Discount = "", 0
		w.tokens["CODE"+w.shop[i].ID] = reconcile.Token{ID: "tok-" + w.shop[i].ID}
	}},
	{kind: reconcile.OrderMissing, apply: func(w *world, i int) {
		w.known = append(w.known, reconcile.Known{OrderID: w.shop[i].ID + "-gone", Currency: "USD", Total: 1, Refunded: reconcile.Part, PlacedAt: w.shop[i].PlacedAt})
	}},
	{kind: reconcile.OrderCancelled, apply: func(w *world, i int) { w.shop[i].Status = reconcile.Cancelled }},
	{kind: reconcile.CurrencyDiffers, apply: func(w *world, i int) { w.known[i].Currency = "JPY" }},
	{kind: reconcile.TotalDiffers, apply: func(w *world, i int) { w.known[i].Total++ }},
	{kind: reconcile.DiscountDiffers, redeemed: true, apply: func(w *world, i int) { w.known[i].Discount++ }},
	{kind: reconcile.RefundUntold, apply: func(w *world, i int) { w.shop[i].Refunded = reconcile.Of(w.shop[i].Total.Minor) }},
	{kind: reconcile.RefundUnknown, apply: func(w *world, i int) { w.known[i].Refunded = reconcile.Part }},
	{kind: reconcile.RefundDiffers, apply: func(w *world, i int) {
		w.known[i].Refunded, w.shop[i].Refunded = reconcile.All, reconcile.Of(1)
	}},
	{kind: reconcile.ReservationStranded, plain: true, apply: func(w *world, i int) {
		w.held[w.shop[i].ID] = reconcile.Held{ReservationID: "rsv", OrderRef: w.shop[i].ID}
	}},
	{kind: reconcile.TokenTwice, plain: true, apply: func(w *world, i int) {
		code := "TWICE" + w.shop[i].ID
		w.tokens[code] = reconcile.Token{ID: code, OrderID: "another"}
		w.shop[i].Codes = []string{code}
	}},
}

// TestEveryMutationIsFound: whatever is changed in a world that agrees is found, at its order, and nothing else is.
func TestEveryMutationIsFound(t *testing.T) {
	rapid.Check(t, func(p *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(p, "orders")
		w := agree(n)
		var want []string
		for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, n-1), 0, n, rapid.ID[int]).Draw(p, "changed") {
			m := rapid.SampledFrom(mutations).Draw(p, "mutation")
			if m.redeemed && i%2 == 1 || m.plain && i%2 == 0 {
				continue
			}
			id := w.shop[i].ID
			m.apply(w, i)
			if m.kind == reconcile.OrderMissing {
				id += "-gone"
			}
			want = append(want, string(m.kind)+" "+id)
		}
		order := rapid.Permutation(w.shop).Draw(p, "order of the file")
		w.shop = order
		var got []string
		for _, d := range w.run(p, reconcile.Options{Chunk: rapid.IntRange(1, 50).Draw(p, "chunk")}) {
			got = append(got, string(d.Kind)+" "+d.OrderID)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			p.Fatalf("found %v, want %v", got, want)
		}
	})
}

func TestMutationsCoverEveryKind(t *testing.T) {
	for _, k := range reconcile.Kinds() {
		if !slices.ContainsFunc(mutations, func(m mutation) bool { return m.kind == k }) {
			t.Errorf("no mutation makes %s", k)
		}
	}
}
