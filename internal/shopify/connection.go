package shopify

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/fault"
)

// Source names Shopify in events and orders.
const Source = "shopify"

// DefaultVersion is the version of the Admin API that the adapter was written for.
const DefaultVersion = "2026-07"

// oldestVersion is the first one whose discounts know the field context.
const oldestVersion = "2025-10"

// Connection ties a store to its shop.
type Connection struct {
	Store string
	// Shop is the shop's permanent domain, such as example.myshopify.com.
	Shop string
	// Version of the Admin API, such as 2026-07.
	Version string
	// Currency is the shop's own (ISO 4217): that of all amounts that are told of.
	Currency string
	// Sealed holds the Secrets, under the store's keys.
	Sealed    string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Secrets are what Shopify gave for a shop. They are shown to nobody.
type Secrets struct {
	// AccessToken calls the Admin API.
	AccessToken string `json:"access_token"`
	// WebhookSecret signs the webhooks: the app's client secret.
	WebhookSecret string `json:"webhook_secret"`
}

var (
	shopForm    = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com$`)
	versionForm = regexp.MustCompile(`^20[0-9]{2}-(01|04|07|10)$`)
)

const maxSecret = 200

// check refuses a connection that cannot work, naming every part that is wrong.
func (c *Connection) check(s Secrets) error {
	c.Shop = strings.ToLower(strings.TrimSpace(c.Shop))
	if c.Version == "" {
		c.Version = DefaultVersion
	}
	f := fault.New(fault.Invalid, "The connection to Shopify cannot be saved. See errors for the parts to change.")
	bad := f
	if !shopForm.MatchString(c.Shop) {
		bad = bad.At("#/shop", "must be the shop's permanent domain, such as example.myshopify.com")
	}
	if !versionForm.MatchString(c.Version) || c.Version < oldestVersion {
		bad = bad.At("#/api_version", "must be a version of the Admin API from "+oldestVersion+" on, such as "+DefaultVersion)
	}
	if s.AccessToken == "" || len(s.AccessToken) > maxSecret || !visible(s.AccessToken) {
		bad = bad.At("#/access_token", "must be the Admin API access token of the app")
	}
	if s.WebhookSecret == "" || len(s.WebhookSecret) > maxSecret || !visible(s.WebhookSecret) {
		bad = bad.At("#/webhook_secret", "must be the client secret of the app")
	}
	if bad != f {
		return bad
	}
	return nil
}

func visible(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

const sealPurpose = "shopify-connection"

func seal(keys *crypt.StoreKeys, store string, s Secrets) (string, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("encode the secrets of a shop: %w", err)
	}
	sealed, err := keys.Seal(sealPurpose, b, []byte(store))
	if err != nil {
		return "", fmt.Errorf("seal the secrets of a shop: %w", err)
	}
	return sealed, nil
}

func (c Connection) open(keys *crypt.StoreKeys) (Secrets, error) {
	b, err := keys.Open(sealPurpose, c.Sealed, []byte(c.Store))
	if err != nil {
		return Secrets{}, fmt.Errorf("open the secrets of a shop: %w", err)
	}
	var s Secrets
	if err := json.Unmarshal(b, &s); err != nil {
		return Secrets{}, errors.New("open the secrets of a shop: they are not readable")
	}
	return s, nil
}
