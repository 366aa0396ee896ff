package checkout

import (
	"context"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/once"
)

// errNotForYou is the one refusal of an offer that a page or a shopper gets, whatever the reason: that there is no such
// offer, that it is a draft, over, used up, or for somebody else. A secret key is told which.
var errNotForYou = fault.New(fault.OfferNotEligible, "This offer is not available to the shopper now.")

// telling are the refusals that tell of an offer what only those who run the shop may know.
var telling = map[fault.Code]bool{fault.OfferNotFound: true, fault.OfferNotLive: true, fault.OfferNotEligible: true,
	fault.OfferNotApplicable: true, fault.LimitReached: true, fault.CodePoolEmpty: true}

// uniformly is work whose refusals tell a page or a shopper no more than that the offer is not for them. The answer that
// is kept for the request's idempotency key is the one that they get.
func uniformly[T any](c api.Caller, work func(context.Context) (T, error)) func(context.Context) (T, error) {
	if c.Kind == api.Secret {
		return work
	}
	return func(ctx context.Context) (T, error) {
		if req := once.From(ctx); req != nil && req.Encode != nil {
			encode := req.Encode
			req.Encode = func(result any, err error) (once.Answer, bool) { return encode(result, uniform(err)) }
		}
		result, err := work(ctx)
		return result, uniform(err)
	}
}

// uniform hides what a refusal tells. Its cause stays, for the log.
func uniform(err error) error {
	if f := fault.From(err); f != nil && telling[f.Code] {
		return errNotForYou.Wrap(err)
	}
	return err
}
