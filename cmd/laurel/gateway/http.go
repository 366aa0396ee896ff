package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/api/admin"
	apicheckout "github.com/laurel-gateway/laurel/api/checkout"
	"github.com/laurel-gateway/laurel/api/storefront"
	"github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/ratelimit"
	"github.com/laurel-gateway/laurel/loyalty"
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
		Log: g.log, Observer: observer{g}, Checks: g.checks(), JWKS: g.jwks, Widget: web.Widget(), Admin: web.Admin(), Mounts: mounts,
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
	reader := database.NewCheckout(g.DB)
	register(g.API, operations{
		storefront: storefront.Deps{Verifications: g.Verify, Offers: reader, Stores: g.Tenants, Now: time.Now},
		checkout:   apicheckout.Deps{Checkout: g.Checkout, Verifications: g.Verify},
		admin: admin.Deps{Console: g.Console, Tenants: g.Tenants, Verify: g.Verify, Lists: database.NewConsole(g.DB),
			Members: reader, Ledger: ledger{g}, SecureCookie: public.Scheme == "https", Now: time.Now},
	})
	return nil
}

type operations struct {
	storefront storefront.Deps
	checkout   apicheckout.Deps
	admin      admin.Deps
}

func register(a *api.API, o operations) {
	storefront.Register(a, o.storefront)
	apicheckout.Register(a, o.checkout)
	admin.Register(a, o.admin)
}

// Contract returns the API's description as YAML and JSON. It needs nothing that runs.
func Contract(version string) (yaml, json []byte, err error) {
	a, err := api.New(api.Deps{PublicURL: "http://localhost:8080", Version: version})
	if err != nil {
		return nil, nil, err
	}
	register(a, operations{})
	d, err := a.Document()
	return d.YAML, d.JSON, err
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
	return checks
}

func (g *Gateway) jwks(context.Context) ([]byte, error) {
	b, err := json.Marshal(g.tokens.JWKS())
	if err != nil {
		return nil, fmt.Errorf("render the JWK set: %w", err)
	}
	return b, nil
}

// observer counts requests and refusals.
type observer struct{ g *Gateway }

// Request implements api.Observer.
func (o observer) Request(method, route string, status int, code string, took time.Duration) {
	o.g.Metrics.Request(method, route, status, took)
	if code != "" {
		o.g.Metrics.Refused(code)
	}
}

// ledger adjusts points for the console, with its audit entry.
type ledger struct{ g *Gateway }

// AdjustPoints implements admin.Ledger.
func (l ledger) AdjustPoints(ctx context.Context, store string, a checkout.AdjustPoints, e console.Entry) (loyalty.Member, error) {
	a.Audit = &checkout.Audit{Actor: e.Actor, Action: e.Action, Target: e.Target, Changes: string(e.Changes), RequestID: e.RequestID}
	return l.g.Checkout.AdjustPoints(ctx, store, a)
}
