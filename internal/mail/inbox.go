package mail

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// MailsPerAddress is how many mails an inbox keeps for one address; older ones go.
	MailsPerAddress = 20
	// addresses is how many addresses an inbox knows; the one that waited longest for mail goes.
	addresses = 1000
)

var sixDigits = regexp.MustCompile(`(?:^|\D)(\d{6})(?:\D|$)`)

// Received is one mail in an inbox.
type Received struct {
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	Code    string    `json:"code"`
	SentAt  time.Time `json:"sent_at"`
}

// Inbox is a [Mailer] that keeps mails in memory for whoever looks: for demonstrations and tests only.
type Inbox struct {
	now func() time.Time

	mu    sync.Mutex
	boxes map[string][]Received // by address in lower case, oldest mail first
	order []string              // addresses, the longest without mail first
}

// NewInbox returns an empty inbox that dates mails by now.
func NewInbox(now func() time.Time) *Inbox {
	return &Inbox{now: now, boxes: map[string][]Received{}}
}

// Send implements [Mailer]. It never fails.
func (b *Inbox) Send(_ context.Context, message Message) error {
	received := Received{To: message.To, Subject: message.Subject, Text: message.Text, Code: message.Code, SentAt: b.now().UTC()}
	if received.Code == "" {
		if found := sixDigits.FindStringSubmatch(message.Text); found != nil {
			received.Code = found[1]
		}
	}
	key := strings.ToLower(message.To)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.boxes[key] = append(b.boxes[key], received)
	if len(b.boxes[key]) > MailsPerAddress {
		b.boxes[key] = slices.Clone(b.boxes[key][1:])
	}
	if at := slices.Index(b.order, key); at >= 0 {
		b.order = slices.Delete(b.order, at, at+1)
	}
	b.order = append(b.order, key)
	if len(b.order) > addresses {
		delete(b.boxes, b.order[0])
		b.order = b.order[1:]
	}
	return nil
}

// List returns the mails to an address, newest first; the address may be written in any case. An empty address lists
// the mails to all.
func (b *Inbox) List(to string) []Received {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := []Received{}
	if to != "" {
		list = append(list, b.boxes[strings.ToLower(to)]...)
	} else {
		for _, key := range b.order {
			list = append(list, b.boxes[key]...)
		}
		slices.SortStableFunc(list, func(x, y Received) int { return x.SentAt.Compare(y.SentAt) })
	}
	slices.Reverse(list)
	return list
}
