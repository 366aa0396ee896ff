package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type adminSuppression struct {
	ID        string    `json:"id" doc:"The suppression's id." example:"sup_01920000-0000-7000-8000-000000000001"`
	Reason    string    `json:"reason" enum:"bounce,complaint" doc:"bounce: the mailbox takes no mail; complaint: whoever reads it did not want the mail." example:"bounce"`
	CreatedAt time.Time `json:"created_at" doc:"When it was reported."`
	ExpiresAt time.Time `json:"expires_at" doc:"When mail goes to the address again."`
}

func suppressionOf(s verify.Suppression) adminSuppression {
	return adminSuppression{ID: s.ID, Reason: string(s.Reason), CreatedAt: s.CreatedAt, ExpiresAt: s.ExpiresAt}
}

type liftInput struct {
	StorePath
	Body struct {
		ID    string `json:"id,omitempty" maxLength:"60" doc:"A suppression of the list." example:"sup_01920000-0000-7000-8000-000000000001"`
		Email string `json:"email,omitempty" maxLength:"254" doc:"Or the address, as the shopper says it. It is looked for and not kept."`
	}
}

func (o *admin) registerSuppressions() {
	const path = "/v1/admin/stores/{store_id}/mail-suppressions"
	add(o, api.Operation{
		ID: "admin-list-mail-suppressions", Method: http.MethodGet, Path: path, Summary: "List suppressed addresses",
		Description: "Addresses to which no codes are sent for a while, because mail to them bounced or was complained about; newest first. " +
			"The gateway knows the addresses as keyed hashes only.",
	}, func(ctx context.Context, in *ListPath) (*api.Reply[listed[adminSuppression]], error) {
		if err := api.CheckCursor(in.Cursor, "sup"); err != nil {
			return nil, err
		}
		rows, err := o.Verify.Suppressions(ctx, ref(ctx), in.Cursor, in.more())
		if err != nil {
			return nil, err
		}
		return api.OK(paged(in.Paging, rows, suppressionOf, func(s verify.Suppression) string { return s.ID }))
	})
	add(o, api.Operation{
		ID: "admin-lift-mail-suppression", Method: http.MethodPost, Path: path + "/lift", Mutation: true, Summary: "Let mail go to an address again",
		Description: "Ends a suppression, named by its id or by the address itself, when the mailbox is mended. Send one of the two.",
		Refusals:    []fault.Code{fault.NotFound, fault.EmailInvalid},
	}, o.liftSuppression)
}

func (o *admin) liftSuppression(ctx context.Context, in *liftInput) (*api.Reply[adminSuppression], error) {
	b := in.Body
	if (b.ID == "") == (b.Email == "") {
		return nil, fault.New(fault.Invalid, "Name the suppression, or the address.").At("#/id", "send either id or email")
	}
	return api.Mutate(ctx, func(ctx context.Context) (*verify.Suppression, error) {
		if b.ID != "" {
			return o.Verify.LiftSuppression(ctx, ref(ctx), by(ctx), b.ID)
		}
		return o.Verify.LiftSuppressionOf(ctx, ref(ctx), by(ctx), b.Email)
	}, func(s *verify.Suppression) (int, adminSuppression) { return http.StatusOK, suppressionOf(*s) })
}
