// Package mail sends the gateway's mails: through an SMTP server, or into an inbox in memory for demonstrations.
package mail

import (
	"context"
	"errors"
	"fmt"
)

// ErrRefused means that the mail server refused a mail for good: another attempt would end the same.
var ErrRefused = errors.New("the mail server refuses this mail")

// ErrNoMailbox is an [ErrRefused] that is due to the recipient's address: nobody reads mail there.
var ErrNoMailbox = fmt.Errorf("%w: there is no such mailbox", ErrRefused)

// Message is one mail to one person.
type Message struct {
	// To is a bare address, as ada@example.edu.
	To      string
	Subject string
	// Text is needed; HTML, when set, is its alternative.
	Text string
	HTML string
	// Locale is the language of the texts, as "en" or "de-AT".
	Locale string
	// ID names the mail in reports about it: it becomes the local part of the Message-ID. Empty: one is made up.
	ID string
	// Sender, when set, is the name beside the sender's address, and ReplyTo where answers go.
	Sender  string
	ReplyTo string
	// Code is the one-time code in the texts, if any. It is for [Inbox] and is never sent by itself.
	Code string
}

// Mailer sends mails. Send returns when the mail is accepted by the next server; errors never hold the address or the
// content.
type Mailer interface {
	Send(ctx context.Context, message Message) error
}
