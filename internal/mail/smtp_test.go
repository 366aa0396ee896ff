package mail

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"testing"
	"time"
)

func mailerTo(t *testing.T, s *smtpServer, shape func(*SMTPConfig)) *SMTP {
	t.Helper()
	config := SMTPConfig{
		Host: "127.0.0.1", Port: s.port(), From: "Books <shop@example.com>", TLS: StartTLS,
		Timeout: 10 * time.Second, Roots: s.roots, Now: func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) },
	}
	shape(&config)
	mailer, err := NewSMTP(config)
	if err != nil {
		t.Fatal(err)
	}
	return mailer
}

func as(mode TLSMode) func(*SMTPConfig) { return func(c *SMTPConfig) { c.TLS = mode } }

func TestAMailArrivesWhole(t *testing.T) {
	server := startServer(t, func(s *smtpServer) { s.startTLS, s.password = true, "hunter2" })
	mailer := mailerTo(t, server, func(c *SMTPConfig) { c.Username, c.Password = "shop", "hunter2" })
	message, err := RenderCode("de", "Bücher", "123456", 10)
	if err != nil {
		t.Fatal(err)
	}
	message.To = "ada@example.edu"
	send(t, mailer, message)
	mails := server.received()
	if len(mails) != 1 || !mails[0].encrypted || mails[0].from != "shop@example.com" || mails[0].to != "ada@example.edu" {
		t.Fatalf("mails: %+v", mails)
	}
	letter, err := netmail.ReadMessage(strings.NewReader(mails[0].data))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
	if err != nil || subject != "123456 ist Ihr Code für Bücher" {
		t.Errorf("subject %q, %v", subject, err)
	}
	if letter.Header.Get("Content-Language") != "de" || letter.Header.Get("Auto-Submitted") != "auto-generated" || letter.Header.Get("Message-Id") == "" {
		t.Errorf("headers: %v", letter.Header)
	}
	if date, err := letter.Header.Date(); err != nil || date.Year() != 2026 {
		t.Errorf("date %v, %v", date, err)
	}
	kind, parameters, err := mime.ParseMediaType(letter.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("type %q, %v", kind, err)
	}
	parts := multipart.NewReader(letter.Body, parameters["boundary"])
	for _, want := range []string{"Guten Tag", "<html lang=\"de\">"} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(part); err != nil || !strings.Contains(string(body), want) {
			t.Errorf("part %s, %v, want %q", body, err, want)
		}
	}
}

func TestTLSModes(t *testing.T) {
	offers := func(s *smtpServer) { s.startTLS = true }
	plain := func(*smtpServer) {}
	implicit := func(s *smtpServer) { s.implicit = true }
	for name, test := range map[string]struct {
		server    func(*smtpServer)
		mode      TLSMode
		sent      bool
		encrypted bool
	}{
		"starttls":                            {offers, StartTLS, true, true},
		"starttls, not offered":               {plain, StartTLS, false, false},
		"opportunistic":                       {offers, Opportunistic, true, true},
		"opportunistic, not offered":          {plain, Opportunistic, true, false},
		"none":                                {offers, NoTLS, true, false},
		"implicit":                            {implicit, Implicit, true, true},
		"implicit, against a plain mail port": {plain, Implicit, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			server := startServer(t, test.server)
			err := mailerTo(t, server, as(test.mode)).Send(t.Context(), Message{To: "ada@example.edu", Subject: "s", Text: "t"})
			mails := server.received()
			if (err == nil) != test.sent || (len(mails) == 1) != test.sent {
				t.Fatalf("error %v, %d mails", err, len(mails))
			}
			if test.sent && mails[0].encrypted != test.encrypted {
				t.Errorf("encrypted: %v", mails[0].encrypted)
			}
		})
	}
}

func TestAStrangersCertificateIsRefused(t *testing.T) {
	server := startServer(t, func(s *smtpServer) { s.startTLS = true })
	_, others := selfSigned(t)
	mailer := mailerTo(t, server, func(c *SMTPConfig) { c.Roots = others })
	if err := mailer.Send(t.Context(), Message{To: "ada@example.edu", Text: "t"}); err == nil || len(server.received()) > 0 {
		t.Errorf("error %v", err)
	}
}

