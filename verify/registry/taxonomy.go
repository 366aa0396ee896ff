package registry

import "strings"

// The groups that a taxonomy of NPPES can show.
const (
	healthcare     = "healthcare"
	firstResponder = "first_responder"
)

// subgroups of healthcare by the longest prefix of a code of the NUCC Health Care Provider Taxonomy. A code that no
// prefix fits shows no health profession: a student (39), a driver, a facility or a supplier.
var healthcareByTaxonomy = map[string]string{
	"10": "other", "11": "other", "12": "other", "13": "other", "14": "other", "15": "other", "16": "nurse", "18": "other",
	"20": "doctor", "21": "other", "22": "other", "23": "other", "24": "other", "36": "other", "37": "other",
	"1223":   "dentist",    // dentists; hygienists, assistants and denturists have other codes under 12
	"125Q":   "dentist",    // oral medicine
	"1835":   "pharmacist", // technicians are 1837
	"363L":   "nurse",      // nurse practitioners
	"364S":   "nurse",      // clinical nurse specialists
	"3675":   "nurse",      // nurse anesthetists
	"367A":   "nurse",      // nurse-midwives
	"171100": "other",      // acupuncturists: of group 17 only those who treat
	"172V":   "other",      // community health workers
	"175F":   "other",      // naturopaths
	"175L":   "other",      // homeopaths
	"176B":   "other",      // midwives
}

// emtTaxonomies are emergency medical technicians and paramedics.
var emtTaxonomies = []string{"146L", "146M", "146N"}

// subgroupOf says which subgroup of a group a taxonomy code shows.
func subgroupOf(code, group string) (string, bool) {
	switch group {
	case healthcare:
		for n := len(code); n >= 2; n-- {
			if sub, ok := healthcareByTaxonomy[code[:n]]; ok {
				return sub, true
			}
		}
	case firstResponder:
		for _, prefix := range emtTaxonomies {
			if strings.HasPrefix(code, prefix) {
				return "emt", true
			}
		}
	}
	return "", false
}

// shows picks the taxonomy of a record that shows the group, and the subgroup when one is asked for. The primary one
// comes first in the record.
func shows(taxonomies []string, group, subgroup string) (code, sub string, ok bool) {
	for _, code := range taxonomies {
		if sub, ok := subgroupOf(code, group); ok && (subgroup == "" || sub == subgroup) {
			return code, sub, true
		}
	}
	return "", "", false
}

// NPIGroups are the groups that an NPI can prove.
func NPIGroups() []string { return []string{healthcare, firstResponder} }
