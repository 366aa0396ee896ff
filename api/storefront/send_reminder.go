package storefront

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

type reminderInput struct {
	ID   string `path:"id" maxLength:"60" doc:"The attestation's id." example:"att_01920000-0000-7000-8000-000000000003"`
	Body struct {
		Email  string `json:"email" minLength:"3" maxLength:"254" doc:"The shopper's address. It is encrypted until the mail is sent, and not kept." example:"ada@university.edu"`
		URL    string `json:"url" minLength:"8" maxLength:"2000" doc:"The page with the widget, on one of the store's origins." example:"https://shop.example/students"`
		Locale string `json:"locale,omitempty" maxLength:"20" doc:"The shopper's language; the store's first when left out." example:"de"`
	}
}

type reminderView struct {
	ID     string    `json:"id" doc:"The mail's id." example:"mai_01920000-0000-7000-8000-000000000004"`
	SentAt time.Time `json:"sent_at" doc:"When it was queued." example:"2026-12-16T10:30:00Z"`
}

func sendReminder(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "send-reminder", Method: http.MethodPost, Path: "/v1/attestations/{id}/reminders", Tag: "Verifications", Status: http.StatusCreated,
		Summary: "Mail an offer to verify again",
		Description: "For the event attestation.expiring: writes to the shopper, in their language, that what they proved ends soon, with a link to your page. " +
			"The gateway keeps no addresses, so you name it. Not more than one mail in seven days for one attestation.",
		Allow: api.Allow(api.Secret), Scope: "verifications:write", Mutation: true,
		Refusals: []fault.Code{fault.NotFound, fault.AttestationEnded, fault.EmailInvalid, fault.EmailLimit, fault.MailUndeliverable, fault.MailUnavailable, fault.ReturnURLNotAllowed},
	}, func(ctx context.Context, in *reminderInput) (*api.Reply[reminderView], error) {
		c := api.CallerFrom(ctx)
		u, err := url.Parse(in.Body.URL)
		if err != nil || !c.Store.Allows(u.Scheme+"://"+u.Host) {
			return nil, fault.New(fault.ReturnURLNotAllowed, "The link has to lead to one of the store's allowed origins.").At("#/url", "another origin")
		}
		return api.Mutate(ctx, func(ctx context.Context) (*verify.SentMail, error) {
			return d.Verifications.SendReminder(ctx, c.StoreRef(), in.ID, verify.ReminderMail{To: in.Body.Email, Link: in.Body.URL, Locale: in.Body.Locale})
		}, func(m *verify.SentMail) (int, reminderView) {
			return http.StatusCreated, reminderView{ID: m.ID, SentAt: m.SentAt}
		})
	})
}
