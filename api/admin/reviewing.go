package admin

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type adminRuled struct {
	ID             string `json:"id" doc:"The review's id." example:"rev_01920000-0000-7000-8000-000000000001"`
	VerificationID string `json:"verification_id" doc:"What it is about." example:"ver_01920000-0000-7000-8000-000000000001"`
	Decided        bool   `json:"decided" doc:"Whether the review is closed; false when another person has to agree." example:"true"`
	State          string `json:"state" doc:"Where the verification stands now." example:"verified"`
}

type nextReviewInput struct {
	StorePath
	Body struct {
		Group string `json:"group,omitempty" maxLength:"64" doc:"Only of this group." example:"student"`
	}
}

type rulingInput struct {
	ItemPath
	Body struct {
		Approve bool     `json:"approve" doc:"Whether the proof holds." example:"false"`
		Reasons []string `json:"reasons,omitempty" maxItems:"5" doc:"Why not: codes of the list of reasons." example:"[\"document_unreadable\"]"`
		Final   bool     `json:"final,omitempty" doc:"Ends the verification at once: for what is forged." example:"false"`
	}
}

// reviewer is who is signed in. Their address shows whether a proof is their own.
func reviewer(ctx context.Context) verify.Reviewer {
	return verify.Reviewer{Actor: by(ctx), Mailbox: api.CallerFrom(ctx).Person.Email}
}

func (o *admin) registerReviewing(path string) {
	add(o, api.Operation{
		ID: "admin-next-review", Method: http.MethodPost, Path: "/v1/admin/stores/{store_id}/review-queue/next", Mutation: true, Summary: "Take the next review",
		Description: "Puts the review that waits longest into your hands for 15 minutes: one that you have already before any other, never one about your own proof, " +
			"nor one that you voted on. The answer has no personal data: read the review for it. not_found says that nothing waits for you.",
	}, func(ctx context.Context, in *nextReviewInput) (*api.Reply[adminReview], error) {
		return o.inHand(ctx, func(ctx context.Context) (*verify.ReviewFile, error) {
			return o.Verify.NextReview(ctx, ref(ctx), reviewer(ctx), in.Body.Group)
		})
	})
	add(o, api.Operation{
		ID: "admin-claim-review", Method: http.MethodPost, Path: path + "/{id}/claim", Mutation: true, Summary: "Take a review",
		Description: "Puts it into your hands for 15 minutes. Taking it again begins them anew.",
		Refusals:    []fault.Code{fault.ReviewClaimed, fault.ReviewDecided, fault.ReviewOwn},
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[adminReview], error) {
		return o.inHand(ctx, func(ctx context.Context) (*verify.ReviewFile, error) {
			return o.Verify.ClaimReview(ctx, ref(ctx), reviewer(ctx), in.ID)
		})
	})
	add(o, api.Operation{
		ID: "admin-release-review", Method: http.MethodPost, Path: path + "/{id}/release", Mutation: true, Summary: "Give a review back",
		Description: "Others can take it at once.", Refusals: []fault.Code{fault.ReviewClaimed},
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[adminReview], error) {
		return o.inHand(ctx, func(ctx context.Context) (*verify.ReviewFile, error) {
			return o.Verify.ReleaseReview(ctx, ref(ctx), reviewer(ctx), in.ID)
		})
	})
	add(o, api.Operation{
		ID: "admin-decide-review", Method: http.MethodPost, Path: path + "/{id}/decision", Mutation: true, Summary: "Decide a review",
		Description: "One refusal decides, as do as many approvals as are needed. A refused shopper may try again, unless the refusal is final.",
		Refusals:    []fault.Code{fault.ReviewClaimed, fault.ReviewDecided, fault.ReviewOwn, fault.AlreadyVerified},
	}, o.decideReview)
}

// inHand changes in whose hands a review is. What the answer shows is kept for repeats, so it names nobody.
func (o *admin) inHand(ctx context.Context, work func(context.Context) (*verify.ReviewFile, error)) (*api.Reply[adminReview], error) {
	me, now := by(ctx).Name, o.storeNow(ctx)
	return api.Mutate(ctx, work, func(f *verify.ReviewFile) (int, adminReview) { return http.StatusOK, reviewOf(f.Review, me, now) })
}

func (o *admin) decideReview(ctx context.Context, in *rulingInput) (*api.Reply[adminRuled], error) {
	ruling := verify.Ruling{Approve: in.Body.Approve, Reasons: in.Body.Reasons, Final: in.Body.Final}
	return api.Mutate(ctx, func(ctx context.Context) (*verify.Result, error) {
		return o.Verify.DecideReview(ctx, ref(ctx), reviewer(ctx), in.ID, ruling)
	}, func(r *verify.Result) (int, adminRuled) {
		v := r.Verification
		return http.StatusOK, adminRuled{ID: in.ID, VerificationID: v.ID, Decided: v.State != verify.PendingReview, State: string(v.Shown())}
	})
}
