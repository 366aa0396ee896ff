package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/verify"
)

type adminVote struct {
	By      string    `json:"by" doc:"Who." example:"per_01920000-0000-7000-8000-000000000001"`
	Approve bool      `json:"approve" doc:"Whether the proof holds, in their eyes." example:"true"`
	Reasons []string  `json:"reasons" doc:"Why not, for a refusal." example:"[]"`
	At      time.Time `json:"at" doc:"When."`
}

type adminReview struct {
	ID             string         `json:"id" doc:"The review's id." example:"rev_01920000-0000-7000-8000-000000000001"`
	VerificationID string         `json:"verification_id" doc:"What it is about." example:"ver_01920000-0000-7000-8000-000000000001"`
	Requirement    string         `json:"requirement" doc:"The requirement whose proof is to be judged." example:"document"`
	Group          string         `json:"group" doc:"What is to be proven." example:"student"`
	Subgroup       string         `json:"subgroup" doc:"A part of the group; may be empty." example:"university"`
	State          string         `json:"state" enum:"open,approved,rejected,withdrawn" doc:"How it stands. Withdrawn: the shopper cancelled before it was decided." example:"open"`
	Why            []string       `json:"why" doc:"Why a human has to look, in codes." example:"[\"document\"]"`
	Signals        map[string]int `json:"signals" doc:"Counts of what makes the proof doubtful, when the review was opened." example:"{\"shared_network\":3}"`
	Needed         int            `json:"needed" doc:"How many people have to agree: 1 or 2." example:"1"`
	Votes          []adminVote    `json:"votes" doc:"What reviewers said so far."`
	ClaimedBy      string         `json:"claimed_by" doc:"Who has it in hand; empty when nobody has." example:"per_01920000-0000-7000-8000-000000000001"`
	ClaimedUntil   *time.Time     `json:"claimed_until" doc:"Until when; null when nobody has."`
	LeaseSeconds   int            `json:"lease_seconds" doc:"How many seconds that is from now; 0 when nobody has." example:"900"`
	Mine           bool           `json:"mine" doc:"Whether you have it in hand." example:"true"`
	Voted          bool           `json:"voted" doc:"Whether you said what you think already: somebody else decides." example:"false"`
	OpenedAt       time.Time      `json:"opened_at" doc:"When it was opened."`
	DecidedAt      *time.Time     `json:"decided_at" doc:"When it was closed; null before."`
}

// reviewOf shows a review to a reviewer at a time of the store's clock.
func reviewOf(r verify.Review, reviewer string, now time.Time) adminReview {
	out := adminReview{ID: r.ID, VerificationID: r.Verification, Requirement: string(r.Requirement), Group: r.Group, Subgroup: r.Subgroup,
		State: string(r.Outcome), Why: some(r.Why), Signals: r.Signals, Needed: r.Needed, Votes: []adminVote{}, Voted: r.VotedBy(reviewer),
		OpenedAt: r.OpenedAt, DecidedAt: maybe(r.DecidedAt)}
	if out.State == "" {
		out.State = "open"
	}
	if out.Signals == nil {
		out.Signals = map[string]int{}
	}
	for _, v := range r.Votes {
		out.Votes = append(out.Votes, adminVote{v.By, v.Approve, some(v.Reasons), v.At})
	}
	if r.ClaimedBy != "" && now.Before(r.ClaimedUntil) {
		out.ClaimedBy, out.ClaimedUntil, out.Mine = r.ClaimedBy, &r.ClaimedUntil, r.ClaimedBy == reviewer
		out.LeaseSeconds = int(r.ClaimedUntil.Sub(now) / time.Second)
	}
	return out
}

type adminReviewCount struct {
	Group   string `json:"group" doc:"The group." example:"student"`
	Waiting int    `json:"waiting" doc:"Open reviews." example:"4"`
	Mine    int    `json:"mine" doc:"Those that you have in hand." example:"1"`
	Taken   int    `json:"taken" doc:"Those that others have in hand." example:"1"`
	Second  int    `json:"second" doc:"Those that one person approved and that wait for another." example:"0"`
}

