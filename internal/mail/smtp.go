package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	gomail "github.com/wneessen/go-mail"
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
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return nil, fmt.Errorf("mail: %q is no TLS mode", config.TLS)
	}
	if config.Username != "" {
		options = append(options, signIn(config.TLS),
			gomail.WithUsername(config.Username), gomail.WithPassword(config.Password))
	}
	mailer := &SMTP{config: config, options: options, dial: dial}
	if _, err := mailer.client(dial); err != nil {
		return nil, err
	}
	if err := gomail.NewMsg().From(config.From); err != nil {
		return nil, errors.New("mail: the sender is no address")
	}
	return mailer, nil
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
	// Accepted is accepted: a failed goodbye must not send the mail again.
	_ = client.CloseWithSMTPClient(connection)
	return withoutContent(sent)
}

func (s *SMTP) letter(message Message) (*gomail.Msg, error) {
	letter := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := letter.From(s.config.From); err != nil {
		return nil, errors.New("mail: the sender is no address")
	}
	if err := letter.AddTo(message.To); err != nil {
		return nil, fmt.Errorf("mail: the recipient is no address: %w", ErrRefused)
	}
	letter.Subject(message.Subject)
	letter.SetDateWithValue(s.config.Now())
	letter.SetMessageID()
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
	if code >= 500 && code < 600 {
		return fmt.Errorf("mail: %s, code %d: %w", failed.Reason, code, ErrRefused)
	}
	return fmt.Errorf("mail: %s, code %d", failed.Reason, code)
}
