package gateway

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"

	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers/token"
	"github.com/laurel-gateway/laurel/verify"
)

// receipts signs the receipts of verifications with the keys of offer tokens, as another type of document.
type receipts struct{ g *Gateway }

// SignReceipt implements verify.ReceiptSigner.
func (r receipts) SignReceipt(ctx context.Context, store string, payload []byte) (string, error) {
	s, err := r.g.Tenants.Store(ctx, store)
	if err != nil {
		return "", err
	}
	return r.g.tokens.SignDocument(ctx, token.Alg(s.TokenAlgorithm()), verify.ReceiptTyp, payload)
}

// OpenReceipt implements verify.ReceiptSigner.
func (r receipts) OpenReceipt(_ context.Context, jws string) ([]byte, error) {
	algorithms := make([]jose.SignatureAlgorithm, len(tenant.TokenAlgorithms))
	for i, a := range tenant.TokenAlgorithms {
		algorithms[i] = jose.SignatureAlgorithm(a)
	}
	parsed, err := jose.ParseSignedCompact(jws, algorithms)
	if err != nil {
		return nil, fmt.Errorf("read a receipt: %w", err)
	}
	header := parsed.Signatures[0].Protected
	if header.ExtraHeaders[jose.HeaderType] != verify.ReceiptTyp {
		return nil, errors.New("not the receipt of a verification")
	}
	keys := r.g.tokens.JWKS()
	key := keys.Key(header.KeyID)
	if len(key) == 0 {
		return parsed.UnsafePayloadWithoutVerification(), verify.ErrReceiptKeyGone
	}
	payload, err := parsed.Verify(key[0].Key)
	if err != nil {
		return nil, fmt.Errorf("check the signature of a receipt: %w", err)
	}
	return payload, nil
}
