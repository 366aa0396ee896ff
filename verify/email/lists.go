package email

import (
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/datapack"
)

// AcademicPack is the name under which an operator imports a newer list of schools: a gateway-wide pack of this name
// stands in place of the shipped schools, abused and stopped domains.
const AcademicPack = "academic"

// Digest returns "sha256:" and the hex digest of canonical domains, sorted, one a line.
func Digest(domains []string) string {
	entries := make([]datapack.Entry, len(domains))
	for i, d := range domains {
		entries[i] = datapack.Entry{Purpose: datapack.Eligible, Domain: d}
	}
	return datapack.New(entries).Digest()
}

// listOf is the part of a data pack that a rule asks.
func listOf(p verify.OpenPack, purpose verify.Purpose) List {
	name := "store:" + p.Name
	if p.Gateway() {
		name = "gateway:" + p.Name
	}
	return List{Name: name, Set: p.Content.Set(purpose), content: p.Content}
}

// rulesOf returns the rules by the shipped lists, with a newer list of schools in their place where there is one. used
// are the digests of the lists that can decide.
func rulesOf(shipped *Shipped, packs []verify.OpenPack) (rules *Rules, used map[string]string) {
	rules = &Rules{
		Abused: []List{shipped.Abused}, Stopped: []List{shipped.Stopped}, Disposable: []List{shipped.Disposable}, Schools: []List{shipped.Academic},
	}
	replaced := false
	for _, p := range packs {
		if p.Gateway() && p.Name == AcademicPack {
			replaced = true
			rules.Abused, rules.Stopped, rules.Schools = nil, nil, []List{listOf(p, verify.Eligible), shipped.Academic}
		}
	}
	return rules, shipped.digests(replaced)
}
