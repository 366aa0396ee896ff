package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/egress"
	"github.com/laurel-gateway/laurel/internal/outbox"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Sealer opens what was sealed for an endpoint.
type Sealer interface {
	Seal(plaintext, associated []byte) ([]byte, error)
	Open(sealed, associated []byte) ([]byte, error)
}

// Sender signs and posts deliveries.
type Sender struct {
	client    *http.Client
	sealer    Sealer
	now       func() time.Time
	userAgent string
}

// NewSender returns a sender. client bounds time and size, follows no redirects and refuses private addresses:
// egress.Client makes such a one. userAgent names the gateway, with its version.
func NewSender(client *http.Client, sealer Sealer, now func() time.Time, userAgent string) *Sender {
	return &Sender{client: client, sealer: sealer, now: now, userAgent: userAgent}
}

// Send implements outbox.Sender. A 2xx answer is a delivery; everything else, redirects included, is a failure.
func (s *Sender) Send(ctx context.Context, d outbox.Delivery) outbox.Outcome {
	req, err := s.request(ctx, d)
	if err != nil {
		return outbox.Outcome{Error: "the message could not be signed: check the endpoint's URL, or make the endpoint anew"}
	}
	res, err := s.client.Do(req)
	if err != nil {
		return outbox.Outcome{Error: reason(err)}
	}
	// What the endpoint says in the body does not matter; reading some of it lets the connection be used again.
	// The status is the answer, whatever becomes of the body.
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 16<<10))
	_ = res.Body.Close()
	o := outbox.Outcome{Status: res.StatusCode, Delivered: res.StatusCode/100 == 2, Gone: res.StatusCode == http.StatusGone}
	if !o.Delivered {
		o.Error = fmt.Sprintf("the endpoint answered %d", res.StatusCode)
	}
	return o
}

func (s *Sender) request(ctx context.Context, d outbox.Delivery) (*http.Request, error) {
	now := s.now()
	signature, err := s.sign(d, now)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader(d.Body))
	if err != nil {
		return nil, fmt.Errorf("make the request of delivery %s: %w", d.ID, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", s.userAgent)
	req.Header.Set(standardwebhooks.HeaderWebhookID, d.EventID)
	req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	req.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	return req, nil
}

// sign returns the signatures of a delivery, one for each secret that is good, separated by spaces (Standard Webhooks,
// "Signature scheme": a receiver accepts any that it knows).
func (s *Sender) sign(d outbox.Delivery, now time.Time) (string, error) {
	good := [][]byte{d.Secret}
	if d.OldSecret != nil {
		good = append(good, d.OldSecret)
	}
	var all []string
	for _, sealed := range good {
		secret, err := s.sealer.Open(sealed, []byte(d.Endpoint))
		if err != nil {
			return "", fmt.Errorf("open the endpoint's secret: %w", err)
		}
		signer, err := standardwebhooks.NewWebhook(string(secret))
		if err != nil {
			return "", fmt.Errorf("read the endpoint's secret: %w", err)
		}
		signature, err := signer.Sign(d.EventID, now, d.Body)
		if err != nil {
			return "", fmt.Errorf("sign delivery %s: %w", d.ID, err)
		}
		all = append(all, signature)
	}
	return strings.Join(all, " "), nil
}

// reason names why an exchange failed, without addresses: the library's own text holds them.
func reason(err error) string {
	var dns *net.DNSError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, egress.ErrRefused):
		return "the address is private or reserved"
	case errors.As(err, &dns):
		return "the host name does not resolve"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "no answer in time"
	}
	return "the connection failed"
}
