package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/codes"
	"github.com/laurel-gateway/laurel/internal/fault"
)

type adminCodeBatch struct {
	ID           string     `json:"id" doc:"The batch's id." example:"cbt_01920000-0000-7000-8000-000000000001"`
	OfferID      string     `json:"offer_id" doc:"The offer that the codes are for." example:"off_01920000-0000-7000-8000-000000000002"`
	OfferVersion int64      `json:"offer_version" doc:"The version that was current when they were made. Redeeming takes the one that is current then." example:"3"`
	Note         string     `json:"note" doc:"What they are for." example:"Postcards, spring"`
	Count        int64      `json:"count" doc:"How many there are." example:"1000"`
	Used         int64      `json:"used" doc:"How many were redeemed." example:"12"`
	Left         int64      `json:"left" doc:"How many can still be; 0 for a batch that is revoked or expired." example:"988"`
	CreatedBy    string     `json:"created_by" doc:"A person's id." example:"per_01920000-0000-7000-8000-000000000001"`
	CreatedAt    time.Time  `json:"created_at" doc:"Birth of the batch."`
	ExpiresAt    time.Time  `json:"expires_at" doc:"Until when the codes can be redeemed."`
	RevokedAt    *time.Time `json:"revoked_at" doc:"When they were revoked; null when they were not."`
}

func codeBatchOf(now time.Time) func(codes.Batch) adminCodeBatch {
	return func(b codes.Batch) adminCodeBatch {
		out := adminCodeBatch{ID: b.ID, OfferID: b.OfferID, OfferVersion: b.OfferVersion, Note: b.Note, Count: b.Codes, Used: b.Used, Left: b.Codes - b.Used,
			CreatedBy: b.Actor, CreatedAt: b.CreatedAt, ExpiresAt: b.ExpiresAt, RevokedAt: maybe(b.RevokedAt)}
		if !b.RevokedAt.IsZero() || !now.Before(b.ExpiresAt) {
			out.Left = 0
		}
		return out
	}
}

type newCodeBatch struct {
	ItemPath
	Body struct {
		Count     int64     `json:"count" minimum:"1" maximum:"100000" doc:"How many codes." example:"1000"`
		ExpiresAt time.Time `json:"expires_at" doc:"Until when they can be redeemed: at most five years away." example:"2027-01-01T00:00:00Z"`
		Note      string    `json:"note,omitempty" maxLength:"200" doc:"What they are for." example:"Postcards, spring"`
	}
}

type codeFile struct {
	Status       int
	ContentType  string `header:"Content-Type" hidden:"true"`
	Disposition  string `header:"Content-Disposition" doc:"Names the file." example:"attachment; filename=\"codes.csv\""`
	CacheControl string `header:"Cache-Control" doc:"Codes are secrets: they are not kept on the way." example:"no-store"`
	Body         []byte
}

func (o *admin) registerBatches() {
	const path, one = "/v1/admin/stores/{store_id}/offers/{id}/code-batches", "/v1/admin/stores/{store_id}/code-batches/{id}"
	show := func(ctx context.Context) func(codes.Batch) adminCodeBatch {
		return codeBatchOf(api.CallerFrom(ctx).Store.Now(o.Now()))
	}
	add(o, api.Operation{
		ID: "admin-list-code-batches", Method: http.MethodGet, Path: path, Summary: "List an offer's batches of codes", Description: "Newest first, with how many codes were used.",
	}, func(ctx context.Context, in *struct {
		ItemPath
		Paging
	}) (*api.Reply[listed[adminCodeBatch]], error) {
		if err := api.CheckCursor(in.Cursor, "cbt"); err != nil {
			return nil, err
		}
		rows, err := o.Codes.Batches(ctx, storeID(ctx), in.ID, in.Cursor, in.more())
		if err != nil {
			return nil, err
		}
		return api.OK(paged(in.Paging, rows, show(ctx), func(b codes.Batch) string { return b.ID }))
	})
	add(o, api.Operation{
		ID: "admin-create-code-batch", Method: http.MethodPost, Path: path, Status: http.StatusCreated, Mutation: true, Summary: "Make single-use codes",
		Description: "For mailings and cards: each code is good for one order, for whoever has it. A limit per person counts by customer with them. " +
			"Download the codes with admin-download-code-batch.",
		Refusals: []fault.Code{fault.Conflict},
	}, func(ctx context.Context, in *newCodeBatch) (*api.Reply[adminCodeBatch], error) {
		return api.Mutate(ctx, func(ctx context.Context) (*codes.Batch, error) {
			b := codes.Batch{OfferID: in.ID, Note: in.Body.Note, Codes: in.Body.Count, ExpiresAt: in.Body.ExpiresAt}
			return o.Codes.MakeBatch(ctx, origin(ctx), api.CallerFrom(ctx).Store, b)
		}, func(b *codes.Batch) (int, adminCodeBatch) { return http.StatusCreated, show(ctx)(*b) })
	})
	add(o, api.Operation{
		ID: "admin-download-code-batch", Method: http.MethodGet, Path: one + "/codes", Summary: "Download the codes of a batch",
		Description: "CSV with one column, code. Who took them is written into the audit log.", Gives: map[string]string{"text/csv": "code\r\n2345-6789-AG\r\n"},
	}, func(ctx context.Context, in *ItemPath) (*codeFile, error) {
		body, err := o.Codes.ExportBatch(ctx, origin(ctx), api.CallerFrom(ctx).Store, in.ID)
		if err != nil {
			return nil, err
		}
		return &codeFile{Status: http.StatusOK, ContentType: "text/csv; charset=utf-8; header=present", CacheControl: "no-store",
			Disposition: `attachment; filename="` + in.ID + `.csv"`, Body: body}, nil
	})
	add(o, api.Operation{
		ID: "admin-revoke-code-batch", Method: http.MethodPost, Path: one + "/revoke", Mutation: true, Summary: "Revoke what is left of a batch",
		Description: "For good. A code that a reservation holds can still be redeemed by it.",
	}, func(ctx context.Context, in *struct {
		ItemPath
		Body *struct{}
	}) (*api.Reply[adminCodeBatch], error) {
		return api.Mutate(ctx, func(ctx context.Context) (*codes.Batch, error) {
			return o.Codes.RevokeBatch(ctx, origin(ctx), storeID(ctx), in.ID)
		}, func(b *codes.Batch) (int, adminCodeBatch) { return http.StatusOK, show(ctx)(*b) })
	})
}
