package shopify

import (
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

// codeAlphabet is Crockford's base 32: no letters that look like figures.
var codeAlphabet = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// codeOf is the text of the code for a token: made of the token's id by a key of the store, so that whoever asks again,
// after whatever crash, asks for the same one. 80 bits: nobody guesses it.
func codeOf(keys *crypt.StoreKeys, jti string) (string, error) {
	mac, err := keys.MAC("shopify-code", []byte(jti))
	if err != nil {
		return "", fmt.Errorf("make the code of a token: %w", err)
	}
	return "LRL" + codeAlphabet.EncodeToString(mac[:10]), nil
}

// startsEarlier lets a code be good at once, although the clocks of the gateway and of the shop differ a little.
const startsEarlier = time.Minute

// Mint gives the one discount code of the shop that stands for a token. The row of the code is written first; then the
// shop is asked, outside of every transaction; then the row is marked. The same token always has the same code, and the
// shop takes a code once only: no crash and no race makes a second one. customer is empty when it is not known yet.
//
// Faults: those of the token, not_found without a connection, integration_unsupported, integration_refused, unavailable.
func (s *Service) Mint(ctx context.Context, store *tenant.Store, raw, customer string) (*Code, error) {
	connection, err := s.Connection(ctx, store.ID)
	if err != nil {
		return nil, err
	}
	offered, err := s.Checkout.Offered(ctx, store, raw, customer)
	if err != nil {
		return nil, err
	}
	text, err := codeOf(store.Keys(), offered.JTI)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	// A test store's clock is not the shop's.
	until := offered.ExpiresAt.Add(-store.ClockOffset)
	in, err := discount(offered.Offer, text, connection.Currency, now.Add(-startsEarlier), until)
	if err != nil {
		return nil, err
	}
	code, fresh, err := s.Storage.Ask(ctx, Code{Store: store.ID, JTI: offered.JTI, MAC: store.Keys().CodeMAC(text), State: Asked, ExpiresAt: until})
	if err != nil {
		return nil, err
	}
	if code.State != Minted {
		secrets, err := connection.open(store.Keys())
		if err != nil {
			return nil, err
		}
		if code.NodeID, err = s.admin(connection, secrets).mint(ctx, in, fresh); err != nil {
			return nil, err
		}
	}
	return s.Storage.Mark(ctx, code)
}

// mint makes the discount, unless the shop has it. A row that was there before means that somebody asked and perhaps
// did not live to see the answer.
func (a admin) mint(ctx context.Context, in discountInput, fresh bool) (string, error) {
	if !fresh {
		if node, err := a.find(ctx, in.Code); err != nil || node != "" {
			return node, err
		}
	}
	node, taken, err := a.create(ctx, in)
	if err != nil || !taken {
		return node, err
	}
	if node, err = a.find(ctx, in.Code); err == nil && node == "" {
		err = errAway.Wrap(errors.New("the shop says that it has the code, and does not find it"))
	}
	return node, err
}

// Text gives the text of a code.
func (c Code) Text(keys *crypt.StoreKeys) (string, error) { return codeOf(keys, c.JTI) }
