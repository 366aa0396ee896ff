package api

import (
	"context"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/laurel-gateway/laurel/api/problem"
	"github.com/laurel-gateway/laurel/internal/fault"
)

// Operation describes one operation of the contract.
type Operation struct {
	// ID is unique, in words-with-dashes.
	ID     string
	Method string
	// Path has its parameters in braces: /v1/orders/{id}.
	Path        string
	Tag         string
	Summary     string
	Description string
	// Status of the ordinary answer; 200 when zero. With 204 there is no body.
	Status int
	// Allow lists who may call. Nobody is the default.
	Allow []Kind
	// Scope is what a secret key needs when its scopes are bounded.
	Scope string
	// Roles that may call a console operation; all of them when empty.
	Roles []string
	// OperatorOnly is for the few console operations that no role gives.
	OperatorOnly bool
	// Mutation asks for an Idempotency-Key.
	Mutation bool
	// Refusals are the codes that a caller has to reckon with, beside those that any operation gives.
	Refusals []fault.Code
	// Takes is the media type of a body that is not JSON, in a field RawBody; Gives are those of an answer that is not, in
	// a field Body of bytes, each with an example.
	Takes string
	Gives map[string]string
	// MaxBody bounds the body in bytes; the API's own bound when zero.
	MaxBody int64
	// UploadTime bounds how long a body may take that goes on arriving; without it a body has the API's BodyTimeout.
	UploadTime time.Duration
	// RequestExample and Example stand in the contract; made of the fields' examples when nil.
	RequestExample any
	Example        any
	// AnswerType is the media type of an ordinary answer that is no JSON; its body is a []byte.
	AnswerType string
	// Unlimited operations cost nothing of a caller's rate.
	Unlimited bool
	// Hidden keeps the operation out of the contract.
	Hidden bool

	takesBody bool
}

// operationOf returns what was registered for a huma operation.
func operationOf(op *huma.Operation) *Operation {
	o, _ := op.Metadata["laurel"].(*Operation)
	return o
}

// Register adds an operation. I holds path, query, header and Body fields as huma reads them; O is a *Reply, or a
// struct as huma writes it when an answer needs headers of its own. It panics on a mistake in the description: that is a
// mistake of the program.
func Register[I, O any](a *API, op Operation, handler func(context.Context, *I) (*O, error)) {
	if len(op.Allow) == 0 {
		panic("api: operation " + op.ID + " lets nobody in")
	}
	if op.Status == 0 {
		op.Status = http.StatusOK
	}
	if op.MaxBody == 0 {
		op.MaxBody = a.deps.MaxBody
	}
	described := &huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary, Description: describe(op),
		Tags: []string{op.Tag}, DefaultStatus: op.Status, Hidden: op.Hidden, Security: security(op.Allow),
		// The body is read, bounded and timed by readBody; huma's own bound would answer in its own way.
		MaxBodyBytes: op.MaxBody + 2, BodyReadTimeout: -1,
		Metadata:                     map[string]any{"laurel": &op},
		RejectUnknownQueryParameters: true,
		Errors:                       statuses(&op),
	}
	if len(op.Gives) > 0 {
		described.Responses = files(op)
	}
	if op.Mutation {
		described.Parameters = append(described.Parameters, idempotencyParameter())
	}
	if slices.Contains(op.Allow, Client) {
		described.Parameters = append(described.Parameters, clientSecretParameter())
	}
	_, op.takesBody = reflect.TypeFor[I]().FieldByName("Body")
	if op.Takes != "" {
		op.takesBody = true
	}
	body := map[string]*huma.MediaType{}
	if op.takesBody {
		described.RequestBody = &huma.RequestBody{Content: body}
	}
	huma.Register(a.huma, *described, handler)
	if op.Takes == "" {
		// A RawBody beside a Body is the same JSON, as it came.
		delete(body, "application/octet-stream")
	}
	a.operations[op.Method+" "+echoPath(op.Path)] = &op
}

// Scopes are those that the registered operations ask of a secret key, sorted, each once.
func (a *API) Scopes() []string {
	known := map[string]bool{}
	for _, op := range a.operations {
		if op.Scope != "" {
			known[op.Scope] = true
		}
	}
	return slices.Sorted(maps.Keys(known))
}

// files describes an answer that is not JSON.
func files(op Operation) map[string]*huma.Response {
	content := map[string]*huma.MediaType{}
	for media := range op.Gives {
		content[media] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	return map[string]*huma.Response{strconv.Itoa(op.Status): {Description: http.StatusText(op.Status), Content: content}}
}

// echoPath is a path as Echo writes it: /v1/orders/:id.
func echoPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

// describe adds to a description what follows from the rest: who may call, and with which codes it refuses.
func describe(op Operation) string {
	var b strings.Builder
	b.WriteString(strings.TrimSpace(op.Description))
	if op.Scope != "" {
		b.WriteString("\n\nA secret key with bounded scopes needs `" + op.Scope + "`.")
	}
	if len(op.Roles) > 0 {
		b.WriteString("\n\nRoles: " + strings.Join(op.Roles, ", ") + ".")
	}
	if op.OperatorOnly {
		b.WriteString("\n\nOnly the operator may do this.")
	}
	if len(op.Refusals) > 0 {
		b.WriteString("\n\nRefusals:")
		for _, code := range op.Refusals {
			b.WriteString(" `" + string(code) + "` (" + strconv.Itoa(problem.Of(code).Status) + ")")
		}
		b.WriteString(".")
	}
	return b.String()
}

// statuses are the error statuses of an operation, sorted, each once.
func statuses(op *Operation) []int {
	codes := append([]fault.Code{fault.BadRequest, fault.Invalid, fault.RateLimited, fault.Internal, fault.Unavailable}, op.Refusals...)
	if !slices.Contains(op.Allow, Anyone) {
		codes = append(codes, fault.Unauthenticated, fault.Forbidden)
	}
	if strings.Contains(op.Path, "{") {
		codes = append(codes, fault.NotFound)
	}
	if op.Mutation {
		codes = append(codes, fault.IdempotencyKeyInFlight)
	}
	var out []int
	for _, c := range codes {
		if s := problem.Of(c).Status; !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return out
}
