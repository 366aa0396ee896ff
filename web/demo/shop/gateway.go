package shop

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// longestAnswer bounds what the shop reads of one answer, in bytes.
const longestAnswer = 1 << 20

// Call is one request to the gateway as the demo shows it: bodies as JSON, secrets shortened.
type Call struct {
	Method       string          `json:"method"`
	Path         string          `json:"path"`
	Status       int             `json:"status"`
	Milliseconds int64           `json:"ms"`
	Request      json.RawMessage `json:"request"`
	Response     json.RawMessage `json:"response"`
}

// refusal is a problem document of the gateway, or the shop's own.
type refusal struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func (r *refusal) Error() string { return r.Code + ": " + r.Detail }

// gateway speaks the public HTTP API.
type gateway struct {
	origin         string
	secretKey      string
	publishableKey string
	client         *http.Client
	now            func() time.Time
	random         io.Reader
}

// conversation sends calls for one request of the browser and remembers them in order.
type conversation struct {
	gateway *gateway
	calls   []Call
}

func (g *gateway) talk() *conversation { return &conversation{gateway: g, calls: []Call{}} }

// get reads with the secret key into out.
func (c *conversation) get(ctx context.Context, path string, out any) error {
	return c.send(ctx, http.MethodGet, path, c.gateway.secretKey, nil, out)
}

// post changes something, or reads in POST form, with the secret key.
func (c *conversation) post(ctx context.Context, path string, body, out any) error {
	return c.send(ctx, http.MethodPost, path, c.gateway.secretKey, body, out)
}

// send makes one call and records it. A refusal comes back as *refusal; everything else is an error of the transport.
func (c *conversation) send(ctx context.Context, method, path, key string, body, out any) error {
	request, text, err := c.request(ctx, method, path, key, body)
	if err != nil {
		return fmt.Errorf("build %s %s: %w", method, path, err)
	}
	began := c.gateway.now()
	status, answer, err := c.exchange(request)
	c.calls = append(c.calls, Call{
		Method: method, Path: path, Status: status, Milliseconds: c.gateway.now().Sub(began).Milliseconds(),
		Request: redact(text), Response: redact(answer),
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if status >= 300 {
		return asRefusal(status, answer)
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("read the answer of %s %s: %w", method, path, err)
	}
	return nil
}

func (c *conversation) request(ctx context.Context, method, path, key string, body any) (*http.Request, []byte, error) {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return nil, nil, err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, c.gateway.origin+path, bytes.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Authorization", "Bearer "+key)
	if key == c.gateway.publishableKey {
		// A publishable key counts only on the pages of an allowed origin; the gateway's own is one.
		request.Header.Set("Origin", c.gateway.origin)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/json")
		intent, err := uuid.NewRandomFromReader(c.gateway.random)
		if err != nil {
			return nil, nil, err
		}
		request.Header.Set("Idempotency-Key", intent.String())
	}
	return request, text, nil
}

func (c *conversation) exchange(request *http.Request) (int, []byte, error) {
	response, err := c.gateway.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	answer, err := io.ReadAll(io.LimitReader(response.Body, longestAnswer))
	return response.StatusCode, answer, errors.Join(err, response.Body.Close())
}

func asRefusal(status int, answer []byte) *refusal {
	problem := refusal{}
	if err := json.Unmarshal(answer, &problem); err != nil || problem.Code == "" {
		problem = refusal{Code: "gateway_error", Detail: http.StatusText(status)}
	}
	problem.Status = status
	return &problem
}
