package race

import (
	"context"
	"fmt"
	"net/url"

	"github.com/laurel-gateway/laurel/cmd/laurel/outside"
)

// people is how many people race their first use, each from two accounts.
const people = 8

func (r *runner) cart() outside.Object {
	return outside.Object{"currency": r.Shop.Currency, "lines": []outside.Object{{"line_id": "l1", "sku": "race", "quantity": 1, "unit_amount": 10_000}}}
}

func (r *runner) redeem(token, customer, order string) outside.Question {
	return r.secret().Post("/v1/redemptions", outside.Object{"offer_tokens": []string{token}, "customer": customer, "cart": r.cart(), "order_id": order})
}

// tokens asks for a token of the limited offer for each of n customers.
func (r *runner) tokens(ctx context.Context, kind string, n int) ([]string, error) {
	ask := make([]outside.Question, n)
	for i := range ask {
		ask[i] = r.secret().Post("/v1/offer-tokens", outside.Object{"offer_id": r.Shop.Limited, "customer": r.called(kind, i)})
	}
	given, err := outside.Together(ctx, ask)
	if err != nil {
		return nil, err
	}
	out := make([]string, n)
	for i, a := range given {
		if out[i] = a.Text("token"); out[i] == "" {
			return nil, fmt.Errorf("%w: a token for the limited offer: %v", outside.ErrUnexpected, a)
		}
	}
	return out, nil
}

// recorded is how many redemptions the deployment knows of an order.
func (r *runner) recorded(ctx context.Context, order string) (int, error) {
	a, err := r.secret().Get("/v1/redemptions?order_id=" + url.QueryEscape(order)).Must(ctx)
	list, _ := a.Fields["data"].([]any)
	return len(list), err
}

// count fills a verdict with the answers to redemptions, of which the refused ones must be refused by a limit, and
// compares them with what the deployment has recorded.
func (r *runner) count(ctx context.Context, v *Verdict, orders []outside.Question, answers []outside.Answer) error {
	recorded := 0
	for i, a := range answers {
		v.Sent++
		switch {
		case a.Status < 300:
			v.Redeemed++
		case a.Is("limit_reached"):
			v.Refused++
		default:
			v.Wrong = append(v.Wrong, fmt.Sprintf("an order was answered %v", a))
		}
		order, _ := orders[i].Body["order_id"].(string)
		n, err := r.recorded(ctx, order)
		if err != nil {
			return err
		}
		recorded += n
	}
	if recorded != v.Redeemed {
		v.Wrong = append(v.Wrong, fmt.Sprintf("%d orders were acknowledged, %d are recorded", v.Redeemed, recorded))
	}
	return nil
}

// manyOrders: limit L, far more different orders at once: exactly L.
func manyOrders(ctx context.Context, r *runner) (Verdict, error) {
	v := Verdict{Race: 1, What: fmt.Sprintf("%d orders at once for the last %d uses of an offer: exactly %d", r.Workers, r.left, r.left)}
	tokens, err := r.tokens(ctx, "many", r.Workers)
	if err != nil {
		return v, err
	}
	orders := make([]outside.Question, len(tokens))
	for i, token := range tokens {
		orders[i] = r.redeem(token, r.called("many", i), r.called("order", i))
	}
	answers, err := outside.Together(ctx, orders)
	if err != nil {
		return v, err
	}
	if err := r.count(ctx, &v, orders, answers); err != nil {
		return v, err
	}
	switch {
	case v.Redeemed > r.left:
		v.Wrong = append(v.Wrong, fmt.Sprintf("%d uses too many", v.Redeemed-r.left))
	case v.Redeemed < r.left:
		v.Wrong = append(v.Wrong, fmt.Sprintf("%d uses were lost (or --limited was not fresh)", r.left-v.Redeemed))
	}
	r.left = max(0, r.left-v.Redeemed)
	return v, nil
}