func TestRefusalsSayWhetherToTryAgainAndNameNobody(t *testing.T) {
	for answer, forGood := range map[string]bool{"550": true, "450": false} {
		t.Run(answer, func(t *testing.T) {
			server := startServer(t, func(s *smtpServer) { s.refuse = answer })
			err := mailerTo(t, server, as(NoTLS)).Send(t.Context(), Message{To: "ada@example.edu", Text: "t"})
			if err == nil || errors.Is(err, ErrRefused) != forGood || !strings.Contains(err.Error(), answer) {
				t.Errorf("error: %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "ada") {
				t.Errorf("the error names the recipient: %v", err)
			}
		})
	}
	server := startServer(t, func(*smtpServer) {})
	err := mailerTo(t, server, as(NoTLS)).Send(t.Context(), Message{To: "ada at example", Text: "t"})
	if !errors.Is(err, ErrRefused) || strings.Contains(err.Error(), "ada") {
		t.Errorf("not an address: %v", err)
	}
}

func TestWrongPassword(t *testing.T) {
	server := startServer(t, func(s *smtpServer) { s.startTLS, s.password = true, "hunter2" })
	mailer := mailerTo(t, server, func(c *SMTPConfig) { c.Username, c.Password = "shop", "wrong-one" })
	err := mailer.Send(t.Context(), Message{To: "ada@example.edu", Text: "t"})
	if err == nil || strings.Contains(err.Error(), "wrong-one") {
		t.Errorf("error: %v", err)
	}
}

func TestSignInOverImplicitTLS(t *testing.T) {
	server := startServer(t, func(s *smtpServer) { s.implicit, s.password = true, "hunter2" })
	mailer := mailerTo(t, server, func(c *SMTPConfig) { c.TLS, c.Username, c.Password = Implicit, "shop", "hunter2" })
	send(t, mailer, Message{To: "ada@example.edu", Text: "t"})
	if got := len(server.received()); got != 1 {
		t.Errorf("%d mails", got)
	}
}

func TestAnAcceptedMailIsSentWhateverTheGoodbye(t *testing.T) {
	server := startServer(t, func(s *smtpServer) { s.rude = true })
	send(t, mailerTo(t, server, as(NoTLS)), Message{To: "ada@example.edu", Text: "t"})
	if got := len(server.received()); got != 1 {
		t.Errorf("%d mails", got)
	}
}

func TestASilentServerIsGivenUp(t *testing.T) {
	server := startServer(t, func(s *smtpServer) { s.silent = true })
	mailer := mailerTo(t, server, func(c *SMTPConfig) { c.TLS, c.Timeout = NoTLS, 50*time.Millisecond })
	if err := mailer.Send(t.Context(), Message{To: "ada@example.edu", Text: "t"}); err == nil {
		t.Error("no error")
	}
}

func TestHeadersCannotBeInjected(t *testing.T) {
	server := startServer(t, func(*smtpServer) {})
	mailer := mailerTo(t, server, as(NoTLS))
	send(t, mailer, Message{To: "ada@example.edu", Subject: "hello\r\nBcc: eve@example.edu", Text: "t"})
	letter, err := netmail.ReadMessage(strings.NewReader(server.received()[0].data))
	if err != nil {
		t.Fatal(err)
	}
	if letter.Header.Get("Bcc") != "" {
		t.Errorf("headers: %v", letter.Header)
	}
	for _, to := range []string{"ada@example.edu\r\nBcc: eve@example.edu", "ada@example.edu, eve@example.edu"} {
		if err := mailer.Send(t.Context(), Message{To: to, Text: "t"}); err == nil {
			t.Errorf("%q was taken as an address", to)
		}
	}
}

func TestABadConfigurationIsRefused(t *testing.T) {
	good := SMTPConfig{Host: "mail.example.com", Port: 587, From: "a@example.com", TLS: StartTLS, Timeout: time.Second, Now: time.Now}
	for name, spoil := range map[string]func(*SMTPConfig){
		"mode":    func(c *SMTPConfig) { c.TLS = "maybe" },
		"port":    func(c *SMTPConfig) { c.Port = 70000 },
		"sender":  func(c *SMTPConfig) { c.From = "nobody" },
		"host":    func(c *SMTPConfig) { c.Host = "" },
		"timeout": func(c *SMTPConfig) { c.Timeout = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			config := good
			spoil(&config)
			if _, err := NewSMTP(config); err == nil {
				t.Error("no error")
			}
		})
	}
}
