package offers_test

import (
	"errors"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/offers"
)

// A token pays for one order of the customer it was made for, while it lives.
func TestATokenIsForItsCustomerOnce(t *testing.T) {
	token := func(change func(*offers.Token)) *offers.Token {
		one := offers.Token{State: offers.TokenLive, Customer: "c-1", ExpiresAt: midday.Add(time.Minute)}
		change(&one)
		return &one
	}
	for name, c := range map[string]struct {
		token    *offers.Token
		customer string
		want     error
	}{
		"its customer":            {token(func(*offers.Token) {}), "c-1", nil},
		"another customer":        {token(func(*offers.Token) {}), "c-2", offers.ErrCustomer},
		"a guest":                 {token(func(*offers.Token) {}), "", offers.ErrCustomer},
		"a guest's, by anybody":   {token(func(t *offers.Token) { t.Customer = "" }), "c-2", nil},
		"held, by its customer":   {token(func(t *offers.Token) { t.State = offers.TokenHeld }), "c-1", nil},
		"spent":                   {token(func(t *offers.Token) { t.State = offers.TokenSpent }), "c-1", offers.ErrTokenSpent},
		"spent, by somebody else": {token(func(t *offers.Token) { t.State = offers.TokenSpent }), "c-2", offers.ErrTokenSpent},
		"revoked":                 {token(func(t *offers.Token) { t.State = offers.TokenRevoked }), "c-1", offers.ErrTokenRevoked},
		"expired":                 {token(func(t *offers.Token) { t.ExpiresAt = midday }), "c-1", offers.ErrTokenExpired},
	} {
		if err := c.token.Usable(c.customer, midday); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
