// Package problem turns faults into problem documents (RFC 9457). One table gives every fault code its status and title.
package problem

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// ContentType of a problem document.
const ContentType = "application/problem+json"

// MaxErrors is how many wrong parts of a request a problem names. A short body can have thousands, and the answer must not
// be a hundred times as long.
const MaxErrors = 100

// Problem is a problem document.
type Problem struct {
	Type      string     `json:"type" format:"uri" doc:"Address of a page that explains this kind of problem." example:"https://laurel.example/problems/token-spent"`
	Title     string     `json:"title" doc:"Name of this kind of problem; it is the same each time." example:"Offer token spent"`
	Status    int        `json:"status" doc:"HTTP status of the answer." example:"409"`
	Code      fault.Code `json:"code" doc:"Stable name of the kind of problem: switch on this." example:"token_spent"`
	Detail    string     `json:"detail" doc:"What happened this time, and what to do." example:"This token has been used for another order."`
	Errors    []Field    `json:"errors,omitempty" doc:"The parts of the request that are wrong."`
	RequestID string     `json:"request_id" doc:"Names this request in the gateway's log." example:"req_01920000-0000-7000-8000-000000000001"`

	retryAfter time.Duration
}

// Field is one wrong part of a request.
type Field struct {
	Pointer string `json:"pointer" doc:"JSON pointer to the part (RFC 6901), in URI fragment form; #query/… and #header/… for the rest of the request." example:"#/cart/lines/0/quantity"`
	Detail  string `json:"detail" doc:"What is expected there." example:"expected number >= 1"`
	Line    int    `json:"line,omitempty" minimum:"1" doc:"In a text of several lines, such as a rule: the line, from 1." example:"2"`
	Column  int    `json:"column,omitempty" minimum:"1" doc:"The character of that line, from 1." example:"7"`
}

// Error implements error.
func (p *Problem) Error() string { return string(p.Code) + ": " + p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType names the media type of the document.
func (p *Problem) ContentType(string) string { return ContentType }

// SetHeaders sets the headers that belong to the problem: Retry-After (RFC 9110, section 10.2.3) and WWW-Authenticate
// (section 11.6.1).
func (p *Problem) SetHeaders(set func(name, value string)) {
	if p.retryAfter > 0 {
		seconds := (p.retryAfter + time.Second - 1) / time.Second
		set("Retry-After", fmt.Sprintf("%d", seconds))
	}
	if p.Status == http.StatusUnauthorized {
		set("WWW-Authenticate", `Bearer realm="laurel"`)
	}
}

// JSON is the document as it goes out. Rendering the same problem twice gives the same bytes.
func (p *Problem) JSON() []byte {
	b, err := json.Marshal(p)
	if err != nil {
		// Texts and numbers always marshal.
		panic(fmt.Sprintf("problem: marshal: %v", err))
	}
	return append(b, '\n')
}

// From makes the document of an error. What is not a fault is internal, and tells nothing. publicURL is the gateway's
// own address; requestID names the request.
func From(err error, publicURL, requestID string) *Problem {
	f := fault.From(err)
	if f == nil || !Known(f.Code) {
		f = fault.New(fault.Internal, "Something failed in the gateway. Send the same request again; if it fails again, tell the operator the request_id.")
	}
	e := Of(f.Code)
	p := &Problem{Type: TypeURL(publicURL, f.Code), Title: e.Title, Status: e.Status, Code: f.Code, Detail: f.Detail,
		RequestID: requestID, retryAfter: f.RetryAfter}
	if p.retryAfter == 0 && p.Status == http.StatusServiceUnavailable {
		// Whoever is told to come back must be told when.
		p.retryAfter = 2 * time.Second
	}
	for i, field := range f.Fields {
		if i == MaxErrors {
			p.Detail += fmt.Sprintf(" More than %d parts are wrong: the first ones are named.", MaxErrors)
			break
		}
		p.Errors = append(p.Errors, Field(field))
	}
	return p
}

// TypeURL is the address of the page that explains a code.
func TypeURL(publicURL string, code fault.Code) string {
	return strings.TrimSuffix(publicURL, "/") + "/problems/" + Slug(code)
}

// Slug is a code as it stands in an address: token-spent.
func Slug(code fault.Code) string { return strings.ReplaceAll(string(code), "_", "-") }

// CodeOfSlug is the code that a slug names.
func CodeOfSlug(slug string) fault.Code { return fault.Code(strings.ReplaceAll(slug, "-", "_")) }

// Pointer turns a location of the validator (body.cart.lines[0].quantity) into a JSON pointer in URI fragment form
// (RFC 6901, section 6): #/cart/lines/0/quantity. A wrong part of the path, query or headers is #path/id, #query/limit.
func Pointer(location string) string {
	where, rest, _ := strings.Cut(location, ".")
	if where == "body" || strings.HasPrefix(where, "body[") {
		rest = strings.TrimPrefix(strings.TrimPrefix(location, "body"), ".")
		where = ""
	}
	var b strings.Builder
	b.WriteString("#" + where)
	const limit = 300
	for _, token := range strings.FieldsFunc(rest, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		if b.Len() > limit {
			break
		}
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
		b.WriteString("/" + url.PathEscape(token))
	}
	return b.String()
}
