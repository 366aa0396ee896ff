package checkout

import (
	"context"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/shopify"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

// Shopify is the adapter of stores on Shopify (internal/shopify.Service).
type Shopify interface {
	Mint(ctx context.Context, store *tenant.Store, raw, customer string) (*shopify.Code, error)
	Receive(ctx context.Context, store *tenant.Store, d shopify.Delivery) (shopify.Outcome, error)
}

// Stores finds stores by the id in a path (tenant.Directory).
type Stores interface {
	Store(ctx context.Context, id string) (*tenant.Store, error)
}

type shopifyCodeInput struct {
	Body shopifyCodeBody
}

type shopifyCodeBody struct {
	Token string `json:"token" minLength:"1" maxLength:"4096" doc:"The offer token that the code is to stand for." example:"eyJhbGciOiJFUzI1NiIsImtpZCI6IjEiLCJ0eXAiOiJvZmZlcitqd3QifQ.e30.c2ln"`
}

type shopifyCodeView struct {
	Code      string    `json:"code" doc:"The discount code in the shop. A theme applies it by opening /discount/CODE; a shopper can type it." example:"LRL7Q2M4XK9T0B3WZ5C"`
	ExpiresAt time.Time `json:"expires_at" doc:"Until when the shop takes the code." example:"2026-11-21T10:10:00Z"`
}

func createShopifyCode(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "create-shopify-code", Method: http.MethodPost, Path: "/v1/integrations/shopify/codes", Tag: "Integrations", Status: http.StatusCreated,
		Summary: "Get a Shopify discount code for an offer token",
		Description: "Makes one discount code in the store's Shopify shop that stands for the token: usable once, until the token ends. The same token always " +
			"gets the same code, whoever asks and however often. Whoever holds the token may ask: a page with its publishable key is enough. When the order is paid the shop's webhook redeems the token.",
		Allow: api.Allow(api.Publishable, api.Customer, api.Secret), Scope: "offer_tokens:write", Mutation: true,
		Refusals: []fault.Code{fault.NotFound, fault.TokenInvalid, fault.TokenExpired, fault.TokenSpent, fault.TokenRevoked, fault.CustomerMismatch, fault.OfferNotLive,
			fault.LimitReached, fault.IntegrationUnsupported, fault.IntegrationRefused},
	}, func(ctx context.Context, in *shopifyCodeInput) (*api.Reply[shopifyCodeView], error) {
		c := api.CallerFrom(ctx)
		return api.Mutate(ctx,
			func(ctx context.Context) (*shopify.Code, error) {
				return d.Shopify.Mint(ctx, c.Store, in.Body.Token, c.Customer)
			},
			func(code *shopify.Code) (int, shopifyCodeView) {
				text, err := code.Text(c.Store.Keys())
				if err != nil {
					// Deriving a key of a fixed size by HKDF does not fail.
					panic(err)
				}
				return http.StatusCreated, shopifyCodeView{Code: text, ExpiresAt: code.ExpiresAt}
			})
	})
}

type shopifyWebhookInput struct {
	StoreID   string `path:"store_id" maxLength:"60" doc:"The store." example:"sto_01920000-0000-7000-8000-000000000001"`
	Topic     string `header:"X-Shopify-Topic" doc:"What the webhook is about." example:"orders/paid"`
	Shop      string `header:"X-Shopify-Shop-Domain" doc:"The shop that sends it." example:"example.myshopify.com"`
	Signature string `header:"X-Shopify-Hmac-Sha256" doc:"HMAC-SHA256 of the body under the app's client secret, in base64." example:"XWmrwMey6OsLMeiZKwP4FppHH3cmAiiJJAweH5Jo4bM="`
	RawBody   []byte
	Body      map[string]any
}

type shopifyWebhookView struct {
	Outcome string `json:"outcome" enum:"taken,known,ignored,mismatch" doc:"taken: something changed here; known: told before; ignored: it means nothing here; mismatch: the event integration.mismatch tells of a difference." example:"taken"`
}

// maxShopifyWebhook bounds a webhook: an order of 500 lines with all its taxes is large.
const maxShopifyWebhook = 4 << 20

func receiveShopifyWebhook(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "receive-shopify-webhook", Method: http.MethodPost, Path: "/v1/integrations/shopify/{store_id}/webhooks", Tag: "Integrations",
		Summary: "Take a webhook of Shopify",
		Description: "For Shopify alone: orders/paid (or orders/create), orders/cancelled and refunds/create. The signature is checked over the raw body. " +
			"Other topics are answered with 200 and ignored, so that Shopify does not end the subscription. Repeating a webhook changes nothing.",
		Allow: api.Allow(api.Anyone), MaxBody: maxShopifyWebhook, Unlimited: true,
		Refusals:       []fault.Code{fault.NotFound, fault.Unauthenticated, fault.Unavailable},
		RequestExample: map[string]any{"id": 820982911946154508, "financial_status": "paid", "currency": "USD"},
	}, func(ctx context.Context, in *shopifyWebhookInput) (*api.Reply[shopifyWebhookView], error) {
		store, err := d.Stores.Store(ctx, in.StoreID)
		if err != nil {
			return nil, err
		}
		outcome, err := d.Shopify.Receive(ctx, store, shopify.Delivery{Topic: in.Topic, Shop: in.Shop, Signature: in.Signature, Body: in.RawBody})
		if err != nil {
			return nil, err
		}
		return api.OK(shopifyWebhookView{Outcome: string(outcome)})
	})
}
