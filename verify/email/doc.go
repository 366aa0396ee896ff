// Package email proves possession of a mailbox in an eligible domain, by a six-digit code.
//
// Rules decides about a domain. Packs brings the lists that ship with the gateway: schools, abused and stopped school
// domains, disposable and free mail. A store adds lists of its own.
package email
