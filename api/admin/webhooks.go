package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/webhook"
)

type adminWebhook struct {
	ID          string    `json:"id" doc:"The endpoint's id." example:"whk_01920000-0000-7000-8000-000000000001"`
	URL         string    `json:"url" doc:"Where messages are posted to." example:"https://shop.example/hooks/laurel"`
	Description string    `json:"description" doc:"What it is for." example:"Order system"`
	Events      []string  `json:"events" doc:"Types of event that it gets; empty for all." example:"[\"redemption.created\"]"`
	State       string    `json:"state" enum:"enabled,disabled" doc:"Whether it gets messages." example:"enabled"`
	Failures    int       `json:"failures" doc:"Failed tries since the last success." example:"0"`
	CreatedAt   time.Time `json:"created_at" doc:"Birth of the endpoint."`
	UpdatedAt   time.Time `json:"updated_at" doc:"Last change."`

	Version        int64      `json:"version" doc:"Rises with each change. Send it with yours." example:"1"`
	DisabledReason *string    `json:"disabled_reason" enum:"admin,gone,failing" doc:"Why it is disabled: somebody did it, it answered 410, or every try failed for 5 days; null while it is enabled." example:"failing"`
	FailingSince   *time.Time `json:"failing_since" doc:"First of the failed tries since the last success; null without any."`
	OldSecretUntil *time.Time `json:"old_secret_until" doc:"Until when the secret from before the last change signs too; null when it does not."`
}

func webhookOf(e webhook.Endpoint) adminWebhook {
	w := adminWebhook{ID: e.ID, URL: e.URL, Description: e.Description, Events: some(e.Events), State: string(e.State), Failures: e.Failures,
		CreatedAt: e.CreatedAt, UpdatedAt: e.UpdatedAt, Version: e.Version, FailingSince: maybe(e.FailingSince), OldSecretUntil: maybe(e.OldSecretUntil)}
	if e.DisabledReason != "" {
		reason := string(e.DisabledReason)
		w.DisabledReason = &reason
	}
	return w
}

type adminCreatedWebhook struct {
	Webhook adminWebhook `json:"webhook" doc:"The endpoint."`
	Secret  string       `json:"secret" doc:"Signs the messages (Standard Webhooks); it is shown this once." example:"whsec_…"`
}

type webhookInput struct {
	StorePath
	Body struct {
		URL         string   `json:"url" minLength:"1" maxLength:"2000" doc:"An https address of a public host." example:"https://shop.example/hooks/laurel"`
		Description string   `json:"description,omitempty" maxLength:"500" doc:"What it is for." example:"Order system"`
		Events      []string `json:"events,omitempty" maxItems:"100" doc:"Types of event; empty for all."`
	}
}

type webhookChange struct {
	ItemPath
	Body struct {
		Version     int64    `json:"version" doc:"The version that you read." example:"1"`
		URL         string   `json:"url" minLength:"1" maxLength:"2000" doc:"An https address of a public host." example:"https://shop.example/hooks/laurel"`
		Description string   `json:"description,omitempty" maxLength:"500" doc:"What it is for." example:"Order system"`
		Events      []string `json:"events,omitempty" maxItems:"100" doc:"Types of event; empty for all."`
		State       string   `json:"state" enum:"enabled,disabled" doc:"Whether it gets messages. Enabling sends what has waited." example:"enabled"`
	}
}

