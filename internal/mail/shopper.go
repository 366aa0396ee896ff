package mail

import (
	"fmt"
	html "html/template"
	"strconv"
	"strings"
	text "text/template"
	"time"
)

// Letterhead is the store that a mail to a shopper comes from.
type Letterhead struct {
	// Store is the store's name.
	Store string
	// Sender is the name beside the sender's address; the operator's when empty. The address is always the operator's: the
	// mail server signs for it.
	Sender string
	// ReplyTo is where answers go, and Support a page with help; both may be empty.
	ReplyTo string
	Support string
	// Locales are the languages of the shopper and of the store, most wanted first.
	Locales []string
}

// page is what the templates of mails to shoppers are filled with.
type page struct {
	Language, Direction, Title, Hello string
	Lead, What, Unasked, Support      any
	Code, Spoken, Link, Button        string
}

// RenderCode writes the mail that brings a one-time code, which is good for some minutes. The caller fills in To.
func RenderCode(from Letterhead, code string, minutes int) (Message, error) {
	return from.render("code", words{"code": code, "minutes": strconv.Itoa(minutes)}, page{Code: code, Spoken: strings.Join(strings.Split(code, ""), " ")})
}

// RenderReminder writes the mail that offers a shopper to verify again, because what they proved holds until a moment
// only; the day is that of a time zone. The link leads to where they can. The caller fills in To.
func RenderReminder(from Letterhead, until time.Time, zone *time.Location, link string) (Message, error) {
	l, err := localeOf(from.Locales)
	if err != nil {
		return Message{}, err
	}
	return from.render("reminder", words{"date": l.day(until, zone)}, page{Link: link})
}

// render writes a mail of a kind in the language of the letterhead.
func (h Letterhead) render(kind string, w words, p page) (Message, error) {
	l, err := localeOf(h.Locales)
	if err != nil {
		return Message{}, err
	}
	w["store"], w["support"] = oneLine(h.Store), h.Support
	p.Language, p.Direction = l.language, l.direction()
	p.Title, p.Hello, p.Button = l.plain(kind+".title", w), l.plain("hello", w), l.plain(kind+".button", w)
	richly, plainly := p, p
	richly.Lead, richly.What, richly.Unasked = l.rich(kind+".lead", w), l.rich(kind+".what", w), l.rich(kind+".unasked", w)
	plainly.Lead, plainly.What, plainly.Unasked = l.plain(kind+".lead", w), l.plain(kind+".what", w), l.plain(kind+".unasked", w)
	if h.Support != "" {
		richly.Support, plainly.Support = l.rich("support", w), l.plain("support", w)
	}
	m := Message{Subject: oneLine(l.plain(kind+".subject", w)), Locale: l.language, Code: p.Code, Sender: oneLine(h.Sender), ReplyTo: h.ReplyTo}
	if m.Text, err = asText(plainly); err != nil {
		return m, err
	}
	m.HTML, err = asHTML(richly)
	return m, err
}

func asText(p page) (string, error) {
	t, err := text.ParseFS(files, "templates/shopper.txt")
	if err != nil {
		return "", fmt.Errorf("read the template of mails to shoppers: %w", err)
	}
	var out strings.Builder
	if err := t.Execute(&out, p); err != nil {
		return "", fmt.Errorf("write a mail to a shopper: %w", err)
	}
	return strings.TrimSpace(out.String()) + "\n", nil
}

func asHTML(p page) (string, error) {
	t, err := html.ParseFS(files, "templates/shopper.html")
	if err != nil {
		return "", fmt.Errorf("read the template of mails to shoppers: %w", err)
	}
	var out strings.Builder
	if err := t.Execute(&out, p); err != nil {
		return "", fmt.Errorf("write a mail to a shopper: %w", err)
	}
	return out.String(), nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
