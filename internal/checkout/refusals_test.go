package checkout

import (
	"errors"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers"
)

// A token rests on a proof, which pays for its customer alone and while it holds, whoever has the token.
func TestAProofPaysForItsCustomerAlone(t *testing.T) {
	now := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	holds := Attestation{Customer: "c-1", Bound: true, ValidUntil: now.AddDate(1, 0, 0)}
	claimed, lapsed, ended := holds, holds, holds
	claimed.Bound = false
	lapsed.ValidUntil = now
	ended.Ended = true
	for name, c := range map[string]struct {
		proof    Attestation
		customer string
		want     error
	}{
		"its customer":                     {holds, "c-1", nil},
		"another customer":                 {holds, "c-2", offers.ErrCustomer},
		"a guest":                          {holds, "", offers.ErrCustomer},
		"claimed only, by another":         {claimed, "c-2", nil}, // the redemption binds it
		"lapsed":                           {lapsed, "c-1", offers.ErrTokenRevoked},
		"ended, a fraud for example":       {ended, "c-1", offers.ErrTokenRevoked},
		"ended, presented by another, too": {ended, "c-2", offers.ErrTokenRevoked},
	} {
		if err := suits(&c.proof, c.customer, &Shop{Now: now}); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// Whoever types codes hears one refusal, whatever is the matter with a code; whoever has a token hears what is.
func TestEveryBadCodeIsRefusedAlike(t *testing.T) {
	codes := map[string]string{"mac-1": "jti-1"}
	typed, had := Purchase{Codes: []string{"mac-0", "mac-1"}}, Purchase{Tokens: []string{"jti-1"}}
	for _, err := range []error{offers.ErrTokenSpent, offers.ErrTokenRevoked, offers.ErrTokenExpired, offers.ErrTokenInvalid, offers.ErrCustomer, offers.ErrCart} {
		got, want := fault.From(typed.unified(codes, "jti-1", err)), fault.From(codeUnknown(1))
		if got.Code != want.Code || got.Detail != want.Detail || len(got.Fields) != 1 || got.Fields[0] != want.Fields[0] {
			t.Errorf("%v is told as %v", err, got)
		}
		if told := had.unified(nil, "jti-1", err); !errors.Is(told, err) {
			t.Errorf("a token: %v is told as %v", err, told)
		}
	}
	if err := typed.unified(codes, "jti-1", offers.ErrOfferNotLive); !errors.Is(err, offers.ErrOfferNotLive) {
		t.Errorf("what is no matter of the code: %v", err)
	}
}