func (o *admin) registerWebhooks() {
	const path = "/v1/admin/stores/{store_id}/webhooks"
	add(o, api.Operation{
		ID: "admin-list-webhooks", Method: http.MethodGet, Path: path, Summary: "List webhook endpoints", Description: "The store's endpoints, oldest first.",
	}, func(ctx context.Context, in *ListPath) (*api.Reply[listed[adminWebhook]], error) {
		all, err := o.Console.Endpoints(ctx, storeID(ctx))
		if err != nil {
			return nil, err
		}
		return replied(sliced(in.Paging, all, webhookOf, func(e webhook.Endpoint) string { return e.ID }))
	})
	add(o, api.Operation{
		ID: "admin-create-webhook", Method: http.MethodPost, Path: path, Status: http.StatusCreated, Mutation: true, Summary: "Add a webhook endpoint",
		Description: "Adds an endpoint, enabled, and shows its signing secret this once.", Refusals: []fault.Code{fault.WebhookTargetRefused, fault.Conflict},
	}, o.createWebhook)
	add(o, api.Operation{
		ID: "admin-get-webhook", Method: http.MethodGet, Path: path + "/{id}", Summary: "Read a webhook endpoint", Description: "The endpoint without its secret.",
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[adminWebhook], error) {
		e, err := o.Console.Endpoint(ctx, storeID(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return api.OK(webhookOf(e))
	})
	add(o, api.Operation{
		ID: "admin-update-webhook", Method: http.MethodPut, Path: path + "/{id}", Mutation: true, Summary: "Change a webhook endpoint",
		Description: "Replaces everything but the secret. Enabling sends what has waited and forgets the failures; what happened while it was disabled is sent by a replay.",
		Refusals:    []fault.Code{fault.WebhookTargetRefused, fault.VersionConflict},
	}, o.updateWebhook)
	add(o, api.Operation{
		ID: "admin-delete-webhook", Method: http.MethodDelete, Path: path + "/{id}", Status: http.StatusNoContent, Mutation: true,
		Summary: "Delete a webhook endpoint", Description: "Removes the endpoint and what was sent to it.",
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[api.Nothing], error) {
		return api.Mutate(ctx, func(ctx context.Context) (*console.Done, error) {
			return o.Console.DeleteEndpoint(ctx, origin(ctx), storeID(ctx), in.ID)
		}, done)
	})
	add(o, api.Operation{
		ID: "admin-rotate-webhook-secret", Method: http.MethodPost, Path: path + "/{id}/rotate-secret", Mutation: true, Summary: "Change a webhook's secret",
		Description: "Gives the endpoint another signing secret and shows it this once. Until the overlap is over, each message is signed with both, " +
			"so that the receiver can be changed without losing one. An overlap of 0 ends the old secret at once: for one that leaked.",
	}, o.rotateWebhookSecret)
	add(o, api.Operation{
		ID: "admin-test-webhook", Method: http.MethodPost, Path: path + "/{id}/test", Status: http.StatusCreated, Mutation: true, Summary: "Send a test message",
		Description: "Sends the endpoint one message of type webhook.test, whatever events it wants, signed and tried like any other. Read the delivery to see what became of it.",
		Refusals:    []fault.Code{fault.Conflict},
	}, func(ctx context.Context, in *struct {
		ItemPath
		Body struct{}
	}) (*api.Reply[AdminDelivery], error) {
		return api.Mutate(ctx, func(ctx context.Context) (*outbox.Delivery, error) {
			return o.Console.SendTest(ctx, origin(ctx), storeID(ctx), in.ID)
		}, func(d *outbox.Delivery) (int, AdminDelivery) { return http.StatusCreated, deliveryOf(*d) })
	})
}

type rotateSecretInput struct {
	ItemPath
	Body struct {
		OverlapHours *int `json:"overlap_hours,omitempty" minimum:"0" maximum:"168" doc:"How long the old secret signs too; 24 when left out." example:"24"`
	}
}

func (o *admin) rotateWebhookSecret(ctx context.Context, in *rotateSecretInput) (*api.Reply[adminCreatedWebhook], error) {
	overlap := webhook.DefaultOverlap
	if in.Body.OverlapHours != nil {
		overlap = time.Duration(*in.Body.OverlapHours) * time.Hour
	}
	return api.Mutate(ctx, func(ctx context.Context) (*console.NewEndpoint, error) {
		return o.Console.RotateSecret(ctx, origin(ctx), storeID(ctx), in.ID, overlap)
	}, func(n *console.NewEndpoint) (int, adminCreatedWebhook) {
		return http.StatusOK, adminCreatedWebhook{Webhook: webhookOf(n.Endpoint), Secret: n.PlainSecret}
	})
}

func (o *admin) createWebhook(ctx context.Context, in *webhookInput) (*api.Reply[adminCreatedWebhook], error) {
	e := webhook.Endpoint{Store: storeID(ctx), URL: in.Body.URL, Description: in.Body.Description, Events: in.Body.Events}
	return api.Mutate(ctx, func(ctx context.Context) (*console.NewEndpoint, error) {
		return o.Console.CreateEndpoint(ctx, origin(ctx), e)
	},
		func(n *console.NewEndpoint) (int, adminCreatedWebhook) {
			return http.StatusCreated, adminCreatedWebhook{Webhook: webhookOf(n.Endpoint), Secret: n.PlainSecret}
		})
}

func (o *admin) updateWebhook(ctx context.Context, in *webhookChange) (*api.Reply[adminWebhook], error) {
	b := in.Body
	e := webhook.Endpoint{Store: storeID(ctx), ID: in.ID, URL: b.URL, Description: b.Description, Events: b.Events, State: webhook.State(b.State),
		Version: b.Version}
	return api.Mutate(ctx, func(ctx context.Context) (*webhook.Endpoint, error) {
		return o.Console.UpdateEndpoint(ctx, origin(ctx), e)
	},
		func(e *webhook.Endpoint) (int, adminWebhook) { return http.StatusOK, webhookOf(*e) })
}
