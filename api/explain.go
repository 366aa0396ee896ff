package api

import (
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

// ExplanationView tells how a verification came to where it stands, and replays its decisions.
type ExplanationView struct {
	VerificationID string           `json:"verification_id" doc:"The verification." example:"ver_01920000-0000-7000-8000-000000000001"`
	State          string           `json:"state" doc:"Where it stands." example:"verified"`
	Signals        map[string]int   `json:"signals" doc:"Counts of what makes a decision doubtful: shared_network and velocity within a day, given_up_steps, disposable_mail, look_alike and others." example:"{\"shared_network\":3}"`
	Trail          []TrailNote      `json:"trail" doc:"What happened, oldest first; at most the last 40. Never shown to the shopper."`
	Decisions      []DecisionReplay `json:"decisions" doc:"The decisions, oldest first."`
}

// TrailNote is one thing that happened in a verification.
type TrailNote struct {
	At          time.Time `json:"at" doc:"When." example:"2026-01-15T10:30:00Z"`
	Requirement string    `json:"requirement" doc:"At which requirement; may be empty." example:"email"`
	Outcome     string    `json:"outcome" doc:"asked, wrong, refused, rejected, review, approved or met." example:"refused"`
	Why         []string  `json:"why" doc:"Codes that say why." example:"[\"domain_abused\"]"`
}

// DecisionReplay is one decision with its receipt, judged once more.
type DecisionReplay struct {
	ID            string            `json:"id" doc:"The receipt's id." example:"rcp_01920000-0000-7000-8000-000000000009"`
	Decided       string            `json:"decided" enum:"verified,rejected,failed" doc:"Which way it went." example:"verified"`
	At            time.Time         `json:"at" doc:"When." example:"2026-01-15T10:30:00Z"`
	PolicyID      string            `json:"policy_id" doc:"The policy that it was decided by." example:"pol_01920000-0000-7000-8000-000000000010"`
	PolicyVersion int               `json:"policy_version" doc:"In this version." example:"3"`
	Path          []string          `json:"path" doc:"The requirements that were met." example:"[\"email\"]"`
	Classes       []string          `json:"classes" doc:"The kinds of evidence." example:"[\"possession\"]"`
	Digests       map[string]string `json:"digests" doc:"The data that it rests on, by name and digest." example:"{\"academic@1\":\"sha256:…\"}"`
	Reasons       []string          `json:"reasons" doc:"Why not, for a refusal." example:"[]"`
	AttestationID string            `json:"attestation_id" doc:"The result; may be empty." example:"att_01920000-0000-7000-8000-000000000003"`
	Receipt       string            `json:"receipt" doc:"The signed receipt: a compact JWS of the type verification-receipt+jwt, which names nobody." example:"eyJhbGciOiJFUzI1NiIsImtpZCI6IjEiLCJ0eXAiOiJ2ZXJpZmljYXRpb24tcmVjZWlwdCtqd3QifQ.e30.c2ln"`
	Signature     string            `json:"signature" enum:"good,bad,key_gone" doc:"Whether the receipt is what this gateway signed; key_gone when that cannot be told any more." example:"good"`
	Replayed      string            `json:"replayed" enum:"same,other,inputs_gone" doc:"How the decision comes out from what is stored of its inputs." example:"same"`
	Findings      []string          `json:"findings" doc:"What the replay found, in words." example:"[\"Policy version 3 and 1 pieces of evidence give the same result.\"]"`
	Today         []RecheckView     `json:"today" doc:"Whether the evidence would be given by today's rules and data, where its verifier can tell."`
}

// RecheckView is a piece of evidence, judged by today's data.
type RecheckView struct {
	Requirement string `json:"requirement" doc:"The requirement." example:"email"`
	Holds       bool   `json:"holds" doc:"Whether it would be given today." example:"true"`
	Why         string `json:"why" doc:"A code that says why." example:"domain_list"`
}

// ViewExplanation renders an explanation.
func ViewExplanation(e *verify.Explanation) ExplanationView {
	out := ExplanationView{VerificationID: e.Verification.ID, State: string(e.Verification.State), Signals: e.Verification.Signals,
		Trail: []TrailNote{}, Decisions: []DecisionReplay{}}
	if out.Signals == nil {
		out.Signals = map[string]int{}
	}
	for _, n := range e.Trail {
		out.Trail = append(out.Trail, TrailNote{n.At.UTC(), string(n.Requirement), n.Outcome, plain(n.Why)})
	}
	for _, x := range e.Decisions {
		d := DecisionReplay{ID: x.Receipt.ID, Decided: string(x.Receipt.Decided), At: x.Receipt.CreatedAt, PolicyID: x.Decision.PolicyID,
			PolicyVersion: x.Decision.PolicyVersion, Path: plain(x.Decision.Path), Classes: plain(x.Decision.Classes), Digests: x.Decision.Digests,
			Reasons: plain(x.Decision.Reasons), AttestationID: x.Decision.Attestation, Receipt: x.Receipt.JWS, Signature: string(x.Signature),
			Replayed: string(x.Replayed), Findings: plain(x.Findings), Today: []RecheckView{}}
		if d.Digests == nil {
			d.Digests = map[string]string{}
		}
		for _, r := range x.Today {
			d.Today = append(d.Today, RecheckView{string(r.Requirement), r.Holds, r.Why})
		}
		out.Decisions = append(out.Decisions, d)
	}
	return out
}

// plain returns texts, and an empty list for none.
func plain[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}