// sameOrder: the same order from all sides at once, each time with another key: one redemption, the same answer.
func sameOrder(ctx context.Context, r *runner) (Verdict, error) {
	v := Verdict{Race: 6, What: fmt.Sprintf("one order sent %d times at once and %d times after: one redemption, the same answer", r.Workers, r.Workers)}
	tokens, err := r.tokens(ctx, "same", 1)
	if err != nil {
		return v, err
	}
	customer, order := r.called("same", 0), r.called("same-order", 0)
	ids := map[string]bool{}
	for range 2 {
		repeated := make([]outside.Question, r.Workers)
		for i := range repeated {
			repeated[i] = r.redeem(tokens[0], customer, order)
		}
		answers, err := outside.Together(ctx, repeated)
		if err != nil {
			return v, err
		}
		for _, a := range answers {
			v.Sent++
			if id := a.Text("redemption_id"); a.Status < 300 && id != "" {
				ids[id] = true
				continue
			}
			v.Refused++
			v.Wrong = append(v.Wrong, fmt.Sprintf("the same order was answered %v", a))
		}
	}
	v.Redeemed = len(ids)
	n, err := r.recorded(ctx, order)
	if err != nil {
		return v, err
	}
	if len(ids) != 1 || n != 1 {
		v.Wrong = append(v.Wrong, fmt.Sprintf("one order has %d redemptions, %d are recorded", len(ids), n))
	}
	r.left--
	return v, nil
}

// proven verifies a person for a group from a page, and gets a token of the offer for people.
func (r *runner) proven(ctx context.Context, person, group string) (string, error) {
	started, err := r.page().Post("/v1/verifications", outside.Object{"group": group, "customer": person, "consent": outside.Object{"version": "1", "accepted": true}}).Must(ctx)
	if err != nil {
		return "", err
	}
	id := started.Text("id")
	shopper := r.page().With("Laurel-Client-Secret", started.Text("client_secret"))
	if _, err := shopper.Post("/v1/verifications/"+url.PathEscape(id)+"/steps/mock", outside.Object{"first_name": "VERIFIED"}).Must(ctx); err != nil {
		return "", err
	}
	given, err := shopper.Post("/v1/offer-tokens", outside.Object{"offer_id": r.Shop.PerPerson, "verification_id": id}).Must(ctx)
	return given.Text("token"), err
}

// twice are two tokens of one person, each with a proof of its own.
func (r *runner) twice(ctx context.Context, person string) (out [2]string, err error) {
	for i, group := range r.Shop.Groups {
		if out[i], err = r.proven(ctx, person, group); err != nil {
			return out, err
		}
	}
	return out, nil
}

// firstUse: a person's very first use raced from two accounts: one.
func firstUse(ctx context.Context, r *runner) (Verdict, error) {
	v := Verdict{Race: 3, What: fmt.Sprintf("the first use of %d people, each from two accounts at once: one each", people)}
	var orders []outside.Question
	for i := range people {
		tokens, err := r.twice(ctx, r.called("person", i))
		if err != nil {
			return v, err
		}
		orders = append(orders, r.redeem(tokens[0], r.called("old", i), r.called("old-order", i)), r.redeem(tokens[1], r.called("new", i), r.called("new-order", i)))
	}
	answers, err := outside.Together(ctx, orders)
	if err != nil {
		return v, err
	}
	for i := range people {
		if got := successes(answers[2*i : 2*i+2]); got != 1 {
			v.Wrong = append(v.Wrong, fmt.Sprintf("a person with one use has %d", got))
		}
	}
	return v, r.count(ctx, &v, orders, answers)
}

// newAccount: the same person, with a new account: refused.
func newAccount(ctx context.Context, r *runner) (Verdict, error) {
	const accounts = 4
	v := Verdict{Race: 11, What: fmt.Sprintf("the same person with %d new accounts, after the one use: refused", accounts)}
	tokens, err := r.twice(ctx, r.called("someone", 0))
	if err != nil {
		return v, err
	}
	orders := []outside.Question{r.redeem(tokens[0], r.called("first", 0), r.called("first-order", 0))}
	for i := range accounts {
		orders = append(orders, r.redeem(tokens[1], r.called("account", i), r.called("account-order", i)))
	}
	first, err := orders[0].Ask(ctx)
	if err != nil {
		return v, err
	}
	answers, err := outside.Together(ctx, orders[1:])
	if err != nil {
		return v, err
	}
	if first.Status >= 300 {
		v.Wrong = append(v.Wrong, "the first account was refused")
	}
	if got := successes(answers); got != 0 {
		v.Wrong = append(v.Wrong, fmt.Sprintf("%d new accounts were served", got))
	}
	return v, r.count(ctx, &v, orders, append([]outside.Answer{first}, answers...))
}

func successes(answers []outside.Answer) (n int) {
	for _, a := range answers {
		if a.Status < 300 {
			n++
		}
	}
	return n
}
