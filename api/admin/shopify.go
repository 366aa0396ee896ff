package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/shopify"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

// Shopify connects stores with their shops (internal/shopify.Service).
type Shopify interface {
	Connection(ctx context.Context, store string) (shopify.Connection, error)
	Connect(ctx context.Context, store *tenant.Store, c shopify.Connection, s shopify.Secrets, e tenant.AuditEntry) (*shopify.Connection, error)
	Disconnect(ctx context.Context, store *tenant.Store, e tenant.AuditEntry) (*shopify.Connection, error)
}

type adminShopify struct {
	Shop        string    `json:"shop" doc:"The shop's permanent domain." example:"example.myshopify.com"`
	APIVersion  string    `json:"api_version" doc:"Version of Shopify's Admin API." example:"2026-07"`
	Currency    string    `json:"currency" doc:"The shop's own currency: that of all amounts it tells of." example:"USD"`
	WebhookPath string    `json:"webhook_path" doc:"Where Shopify sends its webhooks, under the gateway's public address." example:"/v1/integrations/shopify/sto_01920000-0000-7000-8000-000000000001/webhooks"`
	CreatedAt   time.Time `json:"created_at" doc:"When the store was connected first."`
	UpdatedAt   time.Time `json:"updated_at" doc:"Last change."`
}

func shopifyOf(c shopify.Connection) adminShopify {
	return adminShopify{Shop: c.Shop, APIVersion: c.Version, Currency: c.Currency, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
		WebhookPath: "/v1/integrations/shopify/" + c.Store + "/webhooks"}
}

type shopifyInput struct {
	StorePath
	Body struct {
		Shop          string `json:"shop" minLength:"1" maxLength:"100" doc:"The shop's permanent domain." example:"example.myshopify.com"`
		APIVersion    string `json:"api_version,omitempty" maxLength:"10" doc:"Version of Shopify's Admin API, from 2025-10 on; 2026-07 when left out." example:"2026-07"`
		AccessToken   string `json:"access_token" minLength:"1" maxLength:"200" doc:"Admin API access token of the app, with the scopes write_discounts, read_discounts and read_orders. It is kept sealed and never shown." example:"shpat_…"`
		WebhookSecret string `json:"webhook_secret" minLength:"1" maxLength:"200" doc:"Client secret of the app, which signs the webhooks. It is kept sealed and never shown." example:"shpss_…"`
	}
}

func (o *admin) registerShopify() {
	const path = "/v1/admin/stores/{store_id}/integrations/shopify"
	add(o, api.Operation{
		ID: "admin-get-shopify", Method: http.MethodGet, Path: path, Summary: "Read the connection to Shopify", Description: "The store's shop, without its secrets.",
	}, func(ctx context.Context, _ *StorePath) (*api.Reply[adminShopify], error) {
		c, err := o.Shopify.Connection(ctx, storeID(ctx))
		if err != nil {
			return nil, err
		}
		return api.OK(shopifyOf(c))
	})
	add(o, api.Operation{
		ID: "admin-connect-shopify", Method: http.MethodPut, Path: path, Mutation: true, Summary: "Connect the store to a Shopify shop",
		Description: "Ties the store to a shop, or replaces shop and secrets. The shop is asked first, which proves that the access token works.",
		Refusals:    []fault.Code{fault.IntegrationRefused},
	}, o.connectShopify)
	add(o, api.Operation{
		ID: "admin-disconnect-shopify", Method: http.MethodDelete, Path: path, Status: http.StatusNoContent, Mutation: true, Summary: "Disconnect the store from Shopify",
		Description: "Forgets the shop's secrets and refuses its webhooks from now on. Codes that are in the shop end by themselves.",
	}, func(ctx context.Context, _ *StorePath) (*api.Reply[api.Nothing], error) {
		return api.Mutate(ctx, func(ctx context.Context) (*shopify.Connection, error) {
			return o.Shopify.Disconnect(ctx, api.CallerFrom(ctx).Store, shopifyAudit(ctx, "shopify.disconnected", nil))
		}, func(*shopify.Connection) (int, api.Nothing) { return http.StatusNoContent, api.Nothing{} })
	})
}

func (o *admin) connectShopify(ctx context.Context, in *shopifyInput) (*api.Reply[adminShopify], error) {
	b := in.Body
	changes, err := json.Marshal(map[string]string{"shop": b.Shop, "api_version": b.APIVersion})
	if err != nil {
		return nil, fmt.Errorf("encode an audit entry: %w", err)
	}
	return api.Mutate(ctx, func(ctx context.Context) (*shopify.Connection, error) {
		return o.Shopify.Connect(ctx, api.CallerFrom(ctx).Store, shopify.Connection{Shop: b.Shop, Version: b.APIVersion},
			shopify.Secrets{AccessToken: b.AccessToken, WebhookSecret: b.WebhookSecret}, shopifyAudit(ctx, "shopify.connected", changes))
	}, func(c *shopify.Connection) (int, adminShopify) { return http.StatusOK, shopifyOf(*c) })
}

func shopifyAudit(ctx context.Context, action string, changes json.RawMessage) tenant.AuditEntry {
	from := origin(ctx)
	return tenant.AuditEntry{Store: storeID(ctx), Actor: from.Actor, Action: action, Target: storeID(ctx), Changes: changes, RequestID: from.RequestID}
}
