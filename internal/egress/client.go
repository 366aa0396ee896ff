package egress

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// The bounds that Options fall back to.
const (
	DefaultTimeout  = 10 * time.Second
	DefaultMaxBytes = 1 << 20
)

// Options is how a client reaches out. The zero value refuses everything but the public internet over https.
type Options struct {
	// Allow are networks that the operator opens although they are not public.
	Allow []netip.Prefix
	// AllowPrivate opens every network, and plain http. For development and demonstrations.
	AllowPrivate bool
	// Timeout bounds a whole exchange, the body included. Zero means DefaultTimeout.
	Timeout time.Duration
	// MaxBytes bounds a response body; reading beyond it fails with ErrTooLarge. Zero means DefaultMaxBytes.
	MaxBytes int64
	// Redirects is how many redirects are followed. Zero returns the redirect itself as the response.
	Redirects int
}

// Errors of a client's exchanges.
var (
	ErrRefused  = errors.New("the address is not one that this gateway may reach")
	ErrTooLarge = errors.New("the response is too large")
)

// Client returns an HTTP client that refuses addresses by Options after name resolution, on every connection and
// every redirect. It uses no proxy: a proxy would resolve names itself. Refusals wrap ErrRefused.
func Client(o Options) *http.Client {
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	dialer := &net.Dialer{Timeout: o.Timeout, KeepAlive: 30 * time.Second, ControlContext: o.control}
	return &http.Client{
		Timeout: o.Timeout,
		Transport: guarded{options: o, next: &http.Transport{
			DialContext:            dialer.DialContext,
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    o.Timeout,
			ResponseHeaderTimeout:  o.Timeout,
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConns:           64,
			MaxIdleConnsPerHost:    4,
			IdleConnTimeout:        time.Minute,
		}},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > o.Redirects {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}
}

// control runs after a name was resolved and before each connection is made.
func (o Options) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return fmt.Errorf("network %s: %w", network, ErrRefused)
	}
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("read the resolved address: %w", ErrRefused)
	}
	if !o.allows(target.Addr()) {
		return ErrRefused
	}
	return nil
}

func (o Options) allows(a netip.Addr) bool {
	return o.AllowPrivate || Public(a) || contains(o.Allow, a.Unmap().WithZone(""))
}

// Check refuses a URL that a client with these options would never reach, as far as that shows without resolving
// names: it must be absolute, https (http where AllowPrivate), without user information and fragment, and a literal
// address in it must be allowed. The error wraps ErrRefused and is fit for an admin's eyes.
func (o Options) Check(raw string) error {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		return fmt.Errorf("not an absolute URL: %w", ErrRefused)
	case u.Scheme != "https" && (u.Scheme != "http" || !o.AllowPrivate):
		return fmt.Errorf("the scheme must be https: %w", ErrRefused)
	case u.User != nil:
		return fmt.Errorf("a URL with a user name: %w", ErrRefused)
	case u.Fragment != "":
		return fmt.Errorf("a URL with a fragment: %w", ErrRefused)
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if !o.AllowPrivate && (host == "localhost" || strings.HasSuffix(host, ".localhost")) {
		return fmt.Errorf("this machine: %w", ErrRefused)
	}
	if a, err := netip.ParseAddr(host); err == nil && !o.allows(a) {
		return fmt.Errorf("a private or reserved address: %w", ErrRefused)
	}
	return nil
}

// guarded checks each request, redirects included, and bounds each response body.
type guarded struct {
	options Options
	next    http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (g guarded) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" && !g.options.AllowPrivate {
		closeBody(r)
		return nil, fmt.Errorf("scheme %s: %w", r.URL.Scheme, ErrRefused)
	}
	res, err := g.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	res.Body = &bounded{ReadCloser: res.Body, left: g.options.MaxBytes}
	return res, nil
}

// CloseIdleConnections lets http.Client.CloseIdleConnections reach the transport.
func (g guarded) CloseIdleConnections() {
	if c, ok := g.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close() // a round tripper must close it, and there is nobody to tell
	}
}

type bounded struct {
	io.ReadCloser
	left int64
}

// Read implements io.Reader. One byte beyond the bound is asked for, to tell a full body from a longer one.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, ErrTooLarge
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n - 1, ErrTooLarge
	}
	return n, err
}
