package privacy

import "time"

// Kind is what is asked for.
type Kind string

// The kinds of requests. Objections are appeals of verifications.
const (
	Export  Kind = "export"
	Erasure Kind = "erasure"
)

// State is where a request stands.
type State string

// The states.
const (
	Waiting State = "waiting"
	Running State = "running"
	Done    State = "done"
)

// Asker says who asked.
type Asker string

// Who can ask: the shopper, the store by its secret key, or somebody at the console on behalf of the shopper.
const (
	Shopper Asker = "shopper"
	Store   Asker = "store"
	Console Asker = "console"
)

// Request is something that was asked for in the name of a shopper.
type Request struct {
	ID    string
	Store string
	Kind  Kind
	State State
	// Subject is whom it is about. Once an erasure is done its customer is the pseudonym.
	Subject Subject
	// Pseudonym stands where the customer stood.
	Pseudonym string
	AskedBy   Asker
	// Actor is who asked, as the audit trail names them; "shopper" for the shopper.
	Actor string
	// SecretHash is the SHA-256 of the secret by which the receipt is fetched.
	SecretHash []byte
	// Step is what an erasure works on, and After the id that it has come to.
	Step  Step
	After string
	// Removed counts what was removed or stripped of the person, by class.
	Removed map[string]int64
	// Receipt is the compact JWS of a Receipt, once an erasure is done.
	Receipt   string
	CreatedAt time.Time
	UpdatedAt time.Time
	DoneAt    time.Time
}

// RequestFilter chooses requests. Zero fields choose all.
type RequestFilter struct {
	Kind  Kind
	State State
	// Customer chooses those about one customer.
	Customer string
}

// ReceiptTyp is the type in the header of a receipt of an erasure.
const ReceiptTyp = "erasure-receipt+jwt"

// Receipt says what an erasure removed, about nobody by name.
type Receipt struct {
	Issuer   string `json:"iss"`
	Audience string `json:"aud"`
	// Subject is the request.
	Subject  string `json:"sub"`
	ID       string `json:"jti"`
	IssuedAt int64  `json:"iat"`
	AskedAt  int64  `json:"asked_at"`
	// Removed counts rows that were deleted, or stripped of everything that leads to the person, by class.
	Removed map[string]int64 `json:"removed"`
	// Kept names what stays and leads to nobody.
	Kept []string `json:"kept"`
}

// keeps is what an erasure leaves.
var keeps = []string{"person_tags", "limits", "ledger", "orders", "decision_receipts"}
