package console

import (
	"net/mail"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"golang.org/x/text/unicode/norm"
)

// Person is someone who can sign in to the console.
type Person struct {
	ID string
	// Email is normalised: NormaliseEmail.
	Email string
	Name  string
	// Operator may do everything in every store, and alone creates stores.
	Operator bool
	Disabled bool
	Locale   string
	// PasswordHash is an argon2id hash in its text form.
	PasswordHash string
	// PasswordUntil is when a one-time password ends; zero for a password that the person chose.
	PasswordUntil time.Time
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// MustChangePassword reports whether the person signed in with a one-time password.
func (p Person) MustChangePassword() bool { return !p.PasswordUntil.IsZero() }

// Member is a person with the role in one store.
type Member struct {
	Person Person
	Role   Role
	Since  time.Time
}

// StoreRole is a store that a person can work in. Role is empty for an operator without a role there.
type StoreRole struct {
	Store string
	Name  string
	Mode  string
	Role  Role
}

// NormaliseEmail returns an address in the one form in which it is kept and compared: trimmed, NFC, lower case.
func NormaliseEmail(email string) string {
	return strings.ToLower(norm.NFC.String(strings.TrimSpace(email)))
}

const (
	maxEmail = 254
	maxName  = 200
)

// checkPerson notes what is wrong with a new person's address and name.
func checkPerson(f *fault.Fault, email, name string) *fault.Fault {
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > maxEmail {
		f = f.At("#/email", "must be one mail address, such as ada@shop.example")
	}
	if strings.TrimSpace(name) == "" || len(name) > maxName {
		f = f.At("#/name", "must be 1 to 200 bytes")
	}
	return f
}

// orNil turns a fault that points at nothing into no error.
func orNil(f *fault.Fault) error {
	if len(f.Fields) == 0 {
		return nil
	}
	return f
}
