package api

import (
	"github.com/danielgtaylor/huma/v2"
)

const (
	rateLimitHeader  = "RateLimit"
	ratePolicyHeader = "RateLimit-Policy"
	retryHeader      = "Retry-After"
)

// limitHeaders are the headers about limits, for the contract.
func limitHeaders() map[string]*huma.Header {
	text := func(description, example string) *huma.Header {
		return &huma.Header{Description: description, Schema: &huma.Schema{Type: huma.TypeString}, Example: example}
	}
	return map[string]*huma.Header{
		ratePolicyHeader: text("The limit that counts for the caller: q requests at once, and as many again in w seconds.", `"credential";q=10000;w=2`),
		rateLimitHeader:  text("What is left of it: r requests now, all of them again in t seconds.", `"credential";r=9999;t=1`),
		retryHeader:      {Description: "Seconds to wait before asking again.", Schema: &huma.Schema{Type: huma.TypeInteger}, Example: 2},
	}
}

// describeLimits says which answers of an operation have headers about limits.
func describeLimits(op *Operation, answers map[string]*huma.Response) {
	add := func(to *huma.Response, names ...string) {
		if to.Headers == nil {
			to.Headers = map[string]*huma.Header{}
		}
		for _, name := range names {
			to.Headers[name] = &huma.Header{Ref: "#/components/headers/" + name}
		}
	}
	for status, answer := range answers {
		switch {
		case status == "503":
			add(answer, retryHeader)
		case op.Unlimited:
		case status == "429":
			add(answer, retryHeader, rateLimitHeader, ratePolicyHeader)
		case status[0] == '2':
			add(answer, rateLimitHeader, ratePolicyHeader)
		}
	}
}
