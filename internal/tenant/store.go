package tenant

import (
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/bojanz/currency"
	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/fault"
)

// Mode says whether a store is for trying out or for real. It is fixed at birth.
type Mode string

// The modes.
const (
	Test Mode = "test"
	Live Mode = "live"
)

// Store is one tenant.
type Store struct {
	ID   string
	Name string
	Mode Mode
	// Currency is an ISO 4217 code: the one in which figures are added up.
	Currency string
	// Timezone is an IANA name: where the store's days begin.
	Timezone string
	// Origins may use the publishable keys from a browser: scheme, host and port, without a path.
	Origins  []string
	Settings Settings
	// ClockOffset moves the time of a test store. It is zero in a live one.
	ClockOffset time.Duration
	// Version counts the changes, from 1.
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time

	keys *crypt.StoreKeys
}

// Settings is what a store configures about itself.
type Settings struct {
	// Locales in which the store speaks to shoppers; the first is its default.
	Locales []string `json:"locales"`
	Consent Consent  `json:"consent"`
	// TokenAlgorithm signs the store's offer tokens, status lists and receipts: one of TokenAlgorithms; ES256 when empty.
	TokenAlgorithm string `json:"token_algorithm,omitempty"`
	// Mail says how mails to shoppers are signed.
	Mail  MailSettings `json:"mail,omitzero"`
	Fraud Fraud        `json:"fraud,omitzero"`
	// Theme is the widget's CSS custom properties, by name without the leading "--laurel-".
	Theme map[string]string `json:"theme,omitempty"`
	// Retention is for how many days classes of personal data are kept, where the store set it (privacy.Clocks).
	Retention map[string]int `json:"retention,omitempty"`
}

// Fraud is what a store does about a confirmed fraud, beside what always happens.
type Fraud struct {
	// ReversePoints takes the points of redemptions back that rested on the proof.
	ReversePoints bool `json:"reverse_points,omitempty"`
}

// TokenAlgorithms are the signature algorithms that a store can choose from (RFC 7518, RFC 8037, RFC 9864).
var TokenAlgorithms = []string{"ES256", "EdDSA", "Ed25519", "RS256"}

// MailSettings is what a store says about itself in mails to its shoppers. The sender's address is the operator's. All of
// it may be empty.
type MailSettings struct {
	// SenderName stands beside the sender's address.
	SenderName string `json:"sender_name,omitempty"`
	// ReplyTo is the address to which shoppers answer.
	ReplyTo string `json:"reply_to,omitempty"`
	// SupportURL is a page with help.
	SupportURL string `json:"support_url,omitempty"`
}

func (m MailSettings) check(f *fault.Fault) *fault.Fault {
	if len(m.SenderName) > 100 || strings.ContainsFunc(m.SenderName, unicode.IsControl) {
		f = f.At("#/mail/sender_name", "use at most 100 characters on one line")
	}
	if a, err := mail.ParseAddress(m.ReplyTo); m.ReplyTo != "" && (err != nil || a.Address != m.ReplyTo) {
		f = f.At("#/mail/reply_to", "use an address such as help@shop.example")
	}
	if u, err := url.Parse(m.SupportURL); m.SupportURL != "" && (err != nil || u.Host == "" || u.Scheme != "https" || len(m.SupportURL) > 500) {
		f = f.At("#/mail/support_url", "use an absolute https address")
	}
	return f
}

// Consent is the text that a shopper accepts. The texts are by locale.
type Consent struct {
	Version string            `json:"version"`
	Text    map[string]string `json:"text"`
	// MarketingText asks for something else, which is never required. Empty: nothing is asked.
	MarketingText map[string]string `json:"marketing_text,omitempty"`
	PrivacyURL    string            `json:"privacy_url"`
}

// Live reports whether the store is a live one.
func (s *Store) Live() bool { return s.Mode == Live }

// TokenAlgorithm is the algorithm that the store's offer tokens are signed by.
func (s *Store) TokenAlgorithm() string {
	if s.Settings.TokenAlgorithm == "" {
		return TokenAlgorithms[0]
	}
	return s.Settings.TokenAlgorithm
}

// Keys makes the store's tags, keyed hashes and sealed values.
func (s *Store) Keys() *crypt.StoreKeys { return s.keys }

