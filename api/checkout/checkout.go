// Package checkout has the operations that a storefront's servers call: tokens, evaluations, reservations, redemptions,
// refunds, orders, and what a member has.
package checkout

import (
	"context"
	"net/netip"
	"time"

	"github.com/laurel-gateway/laurel/api"
	core "github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/loyalty"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

// Checkout carries out what the operations ask for (internal/checkout.Service).
type Checkout interface {
	IssueToken(ctx context.Context, store *tenant.Store, r core.TokenRequest) (core.Issued, error)
	Open(store *tenant.Store, i core.Issued) (core.Given, error)
	Introspect(ctx context.Context, store *tenant.Store, token, code string) (core.Introspection, error)
	IntrospectCode(ctx context.Context, store *tenant.Store, code string, shopper netip.Addr) (core.Introspection, error)
	Evaluate(ctx context.Context, store *tenant.Store, r core.Request) (core.Evaluation, error)
	Reserve(ctx context.Context, store *tenant.Store, r core.Request, orderRef string, ttl time.Duration) (offers.Reservation, error)
	RedeemReservation(ctx context.Context, store *tenant.Store, id, orderID string, totals *offers.Totals) (offers.Redemption, error)
	Release(ctx context.Context, store *tenant.Store, id string) (offers.Reservation, error)
	Redeem(ctx context.Context, store *tenant.Store, r core.Request, orderID, orderRef string) (offers.Redemption, error)
	RefundRedemption(ctx context.Context, store *tenant.Store, id, ref string, lines []offers.RefundLine, restore offers.RestoreUse) (core.Refund, error)
	RefundOrder(ctx context.Context, store *tenant.Store, orderID, ref string, lines []offers.RefundLine) (core.Refund, error)
	RecordOrder(ctx context.Context, store *tenant.Store, o core.RecordOrder) (core.Order, error)
	Standing(ctx context.Context, store *tenant.Store, customer string) (loyalty.Standing, bool, error)
	Entries(ctx context.Context, store *tenant.Store, customer string, before int64, limit int) ([]loyalty.Entry, error)
	Receipt(ctx context.Context, store *tenant.Store, redemption string) (string, error)
	Eligible(ctx context.Context, store *tenant.Store, customer string, all bool) ([]core.Eligible, error)
	Redemptions(ctx context.Context, store *tenant.Store, orderID, before string, limit int) ([]offers.Redemption, error)
	Redemption(ctx context.Context, store *tenant.Store, id string) (core.TracedRedemption, error)
}

// Verifications reads verifications (verify.Service).
type Verifications interface {
	Get(ctx context.Context, store verify.StoreRef, id string) (*verify.Result, error)
}

// Deps is what the operations need.
type Deps struct {
	Checkout      Checkout
	Verifications Verifications
	StatusLists   StatusLists
	Shopify       Shopify
	Stores        Stores
	MailReports   MailReports
}

// Register adds the operations to an API.
func Register(a *api.API, d Deps) {
	issueToken(a, d)
	introspectToken(a, d)
	drawCode(a)
	listEligible(a, d)
	getStatusList(a, d)
	evaluate(a, d)
	reserve(a, d)
	redeemReservation(a, d)
	releaseReservation(a, d)
	redeem(a, d)
	listRedemptions(a, d)
	getRedemption(a, d)
	getReceipt(a, d)
	refundRedemption(a, d)
	recordOrder(a, d)
	refundOrder(a, d)
	getMember(a, d)
	listEntries(a, d)
	createShopifyCode(a, d)
	receiveShopifyWebhook(a, d)
	receiveMailReports(a, d)
}
