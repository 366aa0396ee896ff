package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Document is the contract in its forms.
type Document struct {
	// YAML and JSON are OpenAPI 3.1.
	YAML []byte
	JSON []byte
	// JSON30 is OpenAPI 3.0.3, for tools that know no later one.
	JSON30 []byte
}

// Document returns the contract of the operations that were registered.
func (a *API) Document() (Document, error) { return a.spec() }

const introduction = `Laurel proves that a shopper belongs to a group, gives the checkout a single-use offer token, and credits points.

**Credentials.** A publishable key (` + "`pk_…`" + `) stands in the store's pages; with the client secret of one verification it reads and answers that one. A customer session (` + "`cs_…`" + `) speaks for one customer. A secret key (` + "`sk_…`" + `) speaks for the store and stays on its servers.

**Repeating.** Every request that changes something takes an ` + "`Idempotency-Key`" + `: a fresh UUID for each new request. Repeat a request with the same key and you get the first answer again, byte for byte, with ` + "`Idempotency-Replayed: true`" + `; the same key with another body is refused. Answers are kept for 30 days.

**Limits.** ` + "`RateLimit-Policy`" + ` and ` + "`RateLimit`" + ` (draft-ietf-httpapi-ratelimit-headers) tell how often you may ask and what is left; above it the answer is 429 with ` + "`Retry-After`" + `. Lists come in pages: send ` + "`next_cursor`" + ` as ` + "`cursor`" + `.

**Problems.** Everything that goes wrong is an ` + "`application/problem+json`" + ` document (RFC 9457). Switch on its ` + "`code`" + `.

**Numbers and times.** Amounts are whole minor units with an ISO 4217 currency; percentages are basis points (2000 is 20 %); times are RFC 3339 in UTC. Unknown fields are refused.`

func humaConfig(version string) huma.Config {
	if version == "" {
		version = "0.0.0"
	}
	format := huma.Format{Marshal: encode, Unmarshal: decode}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Laurel", Version: version, Description: introduction,
				License: &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
			},
			Servers: []*huma.Server{{URL: "/", Description: "The gateway that serves this document"}},
			Components: &huma.Components{
				Schemas:         huma.NewMapRegistry("#/components/schemas/", schemaName),
				SecuritySchemes: securitySchemes(),
				Headers:         limitHeaders(),
			},
			Tags: tags(),
		},
		Formats:       map[string]huma.Format{contentTypeJSON: format, "json": format},
		DefaultFormat: contentTypeJSON,
	}
}

// schemaName is a type's name in the contract: types of answers may end in View in the code, to stand beside those of
// the domain.
func schemaName(t reflect.Type, hint string) string {
	return strings.TrimSuffix(huma.DefaultSchemaNamer(t, hint), "View")
}

func tags() []*huma.Tag {
	return []*huma.Tag{
		{Name: "Storefront", Description: "What the pages of a store show and ask."},
		{Name: "Verifications", Description: "Prove to belong to a group, step by step."},
		{Name: "Attestations", Description: "What was proven: move it, and say that it was fraud."},
		{Name: "Offer tokens", Description: "Get the right to use an offer once, and look at one."},
		{Name: "Checkout", Description: "Price a cart, hold it, redeem it, give it back."},
		{Name: "Members", Description: "Members, their points and tiers."},
		{Name: "Privacy", Description: "What shoppers can ask about themselves: to see, take along, agree, take back, and be forgotten."},
		{Name: "Store", Description: "Customer sessions and the test clock."},
		{Name: "Integrations", Description: "Work with a storefront platform."},
		{Name: "Console", Description: "What the console does for the people of a store."},
		{Name: "Gateway", Description: "Keys and health of the gateway itself."},
		{Name: "Events", Description: "What a store's webhook endpoints receive."},
	}
}

const (
	schemePublishable = "publishableKey"
	schemeClient      = "clientSecret"
	schemeCustomer    = "customerSession"
	schemeSecret      = "secretKey"
	schemeConsole     = "consoleSession"
)

