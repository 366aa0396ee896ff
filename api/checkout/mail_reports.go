package checkout

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
)

// MailReports takes what mail providers report about mails.
type MailReports interface {
	// Receive returns how many mails the reports changed something about. Faults: not_found, unauthenticated, invalid.
	Receive(ctx context.Context, source string, header http.Header, body []byte) (int, error)
}

// MailReportInput is the input of the operation. It is exported because huma reads exported parts only.
type MailReportInput struct {
	Source  string `path:"source" enum:"standard,postmark,mailgun,sendgrid" doc:"Who reports." example:"standard"`
	RawBody []byte
	Body    any

	header http.Header
}

// Resolve implements huma.Resolver: each source proves itself by headers of its own.
func (in *MailReportInput) Resolve(ctx huma.Context) []error {
	in.header = http.Header{}
	ctx.EachHeader(in.header.Add)
	return nil
}

type mailReportView struct {
	Taken int `json:"taken" doc:"Mails of the gateway about which something changed. Repeating a report changes nothing." example:"1"`
}

// maxMailReports bounds a call: providers send up to some hundred events at once.
const maxMailReports = 2 << 20

func receiveMailReports(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "receive-mail-reports", Method: http.MethodPost, Path: "/v1/integrations/mail/{source}", Tag: "Integrations",
		Summary: "Take reports of bounces and complaints",
		Description: "For the mail provider of the operator alone, who configures a secret for each source (`smtp.reports`). `standard` is the form of the example, " +
			"signed as Standard Webhooks say; postmark, mailgun and sendgrid are the webhooks of those providers, proven as they prove themselves. " +
			"A mail with a code that did not arrive ends the question for its code, so that the shopper can correct the address, and no mail goes to the address for a while.",
		Allow: api.Allow(api.Anyone), MaxBody: maxMailReports, Unlimited: true,
		Refusals: []fault.Code{fault.NotFound, fault.Unauthenticated},
		RequestExample: map[string]any{"reports": []any{map[string]any{"type": "bounce", "permanent": true,
			"message_id": "mai_01920000-0000-7000-8000-000000000001.sto_01920000-0000-7000-8000-000000000002@shop.example", "address": "ada@university.edu"}}},
	}, func(ctx context.Context, in *MailReportInput) (*api.Reply[mailReportView], error) {
		taken, err := d.MailReports.Receive(ctx, in.Source, in.header, in.RawBody)
		if err != nil {
			return nil, err
		}
		return api.OK(mailReportView{Taken: taken})
	})
}
