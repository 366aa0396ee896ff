package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
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

// read parses a mail that arrived.
func (d delivered) read(t *testing.T) *netmail.Message {
	t.Helper()
	letter, err := netmail.ReadMessage(strings.NewReader(d.data))
	if err != nil {
		t.Fatal(err)
	}
	return letter
}

func TestAMailArrivesWhole(t *testing.T) {
	server := startServer(t, func(s *smtpServer) { s.startTLS, s.password = true, "hunter2" })
	mailer := mailerTo(t, server, func(c *SMTPConfig) { c.Username, c.Password = "shop", "hunter2" })
	message, err := RenderCode(Letterhead{Store: "Bücher", Sender: "Bücher & mehr", ReplyTo: "hilfe@bücher.example", Locales: []string{"de"}}, "123456", 10)
	if err != nil {
		t.Fatal(err)
	}
	message.To, message.ID = "ada@example.edu", "mai_1.sto_1"
	send(t, mailer, message)
	mails := server.received()
	if len(mails) != 1 || !mails[0].encrypted || mails[0].from != "shop@example.com" || mails[0].to != "ada@example.edu" {
		t.Fatalf("mails: %+v", mails)
	}
	letter := mails[0].read(t)
	words := new(mime.WordDecoder)
	if subject, err := words.DecodeHeader(letter.Header.Get("Subject")); err != nil || subject != "123456 ist Ihr Code für Bücher" {
		t.Errorf("subject %q, %v", subject, err)
	}
	if from, err := letter.Header.AddressList("From"); err != nil || from[0].Name != "Bücher & mehr" || from[0].Address != "shop@example.com" {
		t.Errorf("from %v, %v", from, err)
	}
	for header, want := range map[string]string{"Message-Id": "<mai_1.sto_1@example.com>", "Content-Language": "de", "Auto-Submitted": "auto-generated",
		"Reply-To": "<hilfe@xn--bcher-kva.example>", "To": "<ada@example.edu>", "Mime-Version": "1.0"} {
		if got := letter.Header.Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	// Nobody subscribed to a mail that they asked for: there is nothing to unsubscribe from.
	for _, header := range []string{"List-Unsubscribe", "Precedence", "User-Agent", "X-Mailer"} {
		if got := letter.Header.Get(header); got != "" {
			t.Errorf("%s is %q", header, got)
		}
	}
	if date, err := letter.Header.Date(); err != nil || date.Year() != 2026 {
		t.Errorf("date %v, %v", date, err)
	}
	kind, parameters, err := mime.ParseMediaType(letter.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("type %q, %v", kind, err)
	}
	parts := multipart.NewReader(letter.Body, parameters["boundary"])
	for _, want := range []string{"Guten Tag", "<html lang=\"de\""} {
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
			err := mailerTo(t, server, as(test.mode)).Send(t.Context(), Message{To: "ada@example.edu", Subject: "s", Text: "123456"})
			mails := server.received()
			if (err == nil) != test.sent || (len(mails) == 1) != test.sent {
				t.Fatalf("error %v, %d mails", err, len(mails))
			}
			if test.sent && mails[0].encrypted != test.encrypted {
				t.Errorf("encrypted: %v", mails[0].encrypted)
			}
			// What is not sent never leaves in the clear either, address included.
			if said := strings.Join(server.said(), "\n"); !test.sent && (strings.Contains(said, "ada") || strings.Contains(said, "123456")) {
				t.Errorf("the server heard %q", said)
			}
		})
	}
}

// Somebody in the middle who takes STARTTLS out of the greeting, or refuses the command, gets nothing.
func TestAServerThatGoesBackOnTLSGetsNothing(t *testing.T) {
	server := startServer(t, func(s *smtpServer) {
		s.startTLS, s.answers = true, map[string][]string{"STARTTLS": {"454 4.7.0 not now"}}
	})
	for _, mode := range []TLSMode{StartTLS, Opportunistic} {
		server.answers["STARTTLS"] = []string{"454 4.7.0 not now"}
		err := mailerTo(t, server, as(mode)).Send(t.Context(), Message{To: "ada@example.edu", Text: "t"})
		if err == nil || len(server.received()) > 0 || strings.Contains(strings.Join(server.said(), "\n"), "ada") {
			t.Errorf("%s: error %v, heard %q", mode, err, server.said())
		}
	}
}

