package email

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// Limits of a store's own list.
const (
	maxListBytes   = 4 << 20
	maxListDomains = 100_000
	maxComplaints  = 20
)

// ListReader reads the plain domain lists of stores.
type ListReader struct {
	// Free are the domains of free and disposable mail: whoever put one into a list of eligible domains would make
	// everybody eligible.
	Free []List
	// Schools are never taken for providers: some are in those lists by mistake.
	Schools *Set
}

// ReadDomains reads a plain list: one domain a line, "#" begins a comment, "@" or "*." before a domain is ignored. It
// returns the canonical domains, sorted, each once, and their digest. Faults: invalid, pointing at lines
// ("#/text/3" is the third).
func (r ListReader) ReadDomains(text string, purpose verify.Purpose) ([]string, string, error) {
	if len(text) > maxListBytes {
		return nil, "", fault.Newf(fault.Invalid, "A domain list has at most %d bytes.", maxListBytes)
	}
	var domains []string
	complaints := fault.New(fault.Invalid, "Some lines of the list are not domains that can be used.")
	lines := bufio.NewScanner(strings.NewReader(text))
	for n := 1; lines.Scan() && len(complaints.Fields) < maxComplaints; n++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		domain, why := r.readLine(line, purpose)
		if why != "" {
			complaints = complaints.At(fmt.Sprintf("#/text/%d", n), why)
			continue
		}
		domains = append(domains, domain)
	}
	if err := lines.Err(); err != nil {
		return nil, "", fault.New(fault.Invalid, "A line of the list is too long.").Wrap(err)
	}
	if len(complaints.Fields) > 0 {
		return nil, "", complaints
	}
	slices.Sort(domains)
	domains = slices.Compact(domains)
	if len(domains) == 0 || len(domains) > maxListDomains {
		return nil, "", fault.Newf(fault.Invalid, "A domain list has from 1 to %d domains.", maxListDomains).At("#/text", "wrong number of domains")
	}
	return domains, Digest(domains), nil
}

func (r ListReader) readLine(line string, purpose verify.Purpose) (domain, why string) {
	line = strings.TrimPrefix(strings.TrimPrefix(line, "@"), "*.")
	if top, ok := topLevel(strings.TrimPrefix(line, ".")); ok {
		return top, ""
	}
	domain, err := CanonicalDomain(line)
	if err != nil {
		return "", "not a domain"
	}
	if purpose != verify.Eligible || r.Schools != nil && r.Schools.Has(domain) {
		return domain, ""
	}
	for _, l := range r.Free {
		if l.Has(domain) {
			return "", "a provider of free or disposable mail: everybody can have an address there"
		}
	}
	return domain, ""
}

// topLevel accepts the top-level domains under which only members of a group are registered.
func topLevel(text string) (string, bool) {
	switch text = strings.ToLower(text); text {
	case "edu", "gov", "mil":
		return text, true
	}
	return "", false
}

// Digest returns "sha256:" and the hex digest of the domains, one a line.
func Digest(domains []string) string {
	h := sha256.New()
	for _, d := range domains {
		// Writing to a hash never fails (package hash).
		_, _ = io.WriteString(h, d+"\n")
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