// Now is the store's time at a moment of the real clock.
func (s *Store) Now(real time.Time) time.Time { return real.Add(s.ClockOffset).UTC() }

// Allows reports whether origin is one of the store's own. Origins are compared as whole texts (RFC 6454, section 6.1).
func (s *Store) Allows(origin string) bool { return slices.Contains(s.Origins, origin) }

// Check returns a fault with code invalid that points at every wrong part, or nil.
func (s *Store) Check() error {
	f := fault.New(fault.Invalid, "The store is not valid.")
	if s.Name = strings.TrimSpace(s.Name); s.Name == "" || len(s.Name) > 200 {
		f = f.At("#/name", "give a name of 1 to 200 characters")
	}
	if s.Mode != Test && s.Mode != Live {
		f = f.At("#/mode", "use test or live")
	}
	if !currency.IsValid(s.Currency) {
		f = f.At("#/currency", "use an ISO 4217 code such as EUR")
	}
	if _, err := time.LoadLocation(s.Timezone); err != nil || s.Timezone == "" || s.Timezone == "Local" {
		f = f.At("#/timezone", "use an IANA name such as Europe/Berlin")
	}
	if len(s.Origins) > maxOrigins {
		f = f.At("#/origins", "give at most 100 origins")
	}
	for i, origin := range s.Origins {
		if why := originProblem(origin, s.Mode); why != "" {
			f = f.At(fmt.Sprintf("#/origins/%d", i), why)
		}
	}
	f = s.Settings.check(f)
	if f.Fields == nil {
		return nil
	}
	return f
}

const maxOrigins = 100

// originProblem says what is wrong with an origin, or nothing. A live store's pages come by https; a test store may be
// developed on http.
func originProblem(origin string, mode Mode) string {
	u, err := url.Parse(origin)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "" || u.User != nil || origin != u.Scheme+"://"+u.Host:
		return "use scheme, host and port alone, such as https://shop.example"
	case origin != strings.ToLower(origin):
		return "use lower case: browsers send it so"
	case u.Scheme == "https" && u.Port() == "443", u.Scheme == "http" && u.Port() == "80":
		return "leave out the port: browsers do not send the usual one"
	case u.Scheme == "https":
		return ""
	case u.Scheme == "http" && mode == Test:
		return ""
	}
	return "use https (a test store may use http)"
}

func (s *Settings) check(f *fault.Fault) *fault.Fault {
	if len(s.Locales) == 0 || len(s.Locales) > 50 {
		f = f.At("#/locales", "give 1 to 50 locales such as en")
	}
	for i, l := range s.Locales {
		if len(l) < 2 || len(l) > 20 {
			f = f.At(fmt.Sprintf("#/locales/%d", i), "use a language tag such as en or de-AT")
		}
	}
	if s.Consent.Version == "" || len(s.Consent.Version) > 40 {
		f = f.At("#/consent/version", "give the text a version of 1 to 40 characters; raise it when the text changes")
	}
	if len(s.Consent.Text) == 0 {
		f = f.At("#/consent/text", "give the text in at least one locale")
	}
	if p := s.Consent.PrivacyURL; p != "" {
		if u, err := url.Parse(p); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
			f = f.At("#/consent/privacy_url", "use an absolute http or https address")
		}
	}
	if a := s.TokenAlgorithm; a != "" && !slices.Contains(TokenAlgorithms, a) {
		f = f.At("#/token_algorithm", "use ES256, EdDSA, Ed25519 or RS256")
	}
	f = s.Mail.check(f)
	for name, value := range s.Theme {
		if len(name) > 60 || len(value) > 200 || strings.ContainsAny(name+value, ";{}<>\\") {
			f = f.At("#/theme", "use short CSS values without ; { } < > or backslash")
			break
		}
	}
	return f
}

// DefaultSettings are those of a new store: English, with a consent text that names the store.
func DefaultSettings(name string) Settings {
	return Settings{
		Locales: []string{"en", "de"},
		Consent: Consent{Version: "1", Text: map[string]string{
			"en": name + " checks once that you belong to the group you chose. Your details are used for nothing else.",
			"de": name + " prüft einmal, ob Sie zur gewählten Gruppe gehören. Ihre Angaben dienen nur dazu.",
		}},
	}
}
