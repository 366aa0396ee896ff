package email

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// The rules of codes.
const (
	// CodeLifetime is how long a code can be used.
	CodeLifetime = 10 * time.Minute
	// MaxTries is how many wrong codes a verification allows, whichever code they were for.
	MaxTries = 5
	// MaxSends is how many codes a verification sends: one, and three more.
	MaxSends = 4
	// ResendWait is how long the same address waits for another code.
	ResendWait = time.Minute
)

// Verifier proves possession of a mailbox. It implements verify.Verifier and verify.Answerer.
type Verifier struct {
	rules   *Rules
	digests map[string]string
	random  io.Reader
}

// Name implements verify.Verifier.
func (*Verifier) Name() string { return "email" }

// Classes implements verify.Verifier.
func (*Verifier) Classes() []verify.Class { return []verify.Class{verify.Possession} }

// Step implements verify.Verifier.
func (*Verifier) Step() verify.Step { return verify.StepEmail }

// SendsMail implements verify.Mailing.
func (*Verifier) SendsMail() bool { return true }

// Digests implements verify.Digested.
func (v *Verifier) Digests() map[string]string { return v.digests }

// Rules are the domain rules of this instance.
func (v *Verifier) Rules() *Rules { return v.rules }

// challenge is what is remembered while a code waits. The code itself is not in it.
type challenge struct {
	// Deliverable and Canonical are the address; Matched and List say why it is eligible.
	Deliverable string `json:"deliverable"`
	Canonical   string `json:"canonical"`
	Domain      string `json:"domain"`
	Rule        Reason `json:"rule"`
	Matched     string `json:"matched"`
	List        string `json:"list"`
	// Key and MAC are HMAC-SHA-256 over verification, address and code.
	Key []byte `json:"key"`
	MAC []byte `json:"mac"`
}

func (c challenge) mac(verification, code string) []byte {
	h := hmac.New(sha256.New, c.Key)
	// Writing to a hash never fails (package hash).
	_, _ = io.WriteString(h, verification+"\n"+c.Canonical+"\n"+code)
	return h.Sum(nil)
}

// Answer implements verify.Answerer: step email takes {"email"}, step email_code takes {"code"}. Faults:
// email_invalid, email_not_eligible, email_limit, code_expired, invalid; a wrong code is a counted try with the fault
// code_invalid.
func (v *Verifier) Answer(_ context.Context, at verify.Attempt, a verify.Answer) (verify.Outcome, error) {
	var open *challenge
	if at.Pending != nil {
		open = &challenge{}
		if err := json.Unmarshal(at.Pending.Private, open); err != nil {
			return verify.Outcome{}, fmt.Errorf("reading an email challenge: %w", err)
		}
	}
	if a.Step == verify.StepEmail {
		return v.send(at, open, a.Fields["email"])
	}
	if open == nil {
		return verify.Outcome{}, verify.ErrInvalidStep
	}
	return check(at, *open, a.Fields["code"])
}

func (v *Verifier) send(at verify.Attempt, open *challenge, text string) (verify.Outcome, error) {
	address, err := Parse(text)
	if err != nil {
		return verify.Outcome{}, err
	}
	verdict := v.rules.Check(address)
	if !verdict.Eligible {
		return verify.Outcome{}, fault.New(fault.EmailNotEligible,
			"This address does not show that you belong to the group. Use the address that your institution gave you.").
			At("#/email", "not eligible")
	}
	if open != nil && open.Deliverable == address.Deliverable && at.Now.Before(at.Pending.ResendAfter) {
		return verify.Outcome{Same: true}, nil
	}
	if at.Sends >= MaxSends {
		return verify.Outcome{}, fault.New(fault.EmailLimit, "No more codes are sent for this verification. Start a new one.")
	}
	c := challenge{
		Deliverable: address.Deliverable, Canonical: address.Canonical, Domain: address.Domain,
		Rule: verdict.Reason, Matched: verdict.Matched, List: verdict.List, Key: make([]byte, sha256.Size),
	}
	if _, err := io.ReadFull(v.random, c.Key); err != nil {
		return verify.Outcome{}, fmt.Errorf("making a key: %w", err)
	}
	n, err := rand.Int(v.random, big.NewInt(1_000_000))
	if err != nil {
		return verify.Outcome{}, fmt.Errorf("making a code: %w", err)
	}
	code := fmt.Sprintf("%06d", n)
	c.MAC = c.mac(at.Verification, code)
	private, err := json.Marshal(c)
	if err != nil {
		return verify.Outcome{}, fmt.Errorf("writing an email challenge: %w", err)
	}
	return verify.Outcome{Ask: &verify.Ask{
		Step: verify.StepEmailCode, ExpiresAt: at.Now.Add(CodeLifetime), ResendAfter: at.Now.Add(ResendWait), MaxTries: MaxTries,
		Private: private, Mail: &verify.CodeMail{To: address.Deliverable, Locale: at.Locale, Code: code},
		Limits: limits(address),
	}}, nil
}

// limits are the hard limits of a mailbox, whoever asks.
func limits(a Address) []verify.Limit {
	refusal := fault.New(fault.EmailLimit, "Too many codes were sent to this mailbox. Wait, then try again.")
	return []verify.Limit{
		{Kind: "codes_per_day", Identifier: identifier(a.Canonical), Max: 10, Window: 24 * time.Hour, Refusal: refusal},
		{Kind: "codes_per_hour", Identifier: identifier(a.Canonical), Max: 5, Window: time.Hour, Refusal: refusal},
	}
}

func identifier(canonical string) string { return "mailbox:" + canonical }

func check(at verify.Attempt, c challenge, text string) (verify.Outcome, error) {
	code := strings.Join(strings.Fields(text), "")
	if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
		return verify.Outcome{}, fault.New(fault.Invalid, "The code has six digits.").At("#/code", "six digits")
	}
	if !at.Now.Before(at.Pending.ExpiresAt) {
		return verify.Outcome{}, fault.New(fault.CodeExpired, "This code is too old. Ask for a new one.")
	}
	if !hmac.Equal(c.MAC, c.mac(at.Verification, code)) {
		left := MaxTries - at.Tries - 1
		return verify.Outcome{Wrong: fault.Newf(fault.CodeInvalid, "The code is wrong. %s left.", plural(left, "try", "tries"))}, nil
	}
	facts := map[string]string{"rule": string(c.Rule), "matched": c.Matched}
	if c.List != "" {
		facts["list"] = c.List
	}
	return verify.Outcome{Met: &verify.Evidence{
		Classes: []verify.Class{verify.Possession}, Organisation: c.Matched,
		Identifiers: []string{identifier(c.Canonical)}, Facts: facts,
	}}, nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
