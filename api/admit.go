package api

import (
	"context"
	"net/http"
	"net/netip"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"
	"github.com/laurel-gateway/laurel/internal/fault"
)

// admit is what every operation asks before its input is validated, in this order: who is it, from where, how often,
// with which idempotency key, and is the body one that can be read in one way only.
func (a *API) admit(hc huma.Context, next func(huma.Context)) {
	op := operationOf(hc.Operation())
	c := humaecho.Unwrap(hc)
	ctx, err := a.admitted(hc.Context(), op, c)
	if err != nil {
		a.refuse(hc, err)
		return
	}
	next(huma.WithContext(hc, ctx))
}

func (a *API) admitted(ctx context.Context, op *Operation, c echo.Context) (context.Context, error) {
	r := c.Request()
	if err := a.openOrigin(ctx, op, c); err != nil {
		return nil, err
	}
	caller, err := a.authenticate(ctx, op, c)
	if err != nil {
		return nil, a.failed(ctx, c, err)
	}
	caller.Verification = verificationOf(op, c)
	if !caller.Is(Secret) {
		// What cannot be read is an address that is not known.
		caller.Network, _ = netip.ParseAddr(c.RealIP())
	}
	requestFrom(ctx).caller = caller
	if err := a.holdOrigin(caller, c); err != nil {
		return nil, err
	}
	if err := a.limit(ctx, op, caller, c); err != nil {
		return nil, err
	}
	key, err := idempotencyKey(op, r.Header)
	if err != nil {
		return nil, err
	}
	body, err := a.readBody(op, c)
	if err != nil {
		return nil, err
	}
	ctx = WithCaller(ctx, caller)
	if key == "" {
		return ctx, nil
	}
	return a.withOnce(ctx, op, caller, key, r, body)
}

// verificationOf is the verification that the path names, for the operations on one.
func verificationOf(op *Operation, c echo.Context) string {
	const under = "/v1/verifications/{id}"
	if len(op.Path) >= len(under) && op.Path[:len(under)] == under {
		return c.Param("id")
	}
	return ""
}

// refuse answers with a problem.
func (a *API) refuse(hc huma.Context, err error) {
	p := a.report(hc.Context(), err)
	p.SetHeaders(hc.SetHeader)
	hc.SetHeader("Content-Type", p.ContentType(""))
	hc.SetStatus(p.Status)
	if _, err := hc.BodyWriter().Write(p.JSON()); err != nil {
		a.deps.Log.DebugContext(hc.Context(), "the client went away", "error", err)
	}
}

var errNotForYou = fault.New(fault.Forbidden, "This operation is not for this kind of credential.")

// readOnly reports whether a method changes nothing by itself (RFC 9110, section 9.2.1).
func readOnly(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}
