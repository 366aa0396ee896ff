package e2e

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// mailServer is a mail server (RFC 5321) that keeps what it gets.
type mailServer struct {
	listener net.Listener
	mu       sync.Mutex
	mails    []delivered
	refused  string
}

// refuse makes the server say that there is no such mailbox.
func (s *mailServer) refuse(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = address
}

func (s *mailServer) takes(address string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return address != s.refused
}

// delivered is one mail with its envelope.
type delivered struct {
	from, to, data string
}

func startMail(t *testing.T) *mailServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &mailServer{listener: l}
	var sessions sync.WaitGroup
	sessions.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			sessions.Go(func() { s.converse(conn) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		sessions.Wait()
	})
	return s
}

func (s *mailServer) port() string { return strconv.Itoa(s.listener.Addr().(*net.TCPAddr).Port) }

// last is the newest mail.
func (s *mailServer) last() (delivered, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.mails) == 0 {
		return delivered{}, false
	}
	return s.mails[len(s.mails)-1], true
}

func (s *mailServer) converse(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(patience))
	lines, say := bufio.NewReader(conn), func(text string) { _, _ = fmt.Fprintf(conn, "%s\r\n", text) }
	say("220 test ESMTP")
	var m delivered
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			say("250-test")
			say("250-ENHANCEDSTATUSCODES")
			say("250 8BITMIME")
		case "MAIL":
			m = delivered{from: between(rest)}
			say("250 ok")
		case "RCPT":
			if m.to = between(rest); !s.takes(m.to) {
				say("550 5.1.1 <" + m.to + "> is nobody here")
				continue
			}
			secrecy.keep("a mail address", m.to)
			say("250 ok")
		case "DATA":
			say("354 send it")
			m.data = untilDot(lines)
			s.mu.Lock()
			s.mails = append(s.mails, m)
			s.mu.Unlock()
			say("250 accepted")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func between(rest string) string {
	_, after, _ := strings.Cut(rest, "<")
	inside, _, _ := strings.Cut(after, ">")
	return inside
}

func untilDot(lines *bufio.Reader) string {
	var data strings.Builder
	for {
		line, err := lines.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return data.String()
		}
		data.WriteString(line)
	}
}

// messageID is the mail's own name.
func (d delivered) messageID(t *testing.T) string {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(d.data))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Trim(m.Header.Get("Message-Id"), "<>")
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// code is the code in the text of a mail.
func (d delivered) code(t *testing.T) string {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(d.data))
	if err != nil {
		t.Fatalf("read a mail: %v\n%s", err, d.data)
	}
	body := m.Body
	switch strings.ToLower(m.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	found := sixDigits.FindString(string(text))
	if found == "" {
		t.Fatalf("a mail without a code:\n%s", text)
	}
	secrecy.keep("a code", found)
	return found
}