func TestCertificatesAreChecked(t *testing.T) {
	for name, test := range map[string]struct {
		certificate func(*x509.Certificate)
		stranger    bool
		sent        bool
	}{
		"good":                {sent: true},
		"another authority's": {stranger: true},
		"another host's":      {certificate: func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(192, 0, 2, 1)} }},
		"out of date":         {certificate: func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }},
		"not for servers":     {certificate: func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }},
	} {
		for _, mode := range []TLSMode{StartTLS, Opportunistic, Implicit} {
			t.Run(name+", "+string(mode), func(t *testing.T) {
				server := startServer(t, func(s *smtpServer) {
					s.startTLS, s.implicit, s.certificate = mode != Implicit, mode == Implicit, test.certificate
				})
				mailer := mailerTo(t, server, func(c *SMTPConfig) {
					if c.TLS = mode; test.stranger {
						c.Roots = newAuthority(t).roots()
					}
				})
				err := mailer.Send(t.Context(), Message{To: "ada@example.edu", Text: "t"})
				if (err == nil) != test.sent || (len(server.received()) == 1) != test.sent {
					t.Errorf("error %v, %d mails", err, len(server.received()))
				}
			})
		}
	}
}

func TestRefusalsSayWhetherToTryAgainAndNameNobody(t *testing.T) {
	for name, test := range map[string]struct {
		verb, answer     string
		forGood, mailbox bool
	}{
		"no such mailbox":          {"RCPT", "550 5.1.1 <ada@example.edu> unknown", true, true},
		"no such domain":           {"RCPT", "550 5.1.2 example.edu", true, true},
		"a mailbox that is closed": {"RCPT", "550 5.2.1 <ada@example.edu> disabled", true, true},
		"no enhanced code":         {"RCPT", "550 <ada@example.edu> no", true, false},
		"policy":                   {"RCPT", "550 5.7.1 <ada@example.edu> relaying denied", true, false},
		"busy":                     {"RCPT", "450 4.2.1 <ada@example.edu> later", false, false},
		"full":                     {"RCPT", "452 4.2.2 <ada@example.edu> full", false, false},
		"sender refused":           {"MAIL", "550 5.1.8 bad sender", true, false},
		"sender deferred":          {"MAIL", "451 4.3.0 later", false, false},
		"data deferred":            {"DATA", "451 4.3.0 later", false, false},
		"content refused":          {".", "554 5.6.0 from <ada@example.edu> no", true, false},
		"content deferred":         {".", "451 4.7.1 greylisted <ada@example.edu>", false, false},
		"in several lines":         {"RCPT", "550-5.1.1 <ada@example.edu>\r\n550-5.1.1 is\r\n550 5.1.1 unknown", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			server := startServer(t, func(s *smtpServer) { s.answers = map[string][]string{test.verb: {test.answer}} })
			mailer := mailerTo(t, server, as(NoTLS))
			err := mailer.Send(t.Context(), Message{To: "ada@example.edu", Text: "t"})
			if err == nil || errors.Is(err, ErrRefused) != test.forGood || errors.Is(err, ErrNoMailbox) != test.mailbox || !strings.Contains(err.Error(), test.answer[:3]) {
				t.Fatalf("error: %v", err)
			}
			if strings.Contains(err.Error(), "ada") || strings.Contains(err.Error(), "example.edu") {
				t.Errorf("the error names the recipient: %v", err)
			}
			if !test.forGood {
				send(t, mailer, Message{To: "ada@example.edu", Text: "t"}) // and the next attempt arrives
			}
		})
	}
}

func TestSignIn(t *testing.T) {
	for name, test := range map[string]struct {
		login, implicit bool
		password        string
		sent            bool
	}{
		"plain": {false, false, "hunter2", true}, "login": {true, false, "hunter2", true}, "plain over implicit TLS": {false, true, "hunter2", true},
		"login over implicit TLS": {true, true, "hunter2", true}, "a wrong password": {false, false, "wrong-one", false}, "a wrong password, login": {true, true, "wrong-one", false},
	} {
		t.Run(name, func(t *testing.T) {
			server := startServer(t, func(s *smtpServer) {
				s.startTLS, s.implicit, s.login, s.password = !test.implicit, test.implicit, test.login, "hunter2"
			})
			mailer := mailerTo(t, server, func(c *SMTPConfig) {
				if c.Username, c.Password = "shop", test.password; test.implicit {
					c.TLS = Implicit
				}
			})
			err := mailer.Send(t.Context(), Message{To: "ada@example.edu", Text: "t"})
			if (err == nil) != test.sent || (len(server.received()) == 1) != test.sent {
				t.Fatalf("error %v, %d mails", err, len(server.received()))
			}
			// An operator mends a password: the mail is tried again.
			if err != nil && (errors.Is(err, ErrRefused) || strings.Contains(err.Error(), test.password)) {
				t.Errorf("error: %v", err)
			}
		})
	}
}

