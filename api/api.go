package api

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"
	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/ratelimit"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

// Tenants finds stores and whose a credential is (tenant.Directory).
type Tenants interface {
	Store(ctx context.Context, id string) (*tenant.Store, error)
	ByKey(ctx context.Context, plain string) (tenant.Credential, error)
	BySession(ctx context.Context, plain string) (tenant.Credential, error)
	OriginKnown(ctx context.Context, origin string) (bool, error)
}

// ConsoleCookie is the cookie of a console session.
const ConsoleCookie = "laurel_session"

// ConsoleSessions knows who is signed in to the console.
type ConsoleSessions interface {
	// Person returns whose session a cookie's value is. Faults: unauthenticated.
	Person(ctx context.Context, cookie string) (Person, error)
	// Role returns a person's role in a store, or "" for none.
	Role(ctx context.Context, person, store string) (string, error)
}

// Limits bound how often may be asked. A nil Limiter bounds nothing.
type Limits struct {
	Limiter ratelimit.Limiter
	// Credential is the rate of a secret key, a customer session or a person.
	Credential ratelimit.Rate
	// Address is the rate of one address with a publishable key or without any. A campus shares one: be generous.
	Address ratelimit.Rate
	// Failures is the rate of refused credentials of one address.
	Failures ratelimit.Rate
}

// Observer is told of every answered request, for metrics. route is the pattern, never the path.
type Observer interface {
	Request(method, route string, status int, code string, took time.Duration)
}

// Check is one thing that must answer for the gateway to be ready.
type Check struct {
	Name string
	Run  func(ctx context.Context) error
	// Optional: without it the gateway is degraded, not unready.
	Optional bool
}

// Deps is what an API is built with.
type Deps struct {
	// PublicURL is the gateway's own address, without a trailing slash.
	PublicURL string
	// OwnOrigins are further origins under which the gateway itself is reached.
	OwnOrigins []string
	Version    string
	Tenants    Tenants
	Console    ConsoleSessions
	// GatewayKeys make the keyed hashes that belong to no store: idempotency keys of the console, names in the limiter.
	GatewayKeys *crypt.StoreKeys
	Limits      Limits
	// TrustedProxies are the networks whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	// MaxBody bounds a body in bytes; 1 MiB when zero.
	MaxBody int64
	// BodyTimeout bounds how long a body may take to arrive; 10 s when zero.
	BodyTimeout time.Duration
	Log         *slog.Logger
	Observer    Observer
	Checks      []Check
	// Draining reports that a shutdown has begun: readiness says so, so that a proxy stops sending. Nil: never.
	Draining func() bool
	// JWKS gives the public keys of offer tokens as a JWK set.
	JWKS func(ctx context.Context) ([]byte, error)
	// Widget, Admin, MyData and Demo are the built front ends; a nil one is not served.
	Widget fs.FS
	Admin  fs.FS
	MyData fs.FS
	Demo   fs.FS
	// Mounts are further handlers by path prefix ("/demo/inbox"), behind the same headers and log.
	Mounts map[string]http.Handler
}

// API answers HTTP. Operations are added by Register, before the first request.
type API struct {
	deps       Deps
	echo       *echo.Echo
	huma       huma.API
	operations map[string]*Operation
	own        map[string]bool
	spec       func() (Document, error)
	// uploads has a place for each upload that is being read.
	uploads chan struct{}
}

// New returns an API with the operations that every gateway has. It fails on a PublicURL that is none, and on
// a Limiter without GatewayKeys.
func New(d Deps) (*API, error) {
	u, err := url.Parse(d.PublicURL)
	if err != nil || (d.PublicURL != "" && u.Host == "") {
		return nil, errors.New("the public URL must be absolute, such as https://laurel.example")
	}
	if d.Limits.Limiter != nil && d.GatewayKeys == nil {
		return nil, errors.New("rate limits need the gateway's keys: callers are counted under hashed names")
	}
	if d.MaxBody == 0 {
		d.MaxBody = 1 << 20
	}
	if d.BodyTimeout == 0 {
		d.BodyTimeout = 10 * time.Second
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	hookHuma()
	a := &API{deps: d, echo: echo.New(), operations: map[string]*Operation{}, own: map[string]bool{}, uploads: make(chan struct{}, maxUploads)}
	for _, o := range append([]string{u.Scheme + "://" + u.Host}, d.OwnOrigins...) {
		a.own[strings.ToLower(o)] = true
	}
	a.echo.HideBanner, a.echo.HidePort = true, true
	a.echo.HTTPErrorHandler = a.writeError
	a.echo.IPExtractor = extractor(d.TrustedProxies)
	a.echo.Pre(a.observe, a.checkAddress, a.preflight)
	a.echo.Use(unescapeParams)
	a.huma = humaecho.New(a.echo, humaConfig(d.Version))
	a.huma.UseMiddleware(a.admit)
	a.spec = sync.OnceValues(a.document)
	a.registerPlatform()
	if err := a.registerFiles(); err != nil {
		return nil, fmt.Errorf("serving the front ends: %w", err)
	}
	return a, nil
}

// OwnOrigins are the origins under which the gateway itself is reached, sorted: its own pages are always allowed.
func (a *API) OwnOrigins() []string { return slices.Sorted(maps.Keys(a.own)) }

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead && a.find(http.MethodGet, r) != nil {
		// An operation that reads answers HEAD as it answers GET; the server leaves the body out.
		get := *r
		get.Method = http.MethodGet
		r = &get
	}
	a.echo.ServeHTTP(w, r)
}

// extractor reads the caller's address, believing only proxies that the operator named.
func extractor(proxies []netip.Prefix) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		options = append(options, echo.TrustIPRange(ipNet(p)))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}
