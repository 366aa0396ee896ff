package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// Cart is a cart as it is sent to Laurel. The fields stand in the order of their JSON names, so that encoding/json
// writes the canonical form (RFC 8785).
type Cart struct {
	Currency       string `json:"currency"`
	Lines          []Line `json:"lines"`
	ShippingAmount int64  `json:"shipping_amount"`
	TaxMode        string `json:"tax_mode"`
}

// Line is one line of a cart.
type Line struct {
	Categories []string `json:"categories"`
	LineID     string   `json:"line_id"`
	Quantity   int64    `json:"quantity"`
	SKU        string   `json:"sku"`
	UnitAmount int64    `json:"unit_amount"`
}

// Digest is what a token says of the cart that it is bound to.
func (c Cart) Digest() string {
	if c.TaxMode == "" {
		c.TaxMode = "exclusive"
	}
	c.Lines = append([]Line{}, c.Lines...)
	for i := range c.Lines {
		if c.Lines[i].Categories == nil {
			c.Lines[i].Categories = []string{}
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(c); err != nil {
		panic(err) // texts and numbers always encode
	}
	// Two characters that encoding/json escapes and RFC 8785 does not. A backslash before them would be doubled.
	text := strings.TrimSuffix(b.String(), "\n")
	text = unescape(text)
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// unescape writes \u2028 and \u2029 as the characters that they are, wherever the backslash is not itself escaped.
func unescape(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] != '\\':
			out.WriteByte(text[i])
		case strings.HasPrefix(text[i:], `\u2028`):
			out.WriteString("\u2028")
			i += 5
		case strings.HasPrefix(text[i:], `\u2029`):
			out.WriteString("\u2029")
			i += 5
		default:
			out.WriteString(text[i : i+2])
			i++
		}
	}
	return out.String()
}
