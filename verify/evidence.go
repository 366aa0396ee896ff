package verify

import (
	"maps"
	"time"
)

// Class says what kind of proof a piece of evidence is.
type Class string

// The classes of evidence.
const (
	// Possession: the shopper controls a mailbox, a sign-in account or a wallet key.
	Possession Class = "possession"
	// Assertion: an identity provider says so.
	Assertion Class = "assertion"
	// Authority: an authoritative record matches.
	Authority Class = "authority"
	// Document: a human reviewed a document.
	Document Class = "document"
	// Knowledge: the shopper knows data that others can know too. Never enough alone.
	Knowledge Class = "knowledge"
	// SelfDeclared: the shopper says so.
	SelfDeclared Class = "self_declared"
)

// PersonTag is a keyed hash, under a key of the store's own, of something that identifies a human: a canonical mailbox,
// an issuer and subject, a registry number. It cannot be turned back.
type PersonTag string

// Keys of Facts that more than their verifier reads.
const (
	// FactMailDomain is the domain of the mailbox that was proven. Data packs decide about it.
	FactMailDomain = "mail_domain"
	// FactOrganisationName is what the institution is called, where a data pack knows.
	FactOrganisationName = "organisation_name"
)

// Evidence is one piece of proof. It holds no personal data once Identifiers are replaced by Tags.
type Evidence struct {
	ID           string
	Verification string
	Requirement  Requirement
	Verifier     string
	Classes      []Class
	// Subgroup and Group, when set, are what the evidence itself says; it must agree with what was asked for.
	Group    string
	Subgroup string
	// Organisation names the institution behind it, such as a mail domain or an issuer; never a person.
	Organisation string
	// Identifiers are normalised texts that identify the human, each beginning with its kind ("mailbox:ada@mit.edu").
	// They are replaced by Tags before anything is stored.
	Identifiers []string
	Tags        []PersonTag
	// ValidUntil, when set, bounds the attestation.
	ValidUntil time.Time
	// Facts are further findings without personal data, such as the data pack that matched.
	Facts     map[string]string
	CreatedAt time.Time
}

// tagged returns the evidence with its identifiers replaced by tags.
func (e Evidence) tagged(t Tagger) Evidence {
	seen := map[PersonTag]bool{}
	e.Tags = nil
	for _, identifier := range e.Identifiers {
		for _, tag := range personTags(t, identifier) {
			if !seen[tag] {
				seen[tag] = true
				e.Tags = append(e.Tags, tag)
			}
		}
	}
	e.Identifiers = nil
	e.Facts = maps.Clone(e.Facts)
	return e
}

// personTags are the tags of a person by an identifier.
func personTags(t Tagger, identifier string) []PersonTag {
	made := t.PersonTags(identifier)
	tags := make([]PersonTag, len(made))
	for i, tag := range made {
		tags[i] = PersonTag(tag)
	}
	return tags
}

// Reason says, to the shopper, why something was refused: a stable code and a sentence.
type Reason struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}
