package admin

import (
	"context"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/codes"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/once"
	"github.com/laurel-gateway/laurel/internal/privacy"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/verify"
)

// Ledger adjusts points by hand, with the audit entry in the same transaction.
type Ledger interface {
	AdjustPoints(ctx context.Context, store string, a checkout.AdjustPoints, e console.Entry) (loyalty.Member, error)
}

// Deps is what the console's operations are built with.
type Deps struct {
	Console *console.Service
	Tenants *tenant.Directory
	Verify  *verify.Service
	Privacy *privacy.Service
	Lists   console.Lists
	// Members reads members and their entries.
	Members checkout.Reader
	// Codes keeps pools and batches of codes.
	Codes  *codes.Service
	Ledger Ledger
	// Documents shows reviewers what was handed in.
	Documents Documents
	Shopify   Shopify
	Fraud     api.Frauds
	// UseAlgorithm makes sure that the gateway can sign with an algorithm that a store has chosen.
	UseAlgorithm func(ctx context.Context, alg string) error
	// SecureCookie says that the console is reached by https only.
	SecureCookie bool
	Now          func() time.Time
}

// admin carries the dependencies to the operations.
type admin struct {
	Deps
	api *api.API
}

// Register adds the console's operations to an API.
func Register(a *api.API, d Deps) {
	o := &admin{Deps: d, api: a}
	for _, register := range []func(){
		o.registerSession, o.registerStores, o.registerOverview, o.registerKeys, o.registerGroups, o.registerPolicies, o.registerProviders,
		o.registerDataPacks, o.registerRosters, o.registerDocumentSettings, o.registerReviewDocuments, o.registerRemotes, o.registerOffers, o.registerPools, o.registerBatches, o.registerOfferTrials, o.registerProgram, o.registerMembers, o.registerVerifications,
		o.registerDecisions, o.registerReviews, o.registerFrauds, o.registerSupport,
		o.registerRedemptions, o.registerWebhooks, o.registerDeliveries, o.registerShopify, o.registerSuppressions, o.registerAudit, o.registerPrivacy, o.registerPeople,
	} {
		register()
	}
}

// add registers an operation of the console with the roles of the table.
func add[I, O any](o *admin, op api.Operation, handler func(context.Context, *I) (*O, error)) {
	rule, ok := rules[op.ID]
	if !ok {
		panic("admin: operation " + op.ID + " has no row in the table of roles")
	}
	op.Tag, op.Allow, op.Roles, op.OperatorOnly = "Console", api.Allow(api.Console), rule.roles(), rule.operatorOnly
	api.Register(o.api, op, handler)
}

// origin says who a change comes from.
func origin(ctx context.Context) console.Origin {
	return console.Origin{Actor: api.CallerFrom(ctx).Actor(), RequestID: api.RequestID(ctx)}
}

// by is origin as package verify names it.
func by(ctx context.Context) verify.Actor {
	return verify.Actor{Name: api.CallerFrom(ctx).Actor(), RequestID: api.RequestID(ctx)}
}

// storeID names the caller's store.
func storeID(ctx context.Context) string { return api.CallerFrom(ctx).Store.ID }

// ref is the caller's store as package verify names it.
func ref(ctx context.Context) verify.StoreRef { return api.CallerFrom(ctx).StoreRef() }

// done answers a change that has nothing to show.
func done(*console.Done) (int, api.Nothing) { return 204, api.Nothing{} }

// finish is work for services whose transaction returns nothing: an idempotent answer is made of something.
func finish(work func(context.Context) error) func(context.Context) (*console.Done, error) {
	return func(ctx context.Context) (*console.Done, error) {
		if req := once.From(ctx); req != nil {
			encode := req.Encode
			req.Encode = func(result any, err error) (once.Answer, bool) {
				if result == nil && err == nil {
					result = &console.Done{}
				}
				return encode(result, err)
			}
		}
		return &console.Done{}, work(ctx)
	}
}
