package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/laurel-gateway/laurel/api/problem"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/once"
)

// Reply is an answer whose body was rendered already, from a T. In the contract it is a T.
type Reply[T any] struct {
	Status      int
	ContentType string `header:"Content-Type" hidden:"true"`
	// Replayed is "true" when an earlier request with the same Idempotency-Key got these bytes.
	Replayed string `header:"Idempotency-Replayed" doc:"true when this is the stored answer to an earlier request with the same Idempotency-Key." example:"true"`
	Body     Rendered[T]
}

// Rendered is the JSON of a T.
type Rendered[T any] []byte

// Schema is that of T.
func (Rendered[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}

// rendered is any Rendered.
type rendered interface{ bytes() []byte }

func (b Rendered[T]) bytes() []byte { return b }

// JSON returns a reply with a status and a body.
func JSON[T any](status int, body T) (*Reply[T], error) {
	b, err := render(body)
	if err != nil {
		return nil, err
	}
	return &Reply[T]{Status: status, ContentType: contentTypeJSON, Body: b}, nil
}

// OK returns a reply with status 200.
func OK[T any](body T) (*Reply[T], error) { return JSON(http.StatusOK, body) }

// Nothing is the body of an answer without one.
type Nothing struct{}

// NoContent returns a reply with status 204.
func NoContent() (*Reply[Nothing], error) { return &Reply[Nothing]{Status: http.StatusNoContent}, nil }

const contentTypeJSON = "application/json"

// render writes JSON as all answers are written: no HTML escapes, one line.
func render(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("rendering an answer: %w", err)
	}
	return b.Bytes(), nil
}

// FromAnswer returns a reply with the bytes of an answer.
func FromAnswer[T any](a once.Answer) *Reply[T] {
	r := &Reply[T]{Status: a.Status, ContentType: a.ContentType, Body: a.Body}
	if a.Replayed {
		r.Replayed = "true"
	}
	return r
}

// Encoder returns the Encode function of an idempotent request: show renders what the work returned; refusals of the
// domain (409, 422) are rendered as problems. Other errors are not stored.
func Encoder[R, T any](ctx context.Context, show func(R) (status int, body T)) func(any, error) (once.Answer, bool) {
	return func(result any, err error) (once.Answer, bool) {
		if err != nil {
			return refusal(ctx, err)
		}
		r, ok := result.(R)
		if !ok {
			// A mistake of the program. The panic takes the transaction with it: nothing is done without an answer.
			panic(fmt.Sprintf("api: the transaction returned %T, the operation renders %T", result, r))
		}
		status, body := show(r)
		if status == http.StatusNoContent {
			return once.Answer{Status: status}, true
		}
		b, err := render(body)
		if err != nil {
			panic(fmt.Sprintf("api: %v", err))
		}
		return once.Answer{Status: status, ContentType: contentTypeJSON, Body: b}, true
	}
}

func refusal(ctx context.Context, err error) (once.Answer, bool) {
	f := fault.From(err)
	if f == nil || !problem.Lasting(f.Code) {
		return once.Answer{}, false
	}
	p := problemOf(ctx, err)
	return once.Answer{Status: p.Status, ContentType: problem.ContentType, Body: p.JSON()}, true
}

// Mutate runs the work of a mutation and returns its answer, or the stored one of an earlier request with the same
// key. show renders what the work's transaction returned.
func Mutate[R, T any](ctx context.Context, work func(context.Context) (R, error), show func(R) (status int, body T)) (*Reply[T], error) {
	req := once.From(ctx)
	if req != nil {
		req.Encode = Encoder(ctx, show)
	}
	result, err := work(ctx)
	answer, settled := req.Answer()
	switch {
	case errors.Is(err, once.ErrReplayed) && settled:
		return FromAnswer[T](answer), nil
	case err != nil && settled && fault.From(err) != nil && problem.Lasting(fault.CodeOf(err)):
		note(ctx, string(fault.CodeOf(err)))
		return FromAnswer[T](answer), nil
	case err != nil:
		// Whatever was settled before the commit failed does not count.
		return nil, err
	case settled:
		return FromAnswer[T](answer), nil
	}
	status, body := show(result)
	if status == http.StatusNoContent {
		return &Reply[T]{Status: status}, nil
	}
	return JSON(status, body)
}