type adminReviewQueue struct {
	Waiting  int                `json:"waiting" doc:"Open reviews." example:"4"`
	Mine     int                `json:"mine" doc:"Those that you have in hand." example:"1"`
	Taken    int                `json:"taken" doc:"Those that others have in hand." example:"1"`
	Second   int                `json:"second" doc:"Those that one person approved and that wait for another." example:"0"`
	OldestAt *time.Time         `json:"oldest_at" doc:"When the one that waits longest was opened; null when none waits."`
	Groups   []adminReviewCount `json:"groups" doc:"The same by group, for the groups in which something waits."`
}

func queueOf(q console.ReviewQueue) adminReviewQueue {
	out := adminReviewQueue{OldestAt: maybe(q.Oldest), Groups: []adminReviewCount{}}
	for _, g := range q.Groups {
		out.Waiting, out.Mine, out.Taken, out.Second = out.Waiting+g.Waiting, out.Mine+g.Mine, out.Taken+g.Taken, out.Second+g.Second
		out.Groups = append(out.Groups, adminReviewCount(g))
	}
	return out
}

type adminReviewReasons struct {
	Data []adminReason `json:"data" doc:"The reasons, in the order to offer them."`
}

func (o *admin) registerReviews() {
	const path = "/v1/admin/stores/{store_id}/reviews"
	add(o, api.Operation{
		ID: "admin-list-reviews", Method: http.MethodGet, Path: path, Summary: "List reviews",
		Description: "What people have to decide, or decided, newest first, without personal data.",
	}, o.listReviews)
	add(o, api.Operation{
		ID: "admin-get-review-queue", Method: http.MethodGet, Path: "/v1/admin/stores/{store_id}/review-queue", Summary: "Count what waits for reviewers",
		Description: "How many reviews are open, how long the oldest waits, and in whose hands they are.",
	}, func(ctx context.Context, _ *StorePath) (*api.Reply[adminReviewQueue], error) {
		q, err := o.Lists.ReviewQueue(ctx, storeID(ctx), by(ctx).Name, o.storeNow(ctx))
		if err != nil {
			return nil, err
		}
		return api.OK(queueOf(q))
	})
	add(o, api.Operation{
		ID: "admin-list-review-reasons", Method: http.MethodGet, Path: "/v1/admin/stores/{store_id}/review-reasons", Summary: "List the reasons to refuse a proof",
		Description: "The codes that a refusal can give, and what the shopper reads.",
	}, func(context.Context, *StorePath) (*api.Reply[adminReviewReasons], error) {
		out := adminReviewReasons{Data: []adminReason{}}
		for _, r := range verify.RejectReasons() {
			out.Data = append(out.Data, adminReason{r.Code, r.Detail})
		}
		return api.OK(out)
	})
	o.registerReviewFile(path)
	o.registerReviewing(path)
}

// storeNow is the time by the clock of the caller's store.
func (o *admin) storeNow(ctx context.Context) time.Time {
	return api.CallerFrom(ctx).Store.Now(o.Now())
}

func (o *admin) listReviews(ctx context.Context, in *struct {
	ListPath
	State string `query:"state" enum:"open,decided" doc:"Only those that are open, or closed." example:"open"`
	Group string `query:"group" maxLength:"64" doc:"Only for this group." example:"student"`
	Mine  bool   `query:"mine" doc:"Only those that you have in hand." example:"false"`
}) (*api.Reply[listed[adminReview]], error) {
	if err := api.CheckCursor(in.Cursor, "rev"); err != nil {
		return nil, err
	}
	f := verify.ReviewFilter{Group: in.Group, Open: in.State == "open", Decided: in.State == "decided"}
	if in.Mine {
		f.ClaimedBy = by(ctx).Name
	}
	rows, err := o.Verify.Reviews(ctx, ref(ctx), f, in.Cursor, in.more())
	if err != nil {
		return nil, err
	}
	me, now := by(ctx).Name, o.storeNow(ctx)
	show := func(r verify.Review) adminReview { return reviewOf(r, me, now) }
	return api.OK(paged(in.Paging, rows, show, func(r verify.Review) string { return r.ID }))
}
