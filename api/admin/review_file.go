package admin

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/verify"
)

type adminCollected struct {
	Requirement string            `json:"requirement" doc:"For which requirement the shopper gave it." example:"document"`
	Fields      map[string]string `json:"fields" doc:"What they gave, by field." example:"{\"first_name\":\"Ada\",\"last_name\":\"Lovelace\"}"`
}

type adminReviewFile struct {
	Review    adminReview        `json:"review" doc:"The question."`
	Own       bool               `json:"own" doc:"Whether the proof is your own, so that somebody else decides." example:"false"`
	Customer  string             `json:"customer" doc:"The store's reference of the shopper; empty for a guest." example:"c-1"`
	Locale    string             `json:"locale" doc:"Language of the shopper." example:"en"`
	Country   string             `json:"country" doc:"Country as the store named it; may be empty." example:"US"`
	StartedAt time.Time          `json:"started_at" doc:"When the verification began."`
	ExpiresAt time.Time          `json:"expires_at" doc:"Until when the shopper can go on."`
	Tries     int                `json:"tries" doc:"How often the verification was refused before." example:"0"`
	Paths     [][]string         `json:"paths" doc:"The ways to proof that it began with."`
	Met       []string           `json:"met" doc:"Requirements that hold so far."`
	GivenUp   []adminGivenUp     `json:"given_up" doc:"Steps that the shopper gave up."`
	Signals   map[string]int     `json:"signals" doc:"Counts of what makes the proof doubtful, as they are now." example:"{\"shared_network\":3}"`
	Evidence  []adminEvidence    `json:"evidence" doc:"The proof so far, oldest first."`
	Collected []adminCollected   `json:"collected" doc:"What the shopper typed: personal data. Empty once it is forgotten."`
	Holders   []adminAttestation `json:"holders" doc:"Attestations that the same person has already, under any customer."`
}

func (o *admin) registerReviewFile(path string) {
	add(o, api.Operation{
		ID: "admin-get-review", Method: http.MethodGet, Path: path + "/{id}", Summary: "Read a review",
		Description: "All that its reviewer may see, personal data included. It takes nothing into your hands. Every look is in the audit log.",
	}, o.getReview)
}

func (o *admin) getReview(ctx context.Context, in *ItemPath) (*api.Reply[adminReviewFile], error) {
	file, err := o.Verify.ReadReview(ctx, ref(ctx), reviewer(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return api.OK(reviewFileOf(file, by(ctx).Name, o.storeNow(ctx)))
}

func reviewFileOf(f *verify.ReviewFile, reviewer string, now time.Time) adminReviewFile {
	v := verificationDetail(f.Verification, f.Evidence)
	out := adminReviewFile{Review: reviewOf(f.Review, reviewer, now), Own: f.Own, Customer: v.Customer, Locale: v.Locale, Country: v.Country,
		StartedAt: v.CreatedAt, ExpiresAt: v.ExpiresAt, Tries: f.Verification.Rejections, Paths: v.Paths, Met: v.Met, GivenUp: v.GivenUp,
		Signals: f.Verification.Signals, Evidence: v.Evidence, Collected: []adminCollected{}, Holders: []adminAttestation{}}
	if out.Signals == nil {
		out.Signals = map[string]int{}
	}
	for _, r := range slices.Sorted(maps.Keys(f.Collected)) {
		out.Collected = append(out.Collected, adminCollected{string(r), f.Collected[r]})
	}
	for _, a := range f.Holders {
		out.Holders = append(out.Holders, attestationOf(a, now))
	}
	return out
}
