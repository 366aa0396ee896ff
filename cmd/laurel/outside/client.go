// Package outside asks a deployment over HTTP, as anybody could: for the commands that judge one from outside.
package outside

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// oneTry bounds one try, and allTries all tries of one request.
	oneTry   = 15 * time.Second
	allTries = 2 * time.Minute
	// retryPause is how long to wait before the same request is sent again.
	retryPause = 200 * time.Millisecond
	// maxAnswer bounds the bytes of an answer that are read.
	maxAnswer = 4 << 20
)

// ErrUnexpected says that something that a command needs was refused.
var ErrUnexpected = errors.New("an answer that one cannot go on with")

// Object is a JSON object.
type Object = map[string]any

// Caller asks a deployment as somebody.
type Caller struct {
	Client *http.Client
	// Base is the address of the deployment.
	Base   string
	Header http.Header
	// NewID makes idempotency keys.
	NewID func() string
}

// As returns a caller of a deployment without any credential.
func As(client *http.Client, base string, newID func() string) Caller {
	return Caller{Client: client, Base: strings.TrimSuffix(base, "/"), Header: http.Header{}, NewID: newID}
}

// With returns the caller with one more header.
func (c Caller) With(name, value string) Caller {
	c.Header = c.Header.Clone()
	c.Header.Set(name, value)
	return c
}

// Question is one request. Its key is the same however often it is sent.
type Question struct {
	Caller
	Method, Path string
	// Body is sent as JSON; Raw, when set, is sent as it is.
	Body Object
	Raw  []byte
	Key  string
}

// Post makes a request that changes something, with an idempotency key of its own.
func (c Caller) Post(path string, body Object) Question {
	return Question{Caller: c, Method: http.MethodPost, Path: path, Body: body, Key: c.NewID()}
}

// Get makes a request that reads.
func (c Caller) Get(path string) Question {
	return Question{Caller: c, Method: http.MethodGet, Path: path}
}

// Answer is what the deployment said.
type Answer struct {
	Status int
	Header http.Header
	Fields Object
	Raw    []byte
}

// Text is a member, or one of an object within.
func (a Answer) Text(path ...string) string {
	var v any = a.Fields
	for _, name := range path {
		m, _ := v.(Object)
		v = m[name]
	}
	s, _ := v.(string)
	return s
}

// OK tells whether the answer is a success.
func (a Answer) OK() bool { return a.Status >= 200 && a.Status < 300 }

// Is tells whether the answer is a refusal with one of the codes.
func (a Answer) Is(codes ...string) bool {
	for _, code := range codes {
		if a.Status >= 400 && a.Text("code") == code {
			return true
		}
	}
	return false
}

func (a Answer) String() string {
	if a.Status < 300 {
		return strconv.Itoa(a.Status)
	}
	return fmt.Sprintf("%d %s: %s", a.Status, a.Text("code"), a.Text("detail"))
}

// Must asks until there is an answer, and fails with ErrUnexpected unless it is a success.
func (q Question) Must(ctx context.Context) (Answer, error) {
	a, err := q.Ask(ctx)
	if err == nil && a.Status >= 300 {
		err = fmt.Errorf("%w: %s %s: %v", ErrUnexpected, q.Method, q.Path, a)
	}
	return a, err
}

// Ask sends the request with one key until it is answered: without an answer, on 429, on 503, and while the key is in
// flight, it is sent again.
func (q Question) Ask(ctx context.Context) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, allTries)
	defer cancel()
	for {
		a, err := q.Try(ctx)
		again := err != nil || a.Status == http.StatusTooManyRequests || a.Status == http.StatusServiceUnavailable || a.Is("idempotency_key_in_flight")
		if !again {
			return a, nil
		}
		select {
		case <-ctx.Done():
			return a, fmt.Errorf("%s %s was not answered in time, last %v: %w", q.Method, q.Path, a, errors.Join(err, ctx.Err()))
		case <-time.After(a.pause()):
		}
	}
}

// pause is how long the answer asks to wait.
func (a Answer) pause() time.Duration {
	if s, err := strconv.Atoi(a.Header.Get("Retry-After")); err == nil && s > 0 {
		return time.Duration(s) * time.Second
	}
	return retryPause
}

// Try sends the request once.
func (q Question) Try(ctx context.Context) (a Answer, err error) {
	ctx, cancel := context.WithTimeout(ctx, oneTry)
	defer cancel()
	req, err := q.request(ctx)
	if err != nil {
		return a, err
	}
	res, err := q.Client.Do(req)
	if err != nil {
		return a, fmt.Errorf("ask: %w", err)
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	a.Status, a.Header = res.StatusCode, res.Header
	a.Raw, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return a, fmt.Errorf("read an answer: %w", err)
	}
	// A proxy's page of text is an answer too: it has no members.
	if json.Unmarshal(a.Raw, &a.Fields) != nil {
		a.Fields = Object{}
	}
	return a, nil
}

func (q Question) request(ctx context.Context) (*http.Request, error) {
	var body io.Reader
	switch {
	case q.Raw != nil:
		body = bytes.NewReader(q.Raw)
	case q.Body != nil:
		encoded, err := json.Marshal(q.Body)
		if err != nil {
			return nil, fmt.Errorf("encode a request: %w", err)
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, q.Method, q.Base+q.Path, body)
	if err != nil {
		return nil, fmt.Errorf("make a request: %w", err)
	}
	req.Header = q.Header.Clone()
	if body != nil && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if q.Key != "" {
		req.Header.Set("Idempotency-Key", q.Key)
	}
	return req, nil
}

// Together sends requests at the same moment and returns their answers in order.
func Together(ctx context.Context, questions []Question) ([]Answer, error) {
	answers, failures := make([]Answer, len(questions)), make([]error, len(questions))
	gate := make(chan struct{})
	var group sync.WaitGroup
	for i, q := range questions {
		group.Go(func() {
			<-gate
			answers[i], failures[i] = q.Ask(ctx)
		})
	}
	close(gate)
	group.Wait()
	return answers, errors.Join(failures...)
}
