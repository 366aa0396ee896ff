// Package client is the Go client of the gateway, generated from api/openapi.yaml by `make generate`.
//
//	c, err := client.NewClientWithResponses("https://laurel.example", client.WithRequestEditorFn(
//		func(_ context.Context, r *http.Request) error {
//			r.Header.Set("Authorization", "Bearer sk_live_…")
//			return nil
//		}))
//	res, err := c.GetStorefrontWithResponse(ctx, nil)
//
// Send a fresh UUID as Idempotency-Key with every request that changes something, and the same one when you repeat it.
package client