func TestAServerThatWantsNoPasswordInTheClearGetsNone(t *testing.T) {
	server := startServer(t, func(s *smtpServer) { s.password = "hunter2" })
	mailer := mailerTo(t, server, func(c *SMTPConfig) { c.Username, c.Password = "shop", "hunter2" })
	if err := mailer.Send(t.Context(), Message{To: "ada@example.edu", Text: "t"}); err == nil {
		t.Error("sent")
	}
	for _, said := range server.said() {
		if strings.HasPrefix(said, "AUTH") {
			t.Errorf("the server heard %q", said)
		}
	}
}

func TestALostConnection(t *testing.T) {
	for _, at := range []string{"EHLO", "MAIL", "RCPT", "DATA"} {
		t.Run(at, func(t *testing.T) {
			server := startServer(t, func(s *smtpServer) { s.hangUp = at })
			mailer := mailerTo(t, server, as(NoTLS))
			err := mailer.Send(t.Context(), Message{To: "ada@example.edu", Text: "t"})
			if err == nil || errors.Is(err, ErrRefused) || strings.Contains(err.Error(), "ada") || len(server.received()) > 0 {
				t.Errorf("error: %v", err)
			}
		})
	}
}

// Accepted is accepted: whatever comes after it, the mail is not sent twice.
func TestAnAcceptedMailIsSentWhateverTheGoodbye(t *testing.T) {
	for name, shape := range map[string]func(*smtpServer){
		"hangs up at QUIT": func(s *smtpServer) { s.hangUp = "QUIT" },
		"hangs up at RSET": func(s *smtpServer) { s.hangUp = "RSET" },
		"refuses RSET":     func(s *smtpServer) { s.answers = map[string][]string{"RSET": {"500 5.5.1 what"}} },
		"refuses QUIT":     func(s *smtpServer) { s.answers = map[string][]string{"QUIT": {"500 5.5.1 what"}} },
	} {
		t.Run(name, func(t *testing.T) {
			server := startServer(t, shape)
			send(t, mailerTo(t, server, as(NoTLS)), Message{To: "ada@example.edu", Text: "t"})
			if got := len(server.received()); got != 1 {
				t.Errorf("%d mails", got)
			}
		})
	}
}

func TestASlowServerIsGivenUp(t *testing.T) {
	for _, at := range []string{"220", "EHLO", "STARTTLS", "MAIL", "RCPT", "DATA"} {
		t.Run(at, func(t *testing.T) {
			server := startServer(t, func(s *smtpServer) { s.startTLS, s.mute = true, at })
			mailer := mailerTo(t, server, func(c *SMTPConfig) { c.Timeout = 150 * time.Millisecond })
			began := time.Now()
			err := mailer.Send(t.Context(), Message{To: "ada@example.edu", Text: "t"})
			if err == nil || errors.Is(err, ErrRefused) || time.Since(began) > 5*time.Second {
				t.Errorf("error %v after %s", err, time.Since(began))
			}
		})
	}
	server := startServer(t, func(s *smtpServer) { s.mute = "220" })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := mailerTo(t, server, as(NoTLS)).Send(ctx, Message{To: "ada@example.edu", Text: "t"}); err == nil {
		t.Error("sent for a caller who went away")
	}
}

func TestHeadersCannotBeInjected(t *testing.T) {
	const evil = "hello\r\nBcc: eve@example.edu\r\n\r\n<b>"
	server := startServer(t, func(*smtpServer) {})
	mailer := mailerTo(t, server, as(NoTLS))
	send(t, mailer, Message{To: "ada@example.edu", Subject: evil, Sender: evil, Locale: evil, Text: "t"})
	arrived := server.received()[0]
	letter := arrived.read(t)
	if letter.Header.Get("Bcc") != "" || strings.Count(strings.Join(server.said(), "\n"), "RCPT") != 1 {
		t.Errorf("headers: %v", letter.Header)
	}
	for _, to := range []string{"ada@example.edu\r\nBcc: eve@example.edu", "ada@example.edu, eve@example.edu", "ada@example.edu>\r\nRCPT TO:<eve@example.edu",
		"<ada@example.edu>", "Ada <ada@example.edu>", "ada@example.edu\x00"} {
		if err := mailer.Send(t.Context(), Message{To: to, Text: "t"}); !errors.Is(err, ErrRefused) {
			t.Errorf("%q was taken as an address: %v", to, err)
		}
		if err := mailer.Send(t.Context(), Message{To: "ada@example.edu", ReplyTo: to, Text: "t"}); !errors.Is(err, ErrRefused) {
			t.Errorf("%q was taken as an address for answers: %v", to, err)
		}
	}
}

