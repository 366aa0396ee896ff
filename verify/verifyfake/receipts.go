package verifyfake

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
)

// SignReceipt implements verify.ReceiptSigner: a text that OpenReceipt can tell from one that was changed.
func (Secrets) SignReceipt(_ context.Context, _ string, payload []byte) (string, error) {
	return base64.RawURLEncoding.EncodeToString(payload) + "." + hex.EncodeToString(mac("receipt", payload)), nil
}

// OpenReceipt implements verify.ReceiptSigner.
func (Secrets) OpenReceipt(_ context.Context, jws string) ([]byte, error) {
	body, sum, _ := strings.Cut(jws, ".")
	payload, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil || !bytes.Equal([]byte(hex.EncodeToString(mac("receipt", payload))), []byte(sum)) {
		return nil, errors.New("not what was signed")
	}
	return payload, nil
}
