// Package verify decides whether a shopper belongs to a group: student, teacher, military, healthcare and others.
//
// A store has a Policy for each group it serves: paths to proof, each a list of requirements that must all be met. A
// Verification is one attempt by one shopper: a state machine on the server, moved by answers to steps. What a
// verifier finds is Evidence; enough evidence makes an Attestation. Person tags, keyed hashes of what identifies a
// human, carry the limits, so that no personal data has to be kept for them.
//
// The package knows no verifier by name. Verifiers are packages beneath it that implement Verifier and one or more of
// the small capability interfaces; package builtin lists those that ship. Storage, encryption, mail and time are
// reached through ports.
package verify
