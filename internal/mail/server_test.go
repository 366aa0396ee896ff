package mail

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// smtpServer is a small mail server: RFC 5321 as far as a client needs it, STARTTLS (RFC 3207), AUTH PLAIN.
type smtpServer struct {
	listener net.Listener
	tls      *tls.Config
	roots    *x509.CertPool

	startTLS bool   // offer STARTTLS
	implicit bool   // TLS from the first byte
	password string // when set, AUTH is needed
	refuse   string // answer to RCPT, "" to accept
	rude     bool   // hang up instead of answering QUIT
	silent   bool   // never greet

	mu    sync.Mutex
	mails []delivered
}

type delivered struct {
	from, to, data string
	encrypted      bool
}

func startServer(t *testing.T, shape func(*smtpServer)) *smtpServer {
	t.Helper()
	certificate, roots := selfSigned(t)
	s := &smtpServer{tls: &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}, roots: roots}
	shape(s)
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
	return append([]delivered(nil), s.mails...)
}

func (s *smtpServer) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	if s.implicit {
		conn = tls.Server(conn, s.tls)
	}
	lines := bufio.NewReader(conn)
	if s.silent {
		_, _ = lines.ReadString('\n') // until the client gives up
		return
	}
	reply(conn, "220 test ESMTP")
	mail, allowed := delivered{encrypted: s.implicit}, s.password == ""
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch verb = strings.ToUpper(verb); {
		case verb == "EHLO":
			s.greet(conn, mail.encrypted)
		case verb == "STARTTLS" && s.startTLS:
			reply(conn, "220 go ahead")
			conn = tls.Server(conn, s.tls)
			lines, mail = bufio.NewReader(conn), delivered{encrypted: true}
		case verb == "AUTH":
			given, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN "))
			allowed = string(given) == "\x00shop\x00"+s.password
			reply(conn, map[bool]string{true: "235 welcome", false: "535 wrong"}[allowed])
		case !allowed && verb == "MAIL":
			reply(conn, "530 sign in first")
		case verb == "MAIL":
			mail.from = address(rest)
			reply(conn, "250 ok")
		case verb == "RCPT" && s.refuse != "":
			reply(conn, s.refuse+" <"+address(rest)+"> no")
		case verb == "RCPT":
			mail.to = address(rest)
			reply(conn, "250 ok")
		case verb == "DATA":
			reply(conn, "354 send it")
			mail.data = readData(lines)
			s.mu.Lock()
			s.mails = append(s.mails, mail)
			s.mu.Unlock()
			reply(conn, "250 accepted")
		case verb == "QUIT" && s.rude:
			return
		case verb == "QUIT":
			reply(conn, "221 bye")
			return
		case verb == "RSET", verb == "NOOP":
			reply(conn, "250 ok")
		default:
			reply(conn, "502 unknown")
		}
	}
}

func (s *smtpServer) greet(conn net.Conn, encrypted bool) {
	reply(conn, "250-test")
	if s.startTLS && !encrypted {
		reply(conn, "250-STARTTLS")
	}
	if s.password != "" {
		reply(conn, "250-AUTH PLAIN")
	}
	reply(conn, "250 8BITMIME")
}

func reply(conn net.Conn, line string) { _, _ = fmt.Fprintf(conn, "%s\r\n", line) }

func address(rest string) string {
	_, after, _ := strings.Cut(rest, "<")
	inside, _, _ := strings.Cut(after, ">")
	return inside
}

func readData(lines *bufio.Reader) string {
	var data strings.Builder
	for {
		line, err := lines.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return data.String()
		}
		data.WriteString(line)
	}
}

func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}
