package admin

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

type adminKey struct {
	ID        string     `json:"id" doc:"The key's id." example:"key_01920000-0000-7000-8000-000000000001"`
	Kind      string     `json:"kind" enum:"publishable,secret" doc:"Publishable keys stand in pages; secret keys stay on servers." example:"publishable"`
	Name      string     `json:"name" doc:"Name." example:"Web shop"`
	Hint      string     `json:"hint" doc:"The key's last characters, to tell keys apart." example:"x7Qa"`
	Plain     string     `json:"plain,omitempty" doc:"The whole key; publishable keys only." example:"pk_test_…"`
	Scopes    []string   `json:"scopes" doc:"What a secret key may do; empty for everything that a secret key may." example:"[\"checkout:write\"]"`
	CreatedAt time.Time  `json:"created_at" doc:"Birth of the key."`
	RevokedAt *time.Time `json:"revoked_at" doc:"End of the key; null while it is good."`
}

type adminCreatedKey struct {
	Key   adminKey `json:"key" doc:"The key."`
	Plain string   `json:"plain" doc:"The whole key. A secret key is shown this once." example:"sk_test_…"`
}

func keyOf(k tenant.Key) adminKey {
	out := adminKey{ID: k.ID, Kind: string(k.Kind), Name: k.Name, Hint: k.Hint, Scopes: some(k.Scopes), CreatedAt: k.CreatedAt, RevokedAt: maybe(k.RevokedAt)}
	if k.Kind == tenant.Publishable {
		out.Plain = k.Plain
	}
	return out
}

type createKeyInput struct {
	StorePath
	Body struct {
		Kind string `json:"kind" enum:"publishable,secret" doc:"Publishable or secret." example:"publishable"`
		Name string `json:"name" minLength:"1" maxLength:"200" doc:"Name." example:"Web shop"`
		// The list of scopes follows from the operations, so it is checked by createKey.
		Scopes []string `json:"scopes,omitempty" maxItems:"50" doc:"Bounds a secret key to operations: each says which scope it needs. Empty for everything that a secret key may do." example:"[\"checkout:write\"]"`
	}
}

func (o *admin) registerKeys() {
	add(o, api.Operation{
		ID: "admin-list-keys", Method: http.MethodGet, Path: "/v1/admin/stores/{store_id}/keys", Summary: "List keys",
		Description: "The store's keys, oldest first, revoked ones too.",
	}, func(ctx context.Context, in *ListPath) (*api.Reply[listed[adminKey]], error) {
		keys, err := o.Tenants.ListKeys(ctx, storeID(ctx))
		if err != nil {
			return nil, err
		}
		return replied(sliced(in.Paging, keys, keyOf, func(k tenant.Key) string { return k.ID }))
	})
	add(o, api.Operation{
		ID: "admin-create-key", Method: http.MethodPost, Path: "/v1/admin/stores/{store_id}/keys", Status: http.StatusCreated, Mutation: true,
		Summary: "Create a key", Description: "Makes a key. Two secret keys may be live at once, to change from one to the other. Give each server of yours the scopes that it needs and no more.",
		RequestExample: keyExample(),
	}, o.createKey)
	add(o, api.Operation{
		ID: "admin-revoke-key", Method: http.MethodPost, Path: "/v1/admin/stores/{store_id}/keys/{id}/revoke", Mutation: true,
		Summary: "Revoke a key", Description: "Ends a key for good, everywhere within seconds. Revoking twice keeps the first end.",
	}, o.revokeKey)
}

func (o *admin) createKey(ctx context.Context, in *createKeyInput) (*api.Reply[adminCreatedKey], error) {
	scopes, err := o.scopesOf(tenant.Kind(in.Body.Kind), in.Body.Scopes)
	if err != nil {
		return nil, err
	}
	born := map[string]any{"kind": in.Body.Kind, "name": in.Body.Name, "scopes": some(scopes)}
	note := audited(origin(ctx), storeID(ctx), "key.created", nothing, func() any { return born })
	return api.Mutate(ctx, func(ctx context.Context) (*tenant.Key, error) {
		return o.Tenants.CreateKey(ctx, tenant.NewKey{Store: storeID(ctx), Kind: tenant.Kind(in.Body.Kind), Name: in.Body.Name, Scopes: scopes}, note)
	}, func(k *tenant.Key) (int, adminCreatedKey) {
		return http.StatusCreated, adminCreatedKey{Key: keyOf(*k), Plain: k.Plain}
	})
}

// scopesOf returns the scopes of a new key, sorted. Only a secret key has any, and each is one that an operation needs.
func (o *admin) scopesOf(kind tenant.Kind, asked []string) ([]string, error) {
	f := fault.New(fault.Invalid, "The key cannot be made with these scopes.")
	bad := f
	if len(asked) > 0 && kind != tenant.Secret {
		return nil, bad.At("#/scopes", "only a secret key has scopes")
	}
	known := o.api.Scopes()
	for i, scope := range asked {
		at := fmt.Sprintf("#/scopes/%d", i)
		if !slices.Contains(known, scope) {
			bad = bad.At(at, "is not a scope; use "+strings.Join(known, ", "))
		} else if slices.Contains(asked[:i], scope) {
			bad = bad.At(at, "is there twice")
		}
	}
	if bad != f {
		return nil, bad
	}
	return slices.Sorted(slices.Values(asked)), nil
}

func (o *admin) revokeKey(ctx context.Context, in *struct {
	ItemPath
	Body struct{}
}) (*api.Reply[adminKey], error) {
	note := audited(origin(ctx), storeID(ctx), "key.revoked", nothing, nothing)
	return api.Mutate(ctx, func(ctx context.Context) (*tenant.Key, error) {
		return o.Tenants.RevokeKey(ctx, storeID(ctx), in.ID, note)
	}, func(k *tenant.Key) (int, adminKey) { return http.StatusOK, keyOf(*k) })
}
