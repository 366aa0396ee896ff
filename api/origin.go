package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/laurel-gateway/laurel/internal/fault"
)

// ErrOrigin refuses a page that the store does not know.
var ErrOrigin = fault.New(fault.OriginNotAllowed, "This page's origin is not one of the store's allowed origins. Add it in the console.")

const (
	allowedHeaders = "Authorization, Content-Type, Idempotency-Key, " + ClientSecretHeader
	exposedHeaders = "Idempotency-Replayed, Retry-After, X-Request-Id, RateLimit, RateLimit-Policy"
)

// forBrowsers reports whether pages of stores may call the operation.
func forBrowsers(op *Operation) bool {
	return slices.ContainsFunc(op.Allow, func(k Kind) bool { return k == Publishable || k == Client || k == Customer })
}

// preflight answers the question that a browser asks before a request of another origin (Fetch standard, CORS protocol).
// It carries no key: an origin that any store allows may ask; the request itself is held to the key's store.
func (a *API) preflight(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		origin, method := r.Header.Get("Origin"), r.Header.Get("Access-Control-Request-Method")
		if r.Method != http.MethodOptions || origin == "" || method == "" {
			return next(c)
		}
		h := c.Response().Header()
		h.Add("Vary", "Origin")
		h.Add("Vary", "Access-Control-Request-Method")
		op := a.find(method, r)
		if op == nil || !forBrowsers(op) {
			return c.NoContent(http.StatusNoContent)
		}
		known, err := a.known(r.Context(), origin)
		if err != nil {
			return err
		}
		if known {
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Allow-Methods", op.Method)
			h.Set("Access-Control-Allow-Headers", allowedHeaders)
			h.Set("Access-Control-Max-Age", "600")
		}
		return c.NoContent(http.StatusNoContent)
	}
}

// find returns the operation that a method on the request's address would reach.
func (a *API) find(method string, r *http.Request) *Operation {
	c := a.echo.NewContext(r, nil)
	a.echo.Router().Find(method, echo.GetPath(r), c)
	return a.operations[method+" "+c.Path()]
}

func (a *API) known(ctx context.Context, origin string) (bool, error) {
	if a.own[origin] {
		return true, nil
	}
	return a.deps.Tenants.OriginKnown(ctx, origin)
}

// openOrigin lets a page of a known origin read the answer, refusals of its key included.
func (a *API) openOrigin(ctx context.Context, op *Operation, c echo.Context) error {
	if !forBrowsers(op) {
		return nil
	}
	h := c.Response().Header()
	h.Add("Vary", "Origin")
	origin := c.Request().Header.Get("Origin")
	if origin == "" {
		return nil
	}
	known, err := a.known(ctx, origin)
	if err != nil {
		return err
	}
	if known {
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Expose-Headers", exposedHeaders)
	}
	return nil
}

// holdOrigin holds a request to the origins of its own store. A secret key in a page is a leak: the page gets nothing
// to read.
func (a *API) holdOrigin(caller Caller, c echo.Context) error {
	origin := c.Request().Header.Get("Origin")
	if origin == "" {
		return nil
	}
	allowed := a.own[origin] || (caller.Store != nil && caller.Store.Allows(origin))
	switch caller.Kind {
	case Publishable, Client, Customer:
		if allowed {
			return nil
		}
		closeOrigin(c)
		return ErrOrigin
	case Secret:
		closeOrigin(c)
	}
	return nil
}

func closeOrigin(c echo.Context) {
	c.Response().Header().Del("Access-Control-Allow-Origin")
	c.Response().Header().Del("Access-Control-Expose-Headers")
}

// isHTTPS reports whether shoppers reach the gateway by TLS, here or at a proxy.
func (a *API) isHTTPS() bool { return strings.HasPrefix(a.deps.PublicURL, "https://") }