func TestAddresses(t *testing.T) {
	server := startServer(t, func(*smtpServer) {})
	mailer := mailerTo(t, server, as(NoTLS))
	for to, want := range map[string]string{
		"ada@example.edu":                          "ada@example.edu",
		"Ada.Lovelace+news@Example.EDU":            "Ada.Lovelace+news@example.edu",
		"o'brien@example.edu":                      "o'brien@example.edu",
		"ada@bücher.example":                       "ada@xn--bcher-kva.example",
		"ada@大学.example":                           "ada@xn--pss25c.example",
		"ada at example":                           "",
		"ada@":                                     "",
		"@example.edu":                             "",
		"ada@@example.edu":                         "",
		"ada..l@example.edu":                       "",
		"äda@example.edu":                          "",
		"ada@-example-.edu":                        "",
		"ada@exa mple.edu":                         "",
		strings.Repeat("a", 65) + "@example.edu":   "",
		"ada@" + strings.Repeat("a.", 130) + "edu": "",
		"": "",
	} {
		before := len(server.received())
		err := mailer.Send(t.Context(), Message{To: to, Text: "t"})
		switch mails := server.received(); {
		case want == "" && (!errors.Is(err, ErrRefused) || errors.Is(err, ErrNoMailbox) || len(mails) != before):
			t.Errorf("%q: %v", to, err)
		case want == "" && to != "" && strings.Contains(err.Error(), to):
			t.Errorf("the error names %q", to)
		case want != "" && (err != nil || mails[before].to != want):
			t.Errorf("%q: %v, %+v", to, err, mails[before:])
		}
	}
}

// Dots at the beginning of a line arrive, a lone dot ends nothing, and no line is longer than servers take (RFC 5321,
// sections 4.5.2 and 4.5.3.1.6).
func TestDotsAndLongLinesArrive(t *testing.T) {
	server := startServer(t, func(*smtpServer) {})
	text := "first\r\n.\r\n..two\r\n.three\r\nMAIL FROM:<eve@example.edu>\r\n" + strings.Repeat("long ", 1000) + "\r\nBüchér ✓\r\n"
	send(t, mailerTo(t, server, as(NoTLS)), Message{To: "ada@example.edu", Subject: strings.Repeat("wörd ", 60), Text: text})
	mails := server.received()
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	for line := range strings.SplitSeq(mails[0].raw, "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line of %d bytes", len(line))
		}
		if strings.Contains(line, "\n") || strings.Contains(line, "\r") {
			t.Errorf("a bare line end in %q", line)
		}
	}
	letter := mails[0].read(t)
	if got := letter.Header.Get("Content-Transfer-Encoding"); got != "quoted-printable" {
		t.Fatalf("encoded as %q", got)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(letter.Body))
	if err != nil || strings.TrimRight(string(body), "\r\n") != strings.TrimRight(text, "\r\n") {
		t.Errorf("%v; got %q", err, body)
	}
}

func TestABadConfigurationIsRefused(t *testing.T) {
	good := SMTPConfig{Host: "mail.example.com", Port: 587, From: "a@example.com", TLS: StartTLS, Timeout: time.Second, Now: time.Now}
	for name, spoil := range map[string]func(*SMTPConfig){
		"mode":                          func(c *SMTPConfig) { c.TLS = "maybe" },
		"port":                          func(c *SMTPConfig) { c.Port = 70000 },
		"sender":                        func(c *SMTPConfig) { c.From = "nobody" },
		"sender's domain":               func(c *SMTPConfig) { c.From = "shop@-bad-.example" },
		"host":                          func(c *SMTPConfig) { c.Host = "" },
		"timeout":                       func(c *SMTPConfig) { c.Timeout = 0 },
		"clear text to another machine": func(c *SMTPConfig) { c.TLS = NoTLS },
	} {
		t.Run(name, func(t *testing.T) {
			config := good
			spoil(&config)
			if _, err := NewSMTP(config); err == nil {
				t.Error("no error")
			}
		})
	}
	if _, err := NewSMTP(good); err != nil {
		t.Errorf("the good one: %v", err)
	}
	for host, want := range map[string]bool{"localhost": true, "mail.localhost": true, "127.0.0.1": true, "::1": true, "mail.example.com": false, "10.0.0.1": false, "localhost.example": false} {
		if IsLoopback(host) != want {
			t.Errorf("%s is loopback: %v", host, !want)
		}
	}
}
