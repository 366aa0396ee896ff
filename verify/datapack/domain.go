package datapack

import (
	"errors"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

var toASCII = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// ErrDomain says that a text is not a domain of mail.
var ErrDomain = errors.New("this is not a domain")

// Canonical returns a domain in lower case and punycode (UTS 46), without a final dot. It has at least two labels and is
// not an address.
func Canonical(text string) (string, error) {
	domain, err := toASCII.ToASCII(strings.TrimSpace(text))
	if err == nil {
		// What does not stay what it is has labels that no resolver would take.
		var again string
		if again, err = toASCII.ToASCII(domain); again != domain {
			return "", errors.Join(ErrDomain, err)
		}
	}
	if err != nil {
		return "", errors.Join(ErrDomain, err)
	}
	// Other dots than "." are dots only now (UTS 46).
	domain = strings.TrimSuffix(domain, ".")
	if !strings.Contains(domain, ".") || strings.HasSuffix(domain, ".") {
		return "", ErrDomain
	}
	if _, err := netip.ParseAddr(domain); err == nil {
		return "", ErrDomain
	}
	return domain, nil
}

// wholeTopLevels are the top-level domains under which only members of a group are registered.
var wholeTopLevels = []string{"edu", "gov", "mil"}

// forAnybody are first labels of public suffixes under which anybody may register a domain, as in "co.uk". Those of cities,
// and of kinds of institutions ("ac.uk", "k12.ca.us"), are none: some are domains of schools.
var forAnybody = []string{"asso", "biz", "co", "com", "firm", "gen", "id", "in", "ind", "inf", "info", "ltd", "me", "name", "ne", "net", "nom", "or", "org", "plc", "pp", "priv", "pro", "tm", "web"}

// isPublic reports whether anybody may register a domain under this one. A list of eligible domains with it would make
// everybody eligible.
func isPublic(domain string) bool {
	suffix, icann := publicsuffix.PublicSuffix(domain)
	first, _, _ := strings.Cut(domain, ".")
	return icann && suffix == domain && slices.Contains(forAnybody, first)
}
