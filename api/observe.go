package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
	"github.com/laurel-gateway/laurel/api/problem"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/telemetry"
)

// observe is the outermost layer: it names the request, sets the headers that every answer has, survives panics, and
// writes one line of log. Neither path nor query is logged: both may name a person.
func (a *API) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		req := &request{id: id.New("req"), api: a}
		ctx := telemetry.WithRequestID(c.Request().Context(), req.id)
		c.SetRequest(c.Request().WithContext(context.WithValue(ctx, requestKey{}, req)))
		a.setHeaders(c.Response().Header(), req.id)
		if err := a.survive(next, c); err != nil {
			c.Error(err)
		}
		a.log(c, req, time.Since(start))
		return nil
	}
}

// setHeaders sets what holds for every answer; a page sets its own policy over it.
func (a *API) setHeaders(h http.Header, requestID string) {
	h.Set("X-Request-Id", requestID)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if a.isHTTPS() {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// survive turns a panic into an error, which is logged and answered as internal.
func (a *API) survive(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			panic(p)
		default:
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return next(c)
}

func (a *API) log(c echo.Context, req *request, took time.Duration) {
	route, status := c.Path(), c.Response().Status
	if route == "" {
		route = "none"
	}
	if a.deps.Observer != nil {
		a.deps.Observer.Request(c.Request().Method, route, status, req.code, took)
	}
	attrs := []slog.Attr{
		slog.String("method", c.Request().Method), slog.String("route", route),
		slog.Int("status", status), slog.Float64("ms", float64(took.Microseconds())/1000),
	}
	if req.code != "" {
		attrs = append(attrs, slog.String("code", req.code))
	}
	if s := req.caller.Store; s != nil {
		attrs = append(attrs, slog.String("store", s.ID))
	}
	if req.caller.CredentialID != "" && req.caller.Kind != Customer {
		attrs = append(attrs, slog.String("credential", req.caller.CredentialID))
	}
	a.deps.Log.LogAttrs(c.Request().Context(), slog.LevelInfo, "request", attrs...)
}

var errAddress = fault.New(fault.BadRequest, "The address must be valid UTF-8 without U+0000, and its query well-formed.")

// checkAddress refuses addresses that the database would refuse or that two readers could read in two ways.
func (a *API) checkAddress(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		u := c.Request().URL
		if !clean(u.Path) {
			return errAddress
		}
		query, err := url.ParseQuery(u.RawQuery)
		if err != nil {
			return errAddress
		}
		for name, values := range query {
			if len(values) > 1 {
				return fault.New(fault.Invalid, "A query parameter is given twice.").At(problem.Pointer("query."+name), "give it once")
			}
			for _, v := range append(values, name) {
				if !clean(v) {
					return errAddress
				}
			}
		}
		return next(c)
	}
}

func clean(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// unescapeParams decodes path parameters. Echo leaves them escaped when the path has an escape that changes its parts,
// such as a slash in an id, and decoded otherwise.
func unescapeParams(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().URL.RawPath == "" {
			return next(c)
		}
		values := c.ParamValues()
		for i, v := range values {
			plain, err := url.PathUnescape(v)
			if err != nil {
				return errAddress
			}
			values[i] = plain
		}
		c.SetParamValues(values...)
		return next(c)
	}
}
