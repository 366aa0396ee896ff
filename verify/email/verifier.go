package email

import (
	"cmp"
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
	// Organisation is the domain of the institution, Name what it is called.
	Organisation string `json:"organisation"`
	Name         string `json:"name,omitempty"`
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

// Answer implements verify.Answerer: step email takes {"email"}, step email_code takes {"code"}. An address that is not
// eligible is refused and noted. Faults: email_invalid, email_limit, code_expired, invalid; a wrong code is a counted try with the fault
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
		return refused(verdict), nil
	}
	if open != nil && open.Deliverable == address.Deliverable && at.Now.Before(at.Pending.ResendAfter) {
		return verify.Outcome{Same: true}, nil
	}
	if at.Sends >= MaxSends {
		return verify.Outcome{}, fault.New(fault.EmailLimit, "No more codes are sent for this verification. Start a new one.")
	}
	c := challenge{
		Deliverable: address.Deliverable, Canonical: address.Canonical, Domain: address.Domain,
		Rule: verdict.Reason, Matched: verdict.Matched, List: verdict.List, Organisation: verdict.Organisation, Name: verdict.Name,
		Key: make([]byte, sha256.Size),
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

// Resend implements verify.Resender: another code to the address that the open one went to.
func (v *Verifier) Resend(_ context.Context, at verify.Attempt) (verify.Outcome, error) {
	var open challenge
	if err := json.Unmarshal(at.Pending.Private, &open); err != nil {
		return verify.Outcome{}, fmt.Errorf("reading an email challenge: %w", err)
	}
	return v.send(at, &open, open.Deliverable)
}

// Limits implements verify.Limited: those of the mailbox that the open code went to.
func (v *Verifier) Limits(at verify.Attempt) ([]verify.Limit, error) {
	var open challenge
	if err := json.Unmarshal(at.Pending.Private, &open); err != nil {
		return nil, fmt.Errorf("reading an email challenge: %w", err)
	}
	return limits(Address{Canonical: open.Canonical}), nil
}

var errNotEligible = fault.New(fault.EmailNotEligible,
	"This address does not show that you belong to the group. Use the address that your institution gave you.").At("#/email", "not eligible")

// refused says the same to every shopper, and to the store which rule refused.
func refused(v Verdict) verify.Outcome {
	out := verify.Outcome{Refused: errNotEligible, Why: []string{"domain_" + string(v.Reason)}}
	if v.Reason == ByDisposable {
		out.Signals = map[string]int{verify.SignalDisposable: 1}
	}
	return out
}

// Recheck implements verify.Rechecker: it asks today's rules about the domain of the mailbox. Patterns are not asked:
// they are about addresses, which are not kept.
func (v *Verifier) Recheck(e verify.Evidence) (holds bool, why string) {
	verdict := v.rules.Domain(cmp.Or(e.Facts[verify.FactMailDomain], e.Organisation))
	return verdict.Eligible, "domain_" + string(verdict.Reason)
}

// Identifier returns the identifier that the person tag of a mailbox is made of; ok is false for what is no address.
func Identifier(text string) (identifier string, ok bool) {
	a, err := Parse(text)
	if err != nil {
		return "", false
	}
	return mailboxIdentifier(a.Canonical), true
}

// limits are the hard limits of a mailbox, whoever asks.
func limits(a Address) []verify.Limit {
	refusal := fault.New(fault.EmailLimit, "Too many codes were sent to this mailbox. Wait, then try again.")
	return []verify.Limit{
		{Kind: "codes_per_day", Identifier: mailboxIdentifier(a.Canonical), Max: 10, Window: 24 * time.Hour, Refusal: refusal},
		{Kind: "codes_per_hour", Identifier: mailboxIdentifier(a.Canonical), Max: 5, Window: time.Hour, Refusal: refusal},
	}
}

func mailboxIdentifier(canonical string) string { return "mailbox:" + canonical }

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
	facts := map[string]string{"rule": string(c.Rule), "matched": c.Matched, verify.FactMailDomain: c.Domain}
	if c.List != "" {
		facts["list"] = c.List
	}
	if c.Name != "" {
		facts[verify.FactOrganisationName] = c.Name
	}
	return verify.Outcome{Met: &verify.Evidence{
		Classes: []verify.Class{verify.Possession}, Organisation: cmp.Or(c.Organisation, c.Matched),
		Identifiers: []string{mailboxIdentifier(c.Canonical)}, Facts: facts,
	}}, nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
