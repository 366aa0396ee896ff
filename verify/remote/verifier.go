package remote

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/circuit"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Verifier is one remote verifier. It implements verify.Verifier, verify.Answerer, verify.Decider and verify.Asking.
type Verifier struct {
	config   Config
	instance string
	key      []byte
	signer   *standardwebhooks.Webhook
	deps     Deps
	guard    *circuit.Guard
}

// Name implements verify.Verifier.
func (*Verifier) Name() string { return "remote" }

// Classes implements verify.Verifier.
func (v *Verifier) Classes() []verify.Class { return slices.Clone(v.config.Classes) }

// Step implements verify.Verifier.
func (*Verifier) Step() verify.Step { return verify.StepRemote }

// DisplayName implements verify.Named.
func (v *Verifier) DisplayName() string { return v.config.Name }

// Fields implements verify.Asking.
func (v *Verifier) Fields() []verify.Field {
	out := make([]verify.Field, len(v.config.Fields))
	for i, f := range v.config.Fields {
		out[i] = verify.Field{Name: f.Name, Label: f.Label, Kind: f.Type, Required: f.Required, MaxLength: f.MaxLength}
	}
	return out
}

// waiting is what is remembered while the other side decides.
type waiting struct {
	RequestID string `json:"request_id"`
}

// Answer implements verify.Answerer. Faults: invalid when a field is not as declared, provider_unavailable when the
// other side is away or says what is not understood: that is never a no.
func (v *Verifier) Answer(ctx context.Context, at verify.Attempt, a verify.Answer) (verify.Outcome, error) {
	if a.Step != verify.StepRemote {
		return verify.Outcome{}, verify.ErrInvalidStep
	}
	fields, err := v.config.read(a.Fields)
	if err != nil {
		return verify.Outcome{}, err
	}
	id := v.requestID(at, fields)
	if w, ok := pending(at); ok && w.RequestID == id {
		return verify.Outcome{Same: true}, nil
	}
	d, err := v.ask(ctx, id, v.request(at, id, fields))
	if err != nil {
		return verify.Outcome{}, err
	}
	out, err := v.outcome(at, d, id)
	if err != nil {
		return verify.Outcome{}, away(err)
	}
	out.Limits = v.limits(fields)
	return out, nil
}

// Decide implements verify.Decider. Faults: decision_refused when it is not signed, too old, or for another verification
// or another question; invalid when it is signed and not understood.
func (v *Verifier) Decide(_ context.Context, at verify.Attempt, d verify.Delivery) (verify.Outcome, error) {
	if !d.Trusted {
		if err := v.signed(d.ID, d.Timestamp, d.Signature, d.Body); err != nil {
			return verify.Outcome{}, verify.ErrDecision.Wrap(err)
		}
	}
	body, err := decode(d.Body)
	if err != nil {
		return verify.Outcome{}, notUnderstood(err)
	}
	w, ok := pending(at)
	same := func(given, want string) bool { return given == want || given == "" && d.Trusted }
	if !ok || !same(body.Verification, at.Verification) || !same(body.RequestID, w.RequestID) {
		return verify.Outcome{}, verify.ErrDecision.Wrap(fmt.Errorf("the decision is for another question"))
	}
	if !slices.Contains([]string{decisionVerified, decisionRejected, decisionReview}, body.Decision) {
		return verify.Outcome{}, notUnderstood(fmt.Errorf("the decision is not final"))
	}
	out, err := v.outcome(at, body, w.RequestID)
	if err != nil {
		return verify.Outcome{}, notUnderstood(err)
	}
	return out, nil
}

func notUnderstood(err error) error {
	return fault.New(fault.Invalid, "The decision is not understood.").At("#", err.Error())
}

// pending returns what is remembered of the question that waits, if one does.
func pending(at verify.Attempt) (w waiting, ok bool) {
	if at.Pending == nil || at.Pending.Step != verify.StepPending {
		return w, false
	}
	return w, json.Unmarshal(at.Pending.Private, &w) == nil && w.RequestID != ""
}

// requestID is the same for the same answer to the same verification, so that the other side decides once however often
// it is asked. Nobody without the secret can tell from it what the shopper gave.
func (v *Verifier) requestID(at verify.Attempt, fields map[string]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "laurel request\n%s\n%s\n%s", at.Store.ID, at.Verification, at.Requirement)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		fmt.Fprintf(&b, "\n%q=%q", name, fields[name])
	}
	h := hmac.New(sha256.New, v.key)
	h.Write([]byte(b.String()))
	return "msg_" + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:24])
}

// question is what the other side is asked.
type question struct {
	Type         string `json:"type"`
	RequestID    string `json:"request_id"`
	Verification string `json:"verification_id"`
	Store        string `json:"store_id"`
	LiveMode     bool   `json:"livemode"`
	Group        string `json:"group"`
	Subgroup     string `json:"subgroup,omitempty"`
	// Customer is there only when a secret key or the customer's session named it.
	Customer    string            `json:"customer,omitempty"`
	Locale      string            `json:"locale,omitempty"`
	Country     string            `json:"country,omitempty"`
	Fields      map[string]string `json:"fields"`
	DecisionURL string            `json:"decision_url"`
}

func (v *Verifier) request(at verify.Attempt, id string, fields map[string]string) question {
	q := question{
		Type: "verification.check", RequestID: id, Verification: at.Verification, Store: at.Store.ID, LiveMode: !at.Store.Test, Group: at.Group,
		Subgroup: at.Subgroup, Locale: at.Locale, Country: at.Country, Fields: fields, DecisionURL: v.deps.DecisionURL(at.Store.ID, at.Verification),
	}
	if at.Bound {
		q.Customer = at.Customer
	}
	return q
}

// limits counts a value that could be guessed at, whoever gives it and whatever comes out.
func (v *Verifier) limits(fields map[string]string) []verify.Limit {
	var out []verify.Limit
	for _, f := range v.config.Fields {
		value := fields[f.Name]
		if !f.Limited || value == "" {
			continue
		}
		identifier := "remote:" + v.instance + "\n" + f.Name + "\n" + strings.ToLower(value)
		refusal := fault.New(fault.RateLimited, "This was asked too often. Try again later.")
		out = append(out,
			verify.Limit{Kind: "remote_hour", Identifier: identifier, Max: 5, Window: time.Hour, Refusal: refusal},
			verify.Limit{Kind: "remote_day", Identifier: identifier, Max: 10, Window: 24 * time.Hour, Refusal: refusal})
	}
	return out
}

// window is how old or new a signature may be (Standard Webhooks, "Verifying webhooks": replay attacks).
const window = 5 * time.Minute

// signed checks a signature and its age.
func (v *Verifier) signed(id, timestamp, signature string, body []byte) error {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return fmt.Errorf("reading the time of a signature: %w", err)
	}
	if age := v.deps.Now().Sub(time.Unix(seconds, 0)); age > window || age < -window {
		return fmt.Errorf("the signature is %s old", age.Round(time.Second))
	}
	header := map[string][]string{}
	for name, value := range map[string]string{"Webhook-Id": id, "Webhook-Timestamp": timestamp, "Webhook-Signature": signature} {
		header[name] = []string{value}
	}
	if err := v.signer.VerifyIgnoringTimestamp(body, header); err != nil {
		return fmt.Errorf("checking a signature: %w", err)
	}
	return nil
}