func securitySchemes() map[string]*huma.SecurityScheme {
	bearer := func(what string) *huma.SecurityScheme {
		return &huma.SecurityScheme{Type: "http", Scheme: "bearer", Description: what}
	}
	return map[string]*huma.SecurityScheme{
		schemePublishable: bearer("A publishable key, `pk_test_…` or `pk_live_…`, from a page on one of the store's allowed origins."),
		schemeClient:      {Type: "apiKey", In: "header", Name: ClientSecretHeader, Description: "The client secret of one verification, beside a publishable key."},
		schemeCustomer:    bearer("A customer session, `cs_…`, good for 15 minutes."),
		schemeSecret:      bearer("A secret key, `sk_test_…` or `sk_live_…`, from a server of the store."),
		schemeConsole:     {Type: "apiKey", In: "cookie", Name: ConsoleCookie, Description: "A session of the console."},
	}
}

// security is who may call, as OpenAPI says it: any one of the list.
func security(allow []Kind) []map[string][]string {
	var out []map[string][]string
	for _, k := range allow {
		need := map[string][]string{}
		switch k {
		case Publishable:
			need[schemePublishable] = []string{}
		case Client:
			need[schemePublishable], need[schemeClient] = []string{}, []string{}
		case Customer:
			need[schemeCustomer] = []string{}
		case Secret:
			need[schemeSecret] = []string{}
		case Console:
			need[schemeConsole] = []string{}
		case Anyone:
		}
		out = append(out, need)
	}
	return out
}

func idempotencyParameter() *huma.Param {
	one, most := 1, 255
	return &huma.Param{Name: IdempotencyHeader, In: "header", Required: true,
		Description: "A fresh UUID for each new request; the same one when the request is repeated.",
		Schema:      &huma.Schema{Type: "string", MinLength: &one, MaxLength: &most, Pattern: `^[\x21-\x7E]+$`},
		Example:     "7f0e3c1c-9a86-4f6c-8f3a-5c3c2f1b0a11"}
}

// document renders the contract, once: after the first request nothing may be registered.
func (a *API) document() (Document, error) {
	spec := a.huma.OpenAPI()
	for _, op := range a.operations {
		if op.Hidden {
			continue
		}
		a.complete(op, methodOf(spec.Paths[op.Path], op.Method))
	}
	a.addEvents(spec)
	var d Document
	var err error
	if d.JSON, err = json.MarshalIndent(spec, "", "  "); err != nil {
		return d, fmt.Errorf("rendering the contract: %w", err)
	}
	d.JSON = append(d.JSON, '\n')
	if d.YAML, err = spec.YAML(); err != nil {
		return d, fmt.Errorf("rendering the contract: %w", err)
	}
	if d.JSON30, err = spec.Downgrade(); err != nil {
		return d, fmt.Errorf("rendering the contract for OpenAPI 3.0: %w", err)
	}
	return d, nil
}

func methodOf(p *huma.PathItem, method string) *huma.Operation {
	switch method {
	case "GET":
		return p.Get
	case "POST":
		return p.Post
	case "PUT":
		return p.Put
	case "PATCH":
		return p.Patch
	}
	return p.Delete
}

// complete gives an operation its examples, and takes the body from an answer that has none.
func (a *API) complete(op *Operation, described *huma.Operation) {
	schemas := a.huma.OpenAPI().Components.Schemas
	if op.Status == 204 {
		described.Responses["204"].Content = nil
	}
	describeLimits(op, described.Responses)
	if body := described.RequestBody; body != nil {
		setExample(schemas, body.Content[contentTypeJSON], op.RequestExample)
		setExample(schemas, body.Content[op.Takes], op.RequestExample)
	}
	if answer := described.Responses[strconv.Itoa(op.Status)]; answer != nil && op.AnswerType != "" {
		answer.Content = map[string]*huma.MediaType{op.AnswerType: {Schema: &huma.Schema{Type: "string"}, Example: op.Example}}
	} else if answer != nil {
		setExample(schemas, answer.Content[contentTypeJSON], op.Example)
		for media, text := range op.Gives {
			setExample(schemas, answer.Content[media], text)
		}
	}
}

func setExample(schemas huma.Registry, media *huma.MediaType, given any) {
	if media == nil || media.Example != nil {
		return
	}
	if media.Example = given; given == nil {
		media.Example = exampleOf(schemas, media.Schema, 0)
	}
}

func clientSecretParameter() *huma.Param {
	return &huma.Param{Name: ClientSecretHeader, In: "header",
		Description: "The verification's client secret; needed beside a publishable key.",
		Schema:      &huma.Schema{Type: "string"}, Example: "k3Jt…"}
}
