// Package mock is a verifier for test stores: the first name decides what happens, so that a storefront can test every
// screen. A live store cannot open it.
//
// The first names: VERIFIED, REJECTED, REVIEW, EMAILCODE (then the code 123456), SSO (then a sign-in that always
// works), ERROR. Anything else is refused as invalid.
package mock

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// Code is the code that step email_code accepts. No mail is sent.
const Code = "123456"

const maxTries = 5

// Kind opens mock verifiers.
type Kind struct{}

// New returns the kind.
func New() Kind { return Kind{} }

// Name is "mock".
func (Kind) Name() string { return "mock" }

// Config has no settings.
type Config struct{}

// Decode accepts an empty configuration, or an empty object.
func (Kind) Decode(_ string, raw []byte) (verify.Config, error) {
	if text := strings.TrimSpace(string(raw)); text != "" && text != "{}" {
		return nil, fault.New(fault.Invalid, "The mock verifier has no configuration.").At("#/config", "leave it empty")
	}
	return Config{}, nil
}

// Validate implements verify.Config.
func (Config) Validate() error { return nil }

// Open implements verify.Config. Faults: test_store_only.
func (Config) Open(o verify.Opening) (verify.Verifier, error) {
	if !o.Store.Test {
		return nil, fault.New(fault.TestStoreOnly, "The mock verifier works in test stores only.")
	}
	return Verifier{}, nil
}

// Verifier implements verify.Verifier, verify.Answerer and verify.Redirector.
type Verifier struct{}

// Name implements verify.Verifier.
func (Verifier) Name() string { return "mock" }

// Classes implements verify.Verifier.
func (Verifier) Classes() []verify.Class { return []verify.Class{verify.Possession} }

// Step implements verify.Verifier.
func (Verifier) Step() verify.Step { return verify.StepMock }

// Answer implements verify.Answerer: step mock takes {"first_name"}, step email_code takes {"code"}. Faults: invalid,
// code_invalid, and provider_unavailable for ERROR.
func (Verifier) Answer(_ context.Context, at verify.Attempt, a verify.Answer) (verify.Outcome, error) {
	if a.Step == verify.StepEmailCode {
		return code(at, a.Fields["code"]), nil
	}
	if a.Step != verify.StepMock {
		return verify.Outcome{}, verify.ErrInvalidStep
	}
	switch a.Fields["first_name"] {
	case "VERIFIED":
		return verify.Outcome{Met: evidence(at)}, nil
	case "REJECTED":
		return verify.Outcome{Reject: []verify.Reason{{Code: string(fault.NotEligible), Detail: "The mock verifier says no."}}}, nil
	case "REVIEW":
		return verify.Outcome{Review: evidence(at), Why: []string{"mock"}, Collected: map[string]string{"first_name": "REVIEW"}}, nil
	case "EMAILCODE":
		return ask(at, verify.StepEmailCode), nil
	case "SSO":
		return ask(at, verify.StepSSO), nil
	case "ERROR":
		return verify.Outcome{}, fault.New(fault.ProviderUnavailable, "The mock verifier plays a failure.").After(time.Second)
	}
	return verify.Outcome{}, fault.New(fault.Invalid, "The mock verifier knows VERIFIED, REJECTED, REVIEW, EMAILCODE, SSO and ERROR.").
		At("#/first_name", "not one of these")
}

func code(at verify.Attempt, given string) verify.Outcome {
	if given == Code {
		return verify.Outcome{Met: evidence(at)}
	}
	return verify.Outcome{Wrong: fault.Newf(fault.CodeInvalid, "The code is wrong. Tries left: %d.", maxTries-at.Tries-1)}
}

func ask(at verify.Attempt, step verify.Step) verify.Outcome {
	return verify.Outcome{Ask: &verify.Ask{
		Step: step, ExpiresAt: at.Now.Add(10 * time.Minute), ResendAfter: at.Now.Add(time.Minute), MaxTries: maxTries,
	}}
}

// evidence identifies the person by the customer, for want of anything else; a guest is a person of its own.
func evidence(at verify.Attempt) *verify.Evidence {
	identifier := "mock customer:" + at.Customer
	if at.Customer == "" {
		identifier = "mock verification:" + at.Verification
	}
	return &verify.Evidence{Classes: []verify.Class{verify.Possession}, Organisation: "mock", Identifiers: []string{identifier}}
}

// Depart implements verify.Redirector: the way leads straight back.
func (Verifier) Depart(_ context.Context, _ verify.Attempt, d verify.Departure) (verify.Redirect, error) {
	back := url.Values{"state": {d.State}, "code": {"mock"}}
	return verify.Redirect{URL: d.RedirectURI + "?" + back.Encode()}, nil
}

// Return implements verify.Redirector.
func (Verifier) Return(_ context.Context, at verify.Attempt, r verify.Return, _ []byte) (verify.Outcome, error) {
	if r.Params["code"] != "mock" {
		return verify.Outcome{}, fault.New(fault.ProviderRefused, "The sign-in was cancelled.")
	}
	return verify.Outcome{Met: evidence(at)}, nil
}
