package demouniversity

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// person is somebody who can sign in.
type person struct {
	ID, Name, Role string
	// Affiliations are values of eduPersonAffiliation (eduPerson 202208, section 2.2.1).
	Affiliations []string
}

var people = []person{
	{"ada", "Ada Okafor", "Student of mathematics", []string{"student", "member"}},
	{"grace", "Grace Lindqvist", "Professor of physics", []string{"faculty", "employee", "member"}},
	{"wren", "Wren Castellanos", "Alumna, class of 2009", []string{"alum"}},
}

// roles are what a visitor with a name of their own can be.
var roles = map[string][]string{
	"student": {"student", "member"},
	"faculty": {"faculty", "employee", "member"},
	"alum":    {"alum"},
}

const scope = "demo-university.example"

// choose returns the person that a form names: one of the list, or a name and role of the visitor's own.
func choose(id, name, role string) (person, bool) {
	for _, p := range people {
		if p.ID == id {
			return p, true
		}
	}
	name = strings.Join(strings.Fields(name), " ")
	affiliations, known := roles[role]
	if id != "" || name == "" || len(name) > 80 || !known {
		return person{}, false
	}
	sum := sha256.Sum256([]byte(strings.ToLower(name)))
	return person{ID: "own-" + hex.EncodeToString(sum[:8]), Name: name, Role: role, Affiliations: affiliations}, true
}

// claims are what the ID token and userinfo say about a person.
func (p person) claims() map[string]any {
	scoped := make([]string, len(p.Affiliations))
	for i, a := range p.Affiliations {
		scoped[i] = a + "@" + scope
	}
	return map[string]any{
		"sub": p.ID, "name": p.Name, "email": p.ID + "@" + scope, "email_verified": true,
		"eduperson_affiliation": p.Affiliations, "eduperson_scoped_affiliation": scoped,
	}
}
