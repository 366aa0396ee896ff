package admin

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
)

func (o *admin) registerDecisions() {
	add(o, api.Operation{
		ID: "admin-explain-verification", Method: http.MethodGet, Path: "/v1/admin/stores/{store_id}/verifications/{id}/decisions", Summary: "Explain a verification",
		Description: "How it came to where it stands: the trail of what happened, the signals, and each decision with its signed receipt. Every decision is made " +
			"again from the policy and the evidence that are stored, and the answer says whether it comes out the same.",
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[api.ExplanationView], error) {
		found, err := o.Verify.Explain(ctx, ref(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return api.OK(api.ViewExplanation(found))
	})
}
