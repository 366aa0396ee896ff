package race

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
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

// object is a JSON object.
type object = map[string]any

// caller asks a deployment as somebody.
type caller struct {
	client *http.Client
	base   string
	header http.Header
	newID  func() string
}

func (c caller) with(name, value string) caller {
	c.header = c.header.Clone()
	c.header.Set(name, value)
	return c
}

// question is one request. Its key is the same however often it is sent.
type question struct {
	caller
	method, path string
	body         object
	key          string
}

func (c caller) post(path string, body object) question {
	return question{c, http.MethodPost, path, body, c.newID()}
}

func (c caller) get(path string) question {
	return question{caller: c, method: http.MethodGet, path: path}
}

// answer is what the deployment said.
type answer struct {
	status int
	header http.Header
	fields object
}

// text is a member, or one of an object within.
func (a answer) text(path ...string) string {
	var v any = a.fields
	for _, name := range path {
		m, _ := v.(object)
		v = m[name]
	}
	s, _ := v.(string)
	return s
}

func (a answer) String() string {
	if a.status < 300 {
		return strconv.Itoa(a.status)
	}
	return fmt.Sprintf("%d %s: %s", a.status, a.text("code"), a.text("detail"))
}

// is tells whether the answer is a refusal with a code.
func (a answer) is(code string) bool { return a.status >= 400 && a.text("code") == code }

// ErrUnexpected says that something that a race needs was refused.
var ErrUnexpected = errors.New("an answer that the race cannot go on with")

// must asks until there is an answer, and fails unless it is a success.
func (q question) must(ctx context.Context) (answer, error) {
	a, err := q.ask(ctx)
	if err == nil && a.status >= 300 {
		err = fmt.Errorf("%w: %s %s: %v", ErrUnexpected, q.method, q.path, a)
	}
	return a, err
}

// ask sends the request with one key until it is answered: without an answer, on 429, on 503, and while the key is in
// flight, it is sent again.
func (q question) ask(ctx context.Context) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, allTries)
	defer cancel()
	for {
		a, err := q.try(ctx)
		again := err != nil || a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable || a.is("idempotency_key_in_flight")
		if !again {
			return a, nil
		}
		select {
		case <-ctx.Done():
			return a, fmt.Errorf("%s %s was not answered in time, last %v: %w", q.method, q.path, a, errors.Join(err, ctx.Err()))
		case <-time.After(a.pause()):
		}
	}
}

// pause is how long the answer asks to wait.
func (a answer) pause() time.Duration {
	if s, err := strconv.Atoi(a.header.Get("Retry-After")); err == nil && s > 0 {
		return time.Duration(s) * time.Second
	}
	return retryPause
}

func (q question) try(ctx context.Context) (a answer, err error) {
	ctx, cancel := context.WithTimeout(ctx, oneTry)
	defer cancel()
	var body io.Reader
	if q.body != nil {
		encoded, err := json.Marshal(q.body)
		if err != nil {
			return a, fmt.Errorf("encode a request: %w", err)
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, q.method, q.base+q.path, body)
	if err != nil {
		return a, fmt.Errorf("make a request: %w", err)
	}
	req.Header = q.header.Clone()
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if q.key != "" {
		req.Header.Set("Idempotency-Key", q.key)
	}
	res, err := q.client.Do(req)
	if err != nil {
		return a, fmt.Errorf("ask: %w", err)
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	a.status, a.header = res.StatusCode, res.Header
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return a, fmt.Errorf("read an answer: %w", err)
	}
	// A proxy's page of text is an answer too: it has no members.
	if json.Unmarshal(text, &a.fields) != nil {
		a.fields = object{}
	}
	return a, nil
}

// together sends requests at the same moment and returns their answers in order.
func together(ctx context.Context, questions []question) ([]answer, error) {
	answers, failures := make([]answer, len(questions)), make([]error, len(questions))
	gate := make(chan struct{})
	var group sync.WaitGroup
	for i, q := range questions {
		group.Go(func() {
			<-gate
			answers[i], failures[i] = q.ask(ctx)
		})
	}
	close(gate)
	group.Wait()
	return answers, errors.Join(failures...)
}
