package mail

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"
)

// TLSMode says how the way to the mail server is encrypted.
type TLSMode string

// The ways to a mail server.
const (
	// StartTLS encrypts after the greeting, or sends nothing.
	StartTLS TLSMode = "starttls"
	// Opportunistic encrypts when the server offers it.
	Opportunistic TLSMode = "opportunistic"
	// Implicit is TLS from the first byte.
	Implicit TLSMode = "implicit"
	// NoTLS never encrypts: for a relay on this machine.
	NoTLS TLSMode = "none"
)

// SMTPConfig says how mail leaves.
type SMTPConfig struct {
	Host string
	Port int
	// Username and Password sign in, when both are set.
	Username string
	Password string
	// From is the sender, as address or "Name <address>".
	From string
	TLS  TLSMode
	// Timeout bounds one mail from connecting to the last answer.
	Timeout time.Duration
	// Roots, when set, are trusted instead of the system's certificate authorities.
	Roots *x509.CertPool
	// Now stamps the mails.
	Now func() time.Time
}

// SMTP sends each mail over a connection of its own. It may be used concurrently.
type SMTP struct {
	config  SMTPConfig
	from    netmail.Address
	options []gomail.Option
	dial    gomail.DialContextFunc
}

// NewSMTP checks the configuration. It does not connect.
func NewSMTP(config SMTPConfig) (*SMTP, error) {
	encryption := &tls.Config{ServerName: config.Host, MinVersion: tls.VersionTLS12, RootCAs: config.Roots}
	options := []gomail.Option{
		gomail.WithPort(config.Port), gomail.WithTimeout(config.Timeout), gomail.WithTLSConfig(encryption),
	}
	dial := new(net.Dialer).DialContext
	switch config.TLS {
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case Opportunistic:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	case Implicit:
		options = append(options, gomail.WithSSL())
		dial = (&tls.Dialer{Config: encryption}).DialContext
	case NoTLS:
		if !IsLoopback(config.Host) {
			return nil, errors.New("mail: without TLS codes would travel in the clear: only a server on this machine may be used so")
		}
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return nil, fmt.Errorf("mail: %q is no TLS mode", config.TLS)
	}
	if config.Username != "" {
		options = append(options, signIn(config.TLS),
			gomail.WithUsername(config.Username), gomail.WithPassword(config.Password))
	}
	from, err := netmail.ParseAddress(config.From)
	if err != nil {
		return nil, errors.New("mail: the sender is no address")
	}
	if from.Address, err = deliverable(from.Address); err != nil {
		return nil, errors.New("mail: the sender is no address")
	}
	mailer := &SMTP{config: config, from: *from, options: options, dial: dial}
	_, err = mailer.client(dial)
	return mailer, err
}

// signIn prefers what does not show the password. The library sees no encryption in a connection that it did not
// dial, so for implicit TLS the list is ours.
func signIn(mode TLSMode) gomail.Option {
	if mode == Implicit {
		return gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin)
	}
	return gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover)
}

func (s *SMTP) client(dial gomail.DialContextFunc) (*gomail.Client, error) {
	client, err := gomail.NewClient(s.config.Host, append(slices.Clone(s.options), gomail.WithDialContextFunc(dial))...)
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return client, nil
}

// Send implements [Mailer]. It returns [ErrRefused] for what no other attempt can mend.
func (s *SMTP) Send(ctx context.Context, message Message) error {
	letter, err := s.letter(message)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	client, err := s.client(func(dialing context.Context, network, address string) (net.Conn, error) {
		connection, err := s.dial(dialing, network, address)
		if err == nil {
			// The library keeps a connection that fails before the sign-in, and reads on after the end of ctx.
			context.AfterFunc(ctx, func() { _ = connection.Close() })
		}
		return connection, err
	})
	if err != nil {
		return err
	}
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("mail: reach the mail server: %w", err)
	}
	sent := client.SendWithSMTPClient(connection, letter)
	// Accepted is accepted: what fails after that must not send the mail again.
	_ = client.CloseWithSMTPClient(connection)
	if letter.IsDelivered() {
		return nil
	}
	return withoutContent(sent)
}

