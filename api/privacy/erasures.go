package privacy

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/privacy"
)

// ErasureProgress is where an erasure stands.
type ErasureProgress struct {
	ID      string        `json:"id" doc:"The request." example:"prq_01920000-0000-7000-8000-000000000001"`
	State   privacy.State `json:"state" enum:"waiting,running,done" doc:"Where it stands." example:"waiting"`
	AskedAt time.Time     `json:"asked_at" doc:"When it was asked for." example:"2026-01-15T10:30:00Z"`
}

type erasureAskedView struct {
	ErasureProgress
	ReceiptToken string `json:"receipt_token" doc:"Fetches the receipt: GET /v1/erasures/{receipt_token}. Only here, and whoever has it can fetch it; asking again gives another and ends this one." example:"sto_01920000-0000-7000-8000-000000000001.k3JtVq0c2m9S0x1Zb6bQx3rX4nq7pTn2Yk8dWf5sLhU"`
}

func eraseCustomer(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "erase-customer", Method: http.MethodPost, Path: "/v1/customers/{customer}/erasures", Tag: tag, Status: http.StatusAccepted,
		Summary: "Forget a shopper",
		Description: "Ends attestations, revokes live tokens, deletes what was collected, and puts a pseudonym where the customer stood in what stays: orders, points, limits. " +
			"Person tags stay, so that limits on a person hold. A job does it, within seconds mostly; the receipt says what was removed. There is no way back.",
		Allow: api.Allow(api.Customer, api.Secret), Scope: "privacy:write", Mutation: true, Refusals: []fault.Code{fault.Invalid},
	}, func(ctx context.Context, in *struct {
		CustomerPath
		Body struct {
			Confirm bool `json:"confirm" enum:"true" doc:"true: it is meant." example:"true"`
		}
	}) (*api.Reply[erasureAskedView], error) {
		c := api.CallerFrom(ctx)
		subject, err := in.subject(c)
		if err != nil {
			return nil, err
		}
		by, actor := asker(c)
		return api.Mutate(ctx,
			func(ctx context.Context) (*privacy.Asked, error) {
				return d.Privacy.Erase(ctx, c.Store.ID, subject, by, actor, api.RequestID(ctx))
			},
			func(asked *privacy.Asked) (int, erasureAskedView) {
				return http.StatusAccepted, erasureAskedView{ErasureProgress{asked.ID, asked.State, asked.CreatedAt}, c.Store.ID + "." + asked.Secret}
			})
	})
}

type erasureView struct {
	ErasureProgress
	DoneAt  *time.Time       `json:"done_at" doc:"When it was done; null before." example:"2026-01-15T10:30:04Z"`
	Removed map[string]int64 `json:"removed" doc:"How many rows of each class were deleted, or stripped of everything that leads to the shopper." example:"{\"verifications\":2}"`
	Receipt *string          `json:"receipt" doc:"The signed receipt, a JWS of type erasure-receipt+jwt under the keys of the JWKS; null before it is done." example:"eyJ…"`
}

var errNoErasure = fault.New(fault.NotFound, "There is no such erasure.")

func getErasure(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "get-erasure", Method: http.MethodGet, Path: "/v1/erasures/{receipt_token}", Tag: tag, Summary: "Fetch the receipt of an erasure",
		Description: "Where an erasure stands, and its receipt once it is done. The token is all that is needed: the shopper's session has ended by then.",
		Allow:       api.Allow(api.Anyone),
	}, func(ctx context.Context, in *struct {
		Token string `path:"receipt_token" maxLength:"200" doc:"The receipt_token of the request." example:"sto_01920000-0000-7000-8000-000000000001.k3JtVq0c2m9S0x1Zb6bQx3rX4nq7pTn2Yk8dWf5sLhU"`
	}) (*api.Reply[erasureView], error) {
		store, secret, ok := strings.Cut(in.Token, ".")
		if !ok || secret == "" {
			return nil, errNoErasure
		}
		r, err := d.Privacy.ByReceipt(ctx, store, secret)
		if fault.CodeOf(err) == fault.NotFound {
			return nil, errNoErasure
		}
		if err != nil {
			return nil, err
		}
		return api.OK(erasureOf(r))
	})
}

func erasureOf(r privacy.Request) erasureView {
	v := erasureView{ErasureProgress: ErasureProgress{r.ID, r.State, r.CreatedAt}, DoneAt: maybe(r.DoneAt), Removed: r.Removed}
	if v.Removed == nil {
		v.Removed = map[string]int64{}
	}
	if r.Receipt != "" {
		v.Receipt = &r.Receipt
	}
	return v
}
