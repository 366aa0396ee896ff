package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"time"
)

// healthView is how the gateway is.
type healthView struct {
	_      struct{}          `nullable:"false"`
	Status string            `json:"status" enum:"ok,ready,degraded,draining,unavailable" doc:"ok or ready: all is well; degraded: requests are served, slower; draining: the process is about to end, send to another; unavailable: requests are not served." example:"ready"`
	Checks map[string]string `json:"checks,omitempty" doc:"Each thing that the gateway needs: ok or unavailable."`
}

// registerPlatform adds the operations of the gateway itself.
func (a *API) registerPlatform() {
	Register(a, Operation{
		ID: "get-health", Method: http.MethodGet, Path: "/healthz", Tag: "Gateway", Summary: "Is the process alive?",
		Description: "Answers as long as the process does, whatever it depends on.", Allow: Allow(Anyone), Unlimited: true,
	}, func(context.Context, *struct{}) (*Reply[healthView], error) { return OK(healthView{Status: "ok"}) })
	Register(a, Operation{
		ID: "get-readiness", Method: http.MethodGet, Path: "/readyz", Tag: "Gateway", Summary: "Can requests be served?",
		Description: "503 when something the gateway cannot do without does not answer, and from the moment at which the process is told to end. Degraded, with 200, when it can do without.",
		Allow:       Allow(Anyone), Unlimited: true,
	}, a.readiness)
	Register(a, Operation{
		ID: "get-jwks", Method: http.MethodGet, Path: "/.well-known/jwks.json", Tag: "Gateway", Summary: "The public keys of offer tokens",
		Description: "A JWK set (RFC 7517). Keep it for as long as Cache-Control says; read it again when a token names a key that is not in it.",
		Allow:       Allow(Anyone), Unlimited: true,
	}, a.jwks)
}

// checkTimeout bounds a readiness check.
const checkTimeout = 2 * time.Second

func (a *API) readiness(ctx context.Context, _ *struct{}) (*Reply[healthView], error) {
	if a.deps.Draining != nil && a.deps.Draining() {
		return JSON(http.StatusServiceUnavailable, healthView{Status: "draining"})
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	type result struct {
		check Check
		err   error
	}
	results := make(chan result, len(a.deps.Checks))
	for _, c := range a.deps.Checks {
		go func() { results <- result{c, c.Run(ctx)} }()
	}
	view, status := healthView{Status: "ready", Checks: map[string]string{}}, http.StatusOK
	for range a.deps.Checks {
		r := <-results
		switch {
		case r.err == nil:
			view.Checks[r.check.Name] = "ok"
			continue
		case !r.check.Optional:
			view.Status, status = "unavailable", http.StatusServiceUnavailable
		case status == http.StatusOK:
			view.Status = "degraded"
		}
		view.Checks[r.check.Name] = "unavailable"
		a.deps.Log.WarnContext(ctx, "not ready", "check", r.check.Name, "error", r.err.Error())
	}
	return JSON(status, view)
}

type jwksInput struct {
	IfNoneMatch string `header:"If-None-Match" doc:"The ETag that you have: 304 when it is still the same." example:"\"kX2…\""`
}

type jwkView struct {
	Kty string `json:"kty" doc:"Kind of key." example:"EC"`
	Kid string `json:"kid" doc:"Names the key; a token's header has it." example:"2026-01-15-a"`
	Use string `json:"use" doc:"sig: for signatures." example:"sig"`
	Alg string `json:"alg" doc:"The one algorithm that the key is for." example:"ES256"`
	Crv string `json:"crv,omitempty" doc:"Curve." example:"P-256"`
	X   string `json:"x,omitempty" doc:"First coordinate, base64url." example:"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"`
	Y   string `json:"y,omitempty" doc:"Second coordinate, base64url." example:"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"`
	N   string `json:"n,omitempty" doc:"Modulus of an RSA key, base64url." example:"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAt"`
	E   string `json:"e,omitempty" doc:"Exponent of an RSA key, base64url." example:"AQAB"`
}

type jwksView struct {
	Keys []jwkView `json:"keys" doc:"The keys by which tokens that are still good were signed."`
}

type jwksReply struct {
	Status       int
	ContentType  string `header:"Content-Type" hidden:"true"`
	CacheControl string `header:"Cache-Control" doc:"How long to keep the set." example:"public, max-age=300"`
	ETag         string `header:"ETag" doc:"Names this state of the set." example:"\"kX2…\""`
	AnyOrigin    string `header:"Access-Control-Allow-Origin" doc:"Any page may read public keys." example:"*"`
	Body         Rendered[jwksView]
}

// jwksCache lets everybody keep the set for 5 minutes. A key that follows another is published for longer before it signs
// (laurel keys rotate --lead, 15 minutes), so nobody who keeps to it meets a token of a key that they cannot know.
const jwksCache = "public, max-age=300"

func (a *API) jwks(ctx context.Context, in *jwksInput) (*jwksReply, error) {
	set, err := a.deps.JWKS(ctx)
	if err != nil {
		return nil, err
	}
	r := &jwksReply{Status: http.StatusOK, ContentType: contentTypeJSON, CacheControl: jwksCache,
		ETag: ETag(set), AnyOrigin: "*", Body: set}
	if Matches(in.IfNoneMatch, r.ETag) {
		r.Status, r.Body = http.StatusNotModified, nil
	}
	return r, nil
}

// ETag is a strong validator of bytes (RFC 9110, section 8.8.3).
func ETag(b []byte) string {
	sum := sha256.Sum256(b)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// Matches reports whether an If-None-Match header names a validator (RFC 9110, section 13.1.2).
func Matches(header, tag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == "*" || candidate == tag {
			return true
		}
	}
	return false
}