func (s *SMTP) letter(message Message) (*gomail.Msg, error) {
	letter := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	from := s.from
	if message.Sender != "" {
		from.Name = message.Sender
	}
	letter.FromMailAddress(&from)
	to, err := deliverable(message.To)
	if err != nil {
		return nil, fmt.Errorf("mail: the recipient is no address: %w", ErrRefused)
	}
	letter.ToMailAddress(&netmail.Address{Address: to})
	if message.ReplyTo != "" {
		answers, err := deliverable(message.ReplyTo)
		if err != nil {
			return nil, fmt.Errorf("mail: the address for answers is none: %w", ErrRefused)
		}
		letter.ReplyToMailAddress(&netmail.Address{Address: answers})
	}
	letter.Subject(message.Subject)
	letter.SetDateWithValue(s.config.Now())
	letter.SetMessageIDWithValue(s.messageID(message.ID))
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: keeps holiday notes away
	if message.Locale != "" {
		letter.SetGenHeader("Content-Language", message.Locale)
	}
	letter.SetBodyString(gomail.TypeTextPlain, message.Text)
	if message.HTML != "" {
		letter.AddAlternativeString(gomail.TypeTextHTML, message.HTML)
	}
	return letter, nil
}

// messageID names a mail after the sender's domain, as receivers expect (RFC 5322, section 3.6.4); the name of this machine
// is nobody's business.
func (s *SMTP) messageID(name string) string {
	if name == "" {
		name = rand.Text()
	}
	return name + s.from.Address[strings.LastIndexByte(s.from.Address, '@'):]
}

// deliverable checks a bare address and puts its domain into punycode. Local parts that are not ASCII are refused: few
// servers take them (RFC 6531), and a code that cannot be delivered helps nobody.
func deliverable(address string) (string, error) {
	parsed, err := netmail.ParseAddress(address)
	if err != nil || parsed.Name != "" || strings.ContainsAny(address, "<>\r\n") {
		return "", errNoAddress
	}
	at := strings.LastIndexByte(parsed.Address, '@')
	local, domain := parsed.Address[:at], parsed.Address[at+1:]
	if strings.ContainsFunc(local, func(r rune) bool { return r <= ' ' || r >= 0x7f }) || len(local) > 64 {
		return "", errNoAddress
	}
	if domain, err = idna.Lookup.ToASCII(domain); err != nil || domain == "" || len(local)+len(domain) > 253 {
		return "", errNoAddress
	}
	return local + "@" + domain, nil
}

// errNoAddress never says which one.
var errNoAddress = errors.New("no mail address")

// IsLoopback reports whether a host is this machine.
func IsLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && address.IsLoopback()
}

// noMailbox are the enhanced status codes (RFC 3463) of an address at which nobody reads mail. What
// has another one, or none, is due to the sender, the content or the moment.
var noMailbox = regexp.MustCompile(`\b5\.(1\.[1-36]|2\.1)\b`)

// withoutContent keeps what helps the operator: servers repeat the recipient's address in their answers.
func withoutContent(err error) error {
	if err == nil {
		return nil
	}
	var failed *gomail.SendError
	if !errors.As(err, &failed) {
		return errors.New("mail: the mail server broke off")
	}
	code := failed.ErrorCode()
	if failed.Reason == gomail.ErrSMTPRcptTo && noMailbox.MatchString(failed.EnhancedStatusCode()) {
		return fmt.Errorf("mail: %s, code %d: %w", failed.Reason, code, ErrNoMailbox)
	}
	if code >= 500 && code < 600 {
		return fmt.Errorf("mail: %s, code %d: %w", failed.Reason, code, ErrRefused)
	}
	return fmt.Errorf("mail: %s, code %d", failed.Reason, code)
}
