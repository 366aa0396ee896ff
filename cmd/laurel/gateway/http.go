package gateway

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/api/admin"
	apicheckout "github.com/laurel-gateway/laurel/api/checkout"
	apiprivacy "github.com/laurel-gateway/laurel/api/privacy"
	"github.com/laurel-gateway/laurel/api/storefront"
	"github.com/laurel-gateway/laurel/internal/circuit"
	"github.com/laurel-gateway/laurel/internal/codes"
	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/ratelimit"
	"github.com/laurel-gateway/laurel/offers/token"
	"github.com/laurel-gateway/laurel/verify/sso"
	"github.com/laurel-gateway/laurel/web"
)

func (g *Gateway) openAPI(ctx context.Context, o Options) error {
	gatewayKeys, err := g.gatewayKeys(ctx)
	if err != nil {
		return err
	}
	public, err := url.Parse(g.Config.PublicURL)
	if err != nil {
		return fmt.Errorf("read the public URL: %w", err)
	}
	mounts := map[string]http.Handler{"/sso": sso.New(g.Verify, public, g.log)}
	for prefix, h := range o.Mounts {
		mounts[prefix] = h
	}
	if g.Config.Metrics.Enabled && g.Config.Metrics.Listen == "" {
		mounts["/metrics"] = g.Metrics.Handler()
	}
	c := g.Config.Limits
	deps := api.Deps{
		PublicURL: g.Config.PublicURL, OwnOrigins: o.OwnOrigins, Version: g.version, Tenants: g.Tenants, Console: admin.NewSessions(g.Console),
		GatewayKeys: gatewayKeys, TrustedProxies: g.Config.HTTP.TrustedProxies, MaxBody: int64(g.Config.HTTP.BodyLimit),
		Log: g.log, Observer: observer{g}, Checks: g.checks(), Draining: g.draining.Load, JWKS: g.jwks, Widget: web.Widget(), Admin: web.Admin(), MyData: web.MyData(), Mounts: mounts,
		Limits: api.Limits{
			Limiter:    g.cache.limiter,
			Credential: ratelimit.Rate{Limit: c.KeyPerSecond, Period: time.Second, Burst: c.KeyBurst},
			Address:    ratelimit.Rate{Limit: c.AddressPerMinute, Period: time.Minute, Burst: c.AddressPerMinute},
			Failures:   ratelimit.Rate{Limit: c.FailuresPerMinute, Period: time.Minute, Burst: c.FailuresPerMinute},
		},
	}
	if o.WithDemo {
		deps.Demo = web.Demo()
	}
	if g.API, err = api.New(deps); err != nil {
		return fmt.Errorf("open the API: %w", err)
	}
	reader, shops := database.NewCheckout(g.DB), g.shopify(o)
	storefront.Register(g.API, storefront.Deps{Verifications: g.Verify, Documents: g.Documents, Offers: reader, Stores: g.Tenants, Fraud: frauds{g}, Now: time.Now})
	apicheckout.Register(g.API, apicheckout.Deps{Checkout: g.Checkout, StatusLists: g.statuses, Verifications: g.Verify, Shopify: shops, Stores: g.Tenants, MailReports: g.bounces()})
	apiprivacy.Register(g.API, apiprivacy.Deps{Privacy: g.Privacy, Stores: g.Tenants, Verifications: g.Verify, PublicURL: g.Config.PublicURL, Now: time.Now})
	admin.Register(g.API, admin.Deps{Console: g.Console, Tenants: g.Tenants, Verify: g.Verify, Documents: g.Documents, Privacy: g.Privacy, Lists: database.NewConsole(g.DB),
		Members: reader, Ledger: admin.Books{Checkout: g.Checkout}, Shopify: shops, Fraud: frauds{g}, UseAlgorithm: g.useAlgorithm, Codes: codes.NewService(database.NewCodes(g.DB), rand.Reader), SecureCookie: public.Scheme == "https", Now: time.Now})
	return nil
}

// gatewayKeys make the keyed hashes that belong to no store. They hang on the master key through a sealed secret.
func (g *Gateway) gatewayKeys(ctx context.Context) (*crypt.StoreKeys, error) {
	secret, err := database.GatewaySecret(ctx, g.DB, g.Master)
	if err != nil {
		return nil, err
	}
	return crypt.Derive(secret)
}

func (g *Gateway) checks() []api.Check {
	checks := []api.Check{{Name: "database", Run: g.DB.Ping}}
	if g.cache.ping != nil {
		checks = append(checks, api.Check{Name: "redis", Optional: true, Run: func(ctx context.Context) error {
			if err := g.cache.ping(ctx); err != nil {
				return errRedisAway
			}
			return nil
		}})
	}
	if g.bucketPing != nil {
		checks = append(checks, api.Check{Name: "documents", Optional: true, Run: func(ctx context.Context) error {
			if err := g.bucketPing(ctx); err != nil {
				return errBucketAway
			}
			return nil
		}})
	}
	return checks
}

func (g *Gateway) useAlgorithm(ctx context.Context, alg string) error {
	return g.tokens.Use(ctx, token.Alg(alg))
}

func (g *Gateway) jwks(context.Context) ([]byte, error) {
	b, err := json.Marshal(g.tokens.JWKS())
	if err != nil {
		return nil, fmt.Errorf("render the JWK set: %w", err)
	}
	return b, nil
}

// observer counts requests and refusals, and wakes the relay for the events that a change may have left.
type observer struct{ g *Gateway }

// Request implements api.Observer.
func (o observer) Request(method, route string, status int, code string, took time.Duration) {
	o.g.Metrics.Request(method, route, status, took)
	if code != "" {
		o.g.Metrics.Refused(code)
	}
	if method != http.MethodGet && status < http.StatusMultipleChoices {
		o.g.relay.Nudge()
	}
}

// Drain says that the process is about to end: readiness turns, and each client is told to close its connection after
// its answer. Everything is served until the listener is closed.
func (g *Gateway) Drain() { g.draining.Store(true) }

// ServeHTTP answers, and counts what is being answered. All that a request asks of Redis shares one time budget.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer g.Metrics.Began()()
	if g.draining.Load() {
		w.Header().Set("Connection", "close")
	}
	if g.Config.Redis.URL.IsSet() {
		r = r.WithContext(circuit.WithAllowance(r.Context(), g.Config.Redis.Budget))
	}
	g.API.ServeHTTP(w, r)
}
