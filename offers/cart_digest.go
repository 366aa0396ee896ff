package offers

import (
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"unicode/utf8"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// ErrCart refuses a token that was made for another cart.
var ErrCart = fault.New(fault.CartMismatch, "This offer token was made for another cart. Send that cart, or get a token for this one.")

// Digest names the content of a cart: base64url, without padding, of the SHA-256 of its Canonical form. A token that
// carries it is good for this cart alone.
func (c Cart) Digest() string {
	sum := sha256.Sum256(c.Canonical())
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Canonical is the cart as canonical JSON (RFC 8785): the members currency, lines, shipping_amount and tax_mode; of each
// line, in the order of the cart, categories, line_id, quantity, sku and unit_amount. Every member is there, also when
// it is empty or zero. Amounts are below 2^53, so they are written as they are.
func (c Cart) Canonical() []byte {
	b := make([]byte, 0, 128+128*len(c.Lines))
	b = append(b, `{"currency":`...)
	b = appendCanonical(b, c.Currency)
	b = append(b, `,"lines":[`...)
	for i, l := range c.Lines {
		if i > 0 {
			b = append(b, ',')
		}
		b = l.appendCanonical(b)
	}
	b = append(b, `],"shipping_amount":`...)
	b = strconv.AppendInt(b, c.ShippingAmount, 10)
	b = append(b, `,"tax_mode":`...)
	b = appendCanonical(b, c.TaxMode)
	return append(b, '}')
}

func (l Line) appendCanonical(b []byte) []byte {
	b = append(b, `{"categories":[`...)
	for i, category := range l.Categories {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendCanonical(b, category)
	}
	b = append(b, `],"line_id":`...)
	b = appendCanonical(b, l.LineID)
	b = append(b, `,"quantity":`...)
	b = strconv.AppendInt(b, l.Quantity, 10)
	b = append(b, `,"sku":`...)
	b = appendCanonical(b, l.SKU)
	b = append(b, `,"unit_amount":`...)
	b = strconv.AppendInt(b, l.UnitAmount, 10)
	return append(b, '}')
}

// appendCanonical writes a text as RFC 8785 section 3.2.2.2 says: only what must be escaped is, the short way where
// there is one. encoding/json escapes U+2028 and U+2029 too.
func appendCanonical(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\b':
			b = append(b, '\\', 'b')
		case r == '\t':
			b = append(b, '\\', 't')
		case r == '\n':
			b = append(b, '\\', 'n')
		case r == '\f':
			b = append(b, '\\', 'f')
		case r == '\r':
			b = append(b, '\\', 'r')
		case r < ' ':
			b = append(b, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}
