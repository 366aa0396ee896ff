package mail

import (
	"bytes"
	"embed"
	"fmt"
	html "html/template"
	"strings"
	text "text/template"
)

//go:embed templates
var files embed.FS

// fallback is the language of a mail when nobody wrote it in the recipient's.
const fallback = "en"

// WebhookDisabled is what the mail about a disabled webhook endpoint says.
type WebhookDisabled struct {
	// Store is the store's name, Host the endpoint's: the rest of its URL may be secret.
	Store, Host string
	// Gone says that the endpoint answered 410; else it failed for Days.
	Gone bool
	Days int
	// Link leads to the endpoint in the console.
	Link string
}

// RenderWebhookDisabled writes the mail that tells an owner of a webhook endpoint which the gateway has disabled. The
// caller fills in To.
func RenderWebhookDisabled(locale string, d WebhookDisabled) (Message, error) {
	d.Store = strings.Join(strings.Fields(d.Store), " ")
	return render("webhook_disabled", locale, d)
}

// render writes a mail to people of the console, for which each language has templates of its own.
func render(name, locale string, values any) (Message, error) {
	language := languageOf(name, locale)
	file := fmt.Sprintf("templates/%s.%s", name, language)
	plain, err := text.ParseFS(files, file+".txt")
	if err != nil {
		return Message{}, fmt.Errorf("read the mail template %s: %w", name, err)
	}
	rich, err := html.ParseFS(files, file+".html")
	if err != nil {
		return Message{}, fmt.Errorf("read the mail template %s: %w", name, err)
	}
	var subject, body, page bytes.Buffer
	for _, part := range []struct {
		out     *bytes.Buffer
		execute func(*bytes.Buffer) error
	}{
		{&subject, func(out *bytes.Buffer) error { return plain.ExecuteTemplate(out, "subject", values) }},
		{&body, func(out *bytes.Buffer) error { return plain.ExecuteTemplate(out, "body", values) }},
		{&page, func(out *bytes.Buffer) error { return rich.Execute(out, values) }},
	} {
		if err := part.execute(part.out); err != nil {
			return Message{}, fmt.Errorf("write the mail %s: %w", name, err)
		}
	}
	return Message{
		Subject: strings.TrimSpace(subject.String()),
		Text:    strings.TrimSpace(body.String()) + "\n",
		HTML:    page.String(),
		Locale:  language,
	}, nil
}

func languageOf(name, locale string) string {
	language := languageIn(locale)
	entries, err := files.ReadDir("templates")
	if err != nil {
		return fallback // the directory is compiled in: this cannot be
	}
	for _, entry := range entries {
		if entry.Name() == name+"."+language+".txt" {
			return language
		}
	}
	return fallback
}
