package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
	"github.com/laurel-gateway/laurel/api/problem"
	"github.com/laurel-gateway/laurel/internal/fault"
)

// hookHuma makes huma speak in problems of ours. Its hooks are variables of its package, the same for every API in the
// process: what differs comes with the request's context.
var hookHuma = sync.OnceFunc(func() {
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return problem.From(validationFault(status, msg, errs), "", "")
	}
	huma.NewErrorWithContext = func(hc huma.Context, status int, msg string, errs ...error) huma.StatusError {
		err := validationFault(status, msg, errs)
		p := problem.From(err, "", "")
		if r := requestFrom(hc.Context()); r != nil {
			p = r.api.report(hc.Context(), err)
		}
		p.SetHeaders(hc.SetHeader)
		return p
	}
})

// validationFault makes a fault of what huma found wrong. The value that was sent is never repeated.
func validationFault(status int, msg string, errs []error) error {
	var f *fault.Fault
	switch status {
	case http.StatusInternalServerError:
		if len(errs) == 1 {
			return errs[0]
		}
		return errors.New(msg)
	case http.StatusUnprocessableEntity:
		f = fault.New(fault.Invalid, "The request does not fit the contract. Each wrong part is named in errors.")
	case http.StatusRequestEntityTooLarge:
		f = errTooLarge
	case http.StatusUnsupportedMediaType:
		f = errMedia
	case http.StatusNotAcceptable:
		f = fault.New(fault.NotAcceptable, "The answer is application/json. Accept that.")
	default:
		f = fault.New(fault.BadRequest, "The body is missing or cannot be read.")
	}
	for _, err := range errs {
		var d *huma.ErrorDetail
		if errors.As(err, &d) {
			location, message := d.Location, expectation(d.Message)
			if field, rest, ok := strings.Cut(d.Message, wrongFieldMark); ok {
				location, message = location+"."+field, rest
			}
			f = f.At(problem.Pointer(location), message)
		}
	}
	return f
}

// expectation is the part of a validator's message that says what is expected. Some go on with the parser's own error,
// which quotes what was sent.
func expectation(message string) string {
	if strings.HasPrefix(message, "expected string to be ") {
		message, _, _ = strings.Cut(message, ": ")
	}
	if i := strings.IndexAny(message, "\r\n"); i >= 0 {
		message = message[:i]
	}
	return message
}

// wrongFieldMark parts the name of a field from what is expected there, in an error of decode: huma knows only that
// something in the body is wrong.
const wrongFieldMark = "\x1f"

// decode reads a body that has passed strictjson and the validator: what is left to go wrong is a number that its type
// cannot hold.
func decode(data []byte, v any) error {
	err := json.Unmarshal(data, v)
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &kind):
		return errors.New(kind.Field + wrongFieldMark + "expected an integer in digits alone (10, not 1e1 or 10.0) that its type can hold")
	}
	return errors.New("expected a value of the type that the contract names")
}

func encode(w io.Writer, v any) error {
	var b []byte
	var err error
	switch v := v.(type) {
	case rendered:
		b = v.bytes()
	case *problem.Problem:
		b = v.JSON()
	default:
		b, err = render(v)
	}
	if err == nil {
		_, err = w.Write(b)
	}
	return err //nolint:wrapcheck // huma wraps it
}

// problemOf makes the problem of an error, without logging it.
func problemOf(ctx context.Context, err error) *problem.Problem {
	if r := requestFrom(ctx); r != nil {
		return problem.From(err, r.api.deps.PublicURL, r.id)
	}
	return problem.From(err, "", "")
}

// report makes the problem of an error and logs it, once, when it is the gateway's own fault.
func (a *API) report(ctx context.Context, err error) *problem.Problem {
	switch {
	case fault.From(err) != nil:
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		err = fault.New(fault.Unavailable, "The request was not answered in time. Send it again with the same Idempotency-Key.").Wrap(err)
	}
	p := problemOf(ctx, err)
	note(ctx, string(p.Code))
	switch p.Code {
	case fault.Internal:
		a.deps.Log.ErrorContext(ctx, "request failed", "error", err.Error())
	case fault.Unavailable, fault.Overloaded:
		a.deps.Log.WarnContext(ctx, "request not served", "code", string(p.Code), "error", err.Error())
	}
	return p
}

// note keeps the code of a refusal for the access log and the metrics.
func note(ctx context.Context, code string) {
	if r := requestFrom(ctx); r != nil {
		r.code = code
	}
}

// writeError is Echo's error handler: what no operation answered.
func (a *API) writeError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	p := a.report(c.Request().Context(), routeFault(err))
	h := c.Response().Header()
	p.SetHeaders(h.Set)
	h.Set("Content-Type", problem.ContentType)
	c.Response().WriteHeader(p.Status)
	if c.Request().Method == http.MethodHead {
		return
	}
	if _, err := c.Response().Write(p.JSON()); err != nil {
		a.deps.Log.DebugContext(c.Request().Context(), "the client went away", "error", err)
	}
}

// routeFault gives Echo's own errors a code.
func routeFault(err error) error {
	var he *echo.HTTPError
	if fault.From(err) != nil || !errors.As(err, &he) {
		return err
	}
	switch he.Code {
	case http.StatusNotFound:
		return fault.New(fault.NotFound, "There is nothing at this address. The operations are listed at /docs.")
	case http.StatusMethodNotAllowed:
		return fault.New(fault.MethodNotAllowed, "This address has other methods: see the Allow header.")
	case http.StatusRequestEntityTooLarge:
		return errTooLarge
	case http.StatusUnsupportedMediaType:
		return errMedia
	case http.StatusBadRequest:
		return fault.New(fault.BadRequest, "The request cannot be read.")
	}
	return err
}
