package mail

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestTheInboxListsTheNewestFirst(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	inbox := NewInbox(func() time.Time { now = now.Add(time.Second); return now })
	for i := range MailsPerAddress + 5 {
		send(t, inbox, Message{To: "Ada@example.edu", Text: fmt.Sprintf("code %06d.", i)})
	}
	send(t, inbox, Message{To: "bob@example.edu", Text: "1234567 and 654321", Code: ""})
	send(t, inbox, Message{To: "eve@example.edu", Text: "654321", Code: "111111"})
	list := inbox.List("ada@EXAMPLE.edu")
	if len(list) != MailsPerAddress || list[0].Code != "000024" || list[0].To != "Ada@example.edu" || !list[0].SentAt.After(list[1].SentAt) {
		t.Errorf("%d mails, the first: %+v", len(list), list[0])
	}
	if got := inbox.List("bob@example.edu")[0].Code; got != "654321" {
		t.Errorf("found code %q", got)
	}
	if all := inbox.List(""); len(all) != MailsPerAddress+2 || all[0].Code != "111111" {
		t.Errorf("all: %d, the first %+v", len(all), all[0])
	}
	if nobody := inbox.List("nobody@example.edu"); nobody == nil || len(nobody) != 0 {
		t.Errorf("nobody: %v", nobody)
	}
}

func TestTheInboxIsBounded(t *testing.T) {
	inbox := NewInbox(time.Now)
	for i := range addresses + 10 {
		send(t, inbox, Message{To: fmt.Sprintf("a%d@example.edu", i), Text: "hello"})
	}
	if len(inbox.boxes) != addresses || len(inbox.List("a0@example.edu")) != 0 {
		t.Errorf("%d addresses kept", len(inbox.boxes))
	}
}

func send(t *testing.T, mailer Mailer, message Message) {
	t.Helper()
	if err := mailer.Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
}

func TestADisabledWebhookIsToldInTheOwnersLanguage(t *testing.T) {
	about := WebhookDisabled{Store: "Shop\r\nBcc: <x>", Host: "hooks.example", Days: 5, Link: "https://laurel.example/admin/"}
	for locale, want := range map[string]string{"en": "every try has failed for 5 days", "de-AT": "Seit 5 Tagen", "fr": "every try"} {
		m, err := RenderWebhookDisabled(locale, about)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(m.Text, want) || !strings.Contains(m.HTML, "hooks.example") || !strings.Contains(m.Text, about.Link) ||
			strings.ContainsAny(m.Subject, "\r\n") || strings.Contains(m.HTML, "<x>") || strings.Contains(m.Text, "410") {
			t.Errorf("%s: %+v", locale, m)
		}
	}
	about.Gone = true
	if m, err := RenderWebhookDisabled("en", about); err != nil || !strings.Contains(m.Text, "410") || strings.Contains(m.Text, "5 days") {
		t.Errorf("%+v, %v", m, err)
	}
}
