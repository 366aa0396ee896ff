package mail

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// smtpServer is a mail server: RFC 5321 as far as a client needs it, with STARTTLS (RFC 3207), AUTH PLAIN and LOGIN
// (RFC 4954), 8BITMIME, SMTPUTF8, enhanced status codes and replies of several lines.
type smtpServer struct {
	listener net.Listener
	tls      *tls.Config
	roots    *x509.CertPool

	startTLS bool   // offer STARTTLS
	implicit bool   // TLS from the first byte
	password string // when set, AUTH is needed
	login    bool   // offer AUTH LOGIN instead of PLAIN
	// certificate changes the server's certificate.
	certificate func(*x509.Certificate)
	// answers are given to a verb instead of the usual one, one after the other; "" is the usual one.
	answers map[string][]string
	// hangUp is the verb after which the server closes the connection; "DATA" is in the middle of the mail, "." after it.
	hangUp string
	// mute is the verb that is never answered; "220" is the greeting.
	mute string

	mu       sync.Mutex
	mails    []delivered
	commands []string
	sessions int
}

type delivered struct {
	from, to, data string
	// raw is the mail as it came over the wire, dots and all.
	raw       string
	encrypted bool
}

func startServer(t *testing.T, shape func(*smtpServer)) *smtpServer {
	t.Helper()
	s := &smtpServer{}
	shape(s)
	authority := newAuthority(t)
	s.roots = authority.roots()
	s.tls = &tls.Config{Certificates: []tls.Certificate{authority.issue(t, s.certificate)}, MinVersion: tls.VersionTLS12}
	var err error
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	var sessions sync.WaitGroup
	sessions.Go(func() {
		for {
			conn, err := s.listener.Accept()
			if err != nil {
				return
			}
			sessions.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() {
		_ = s.listener.Close()
		sessions.Wait()
	})
	return s
}

func (s *smtpServer) port() int { return s.listener.Addr().(*net.TCPAddr).Port }

func (s *smtpServer) received() []delivered {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// said are the commands of all sessions, as they came.
func (s *smtpServer) said() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands)
}

// scripted is the answer that a test wants for a verb.
func (s *smtpServer) scripted(verb string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.answers[verb]
	if len(list) == 0 {
		return ""
	}
	s.answers[verb] = list[1:]
	return list[0]
}

// session is one connection.
type session struct {
	*smtpServer
	conn    net.Conn
	lines   *bufio.Reader
	mail    delivered
	allowed bool
}

func (s *smtpServer) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	s.mu.Lock()
	s.sessions++
	s.mu.Unlock()
	c := &session{smtpServer: s, conn: conn, allowed: s.password == ""}
	if s.implicit {
		c.conn = tls.Server(conn, s.tls)
		c.mail.encrypted = true
	}
	c.lines = bufio.NewReader(c.conn)
	if s.mute == "220" {
		_, _ = c.lines.ReadString('\n') // until the client gives up
		return
	}
	c.reply("220-test ESMTP")
	c.reply("220 at your service")
	for {
		line, err := c.lines.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, rest, _ := strings.Cut(line, " ")
		verb = strings.ToUpper(verb)
		s.mu.Lock()
		s.commands = append(s.commands, line)
		s.mu.Unlock()
		if s.mute == verb {
			_, _ = c.lines.ReadString('\n')
			return
		}
		if s.hangUp == verb && verb != "DATA" {
			return
		}
		if answer := s.scripted(verb); answer != "" {
			c.reply(answer)
			continue
		}
		if !c.obey(verb, rest) {
			return
		}
	}
}

// obey answers a command and reports whether the session goes on.
func (c *session) obey(verb, rest string) bool {
	switch {
	case verb == "EHLO":
		c.greet()
	case verb == "STARTTLS" && c.startTLS:
		c.reply("220 go ahead")
		c.conn = tls.Server(c.conn, c.tls)
		c.lines, c.mail = bufio.NewReader(c.conn), delivered{encrypted: true}
	case verb == "AUTH":
		c.auth(rest)
	case !c.allowed && verb == "MAIL":
		c.reply("530 5.7.0 sign in first")
	case verb == "MAIL":
		c.mail.from = address(rest)
		c.reply("250 2.1.0 ok")
	case verb == "RCPT":
		c.mail.to = address(rest)
		c.reply("250 2.1.5 ok")
	case verb == "DATA":
		return c.data()
	case verb == "QUIT":
		c.reply("221 2.0.0 bye")
		return false
	case verb == "RSET", verb == "NOOP":
		c.reply("250 2.0.0 ok")
	default:
		c.reply("502 5.5.2 unknown")
	}
	return true
}

func (c *session) greet() {
	c.reply("250-test")
	if c.startTLS && !c.mail.encrypted {
		c.reply("250-STARTTLS")
	}
	if c.password != "" {
		c.reply(map[bool]string{true: "250-AUTH LOGIN", false: "250-AUTH PLAIN"}[c.login])
	}
	c.reply("250-SMTPUTF8")
	c.reply("250-ENHANCEDSTATUSCODES")
	c.reply("250 8BITMIME")
}

func (c *session) auth(rest string) {
	mechanism, first, _ := strings.Cut(rest, " ")
	user, password := "", ""
	switch strings.ToUpper(mechanism) {
	case "PLAIN":
		given, _ := base64.StdEncoding.DecodeString(first)
		parts := strings.Split(string(given), "\x00")
		if len(parts) == 3 {
			user, password = parts[1], parts[2]
		}
	case "LOGIN":
		user, password = c.ask("Username:"), c.ask("Password:")
	}
	c.allowed = user == "shop" && password == c.password
	c.reply(map[bool]string{true: "235 2.7.0 welcome", false: "535 5.7.8 wrong"}[c.allowed])
}

// ask asks for one line of AUTH LOGIN.
func (c *session) ask(what string) string {
	c.reply("334 " + base64.StdEncoding.EncodeToString([]byte(what)))
	line, err := c.lines.ReadString('\n')
	if err != nil {
		return ""
	}
	given, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(line))
	return string(given)
}

func (c *session) data() bool {
	c.reply("354 send it")
	if c.hangUp == "DATA" {
		_, _ = c.lines.ReadString('\n')
		return false
	}
	var raw, data strings.Builder
	for {
		line, err := c.lines.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		raw.WriteString(line)
		data.WriteString(strings.TrimPrefix(line, "."))
	}
	c.mail.raw, c.mail.data = raw.String(), data.String()
	if answer := c.scripted("."); answer != "" {
		c.reply(answer)
		return true
	}
	c.mu.Lock()
	c.mails = append(c.mails, c.mail)
	c.mu.Unlock()
	if c.hangUp == "." {
		return false
	}
	c.reply("250-2.0.0 accepted")
	c.reply("250 2.0.0 on its way")
	return true
}

func (c *session) reply(line string) { _, _ = fmt.Fprintf(c.conn, "%s\r\n", line) }

func address(rest string) string {
	_, after, _ := strings.Cut(rest, "<")
	inside, _, _ := strings.Cut(after, ">")
	return inside
}
