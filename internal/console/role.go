package console

import "slices"

// Role is what a person may do in one store.
type Role string

// The roles.
const (
	Owner    Role = "owner"
	Marketer Role = "marketer"
	Reviewer Role = "reviewer"
	Analyst  Role = "analyst"
	Support  Role = "support"
)

// Roles returns every role, the mightiest first.
func Roles() []Role { return []Role{Owner, Marketer, Reviewer, Analyst, Support} }

// Valid reports whether there is such a role.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Actor is a signed-in person.
type Actor struct {
	Person Person
	// Session is the hash of the session's token.
	Session []byte
}
