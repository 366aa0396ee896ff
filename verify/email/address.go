package email

import (
	"strings"
	"unicode/utf8"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify/datapack"
	"golang.org/x/text/unicode/norm"
)

// ErrInvalid says that a text is not a mail address that this package can handle.
var ErrInvalid = fault.New(fault.EmailInvalid, "This is not a valid mail address.").At("#/email", "use an address such as ada@university.edu")

// Address is a mail address in two forms.
type Address struct {
	// Deliverable is where mail is sent: as the shopper wrote it, its domain in punycode.
	Deliverable string
	// Local and Domain are the parts of the deliverable address.
	Local, Domain string
	// Canonical names the mailbox: spellings that reach the same mailbox have the same canonical form. It is for person
	// tags, never for sending.
	Canonical string
}

// Parse reads a mail address. Spaces around it are ignored; Unicode is normalised (NFKC), so that full-width letters
// are the letters they look like; the domain is put into punycode. Quoted local parts, comments, address literals and
// local parts that are not ASCII are refused: no school that we know of uses them. Faults: email_invalid.
func Parse(text string) (Address, error) {
	if len(text) > 1000 || !utf8.ValidString(text) {
		return Address{}, ErrInvalid
	}
	text = strings.TrimSpace(norm.NFKC.String(text))
	at := strings.LastIndexByte(text, '@')
	if at < 1 || len(text) > 254 {
		return Address{}, ErrInvalid
	}
	local := text[:at]
	if len(local) > 64 || !isDotAtom(local) {
		return Address{}, ErrInvalid
	}
	domain, err := CanonicalDomain(text[at+1:])
	if err != nil {
		return Address{}, err
	}
	a := Address{Deliverable: local + "@" + domain, Local: local, Domain: domain}
	mailbox, home := canonicalMailbox(strings.ToLower(local), domain)
	if !isDotAtom(mailbox) {
		return Address{}, ErrInvalid
	}
	a.Canonical = mailbox + "@" + home
	return a, nil
}

// Deliverable returns the address that mail is sent to for one that was typed. Faults: email_invalid.
func Deliverable(text string) (string, error) {
	a, err := Parse(text)
	return a.Deliverable, err
}

// isDotAtom reports whether s is a dot-atom (RFC 5321, section 4.1.2).
func isDotAtom(s string) bool {
	for atom := range strings.SplitSeq(s, ".") {
		if atom == "" {
			return false
		}
		for i := range len(atom) {
			c := atom[i]
			letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
			if !letter && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", rune(c)) {
				return false
			}
		}
	}
	return true
}

// CanonicalDomain returns a domain in lower case and punycode, without a final dot. It has at least two labels and is
// not an address. Faults: email_invalid.
func CanonicalDomain(text string) (string, error) {
	domain, err := datapack.Canonical(text)
	if err != nil {
		return "", ErrInvalid.Wrap(err)
	}
	return domain, nil
}
