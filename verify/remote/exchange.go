package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/laurel-gateway/laurel/internal/circuit"
	"github.com/laurel-gateway/laurel/internal/fault"
)

const (
	// patience bounds all tries of one question together.
	patience = 12 * time.Second
	// firstPause is that before the first retry; each further one is twice as long.
	firstPause = 100 * time.Millisecond
)

// errAway is what the shopper reads when the other side cannot be asked.
var errAway = fault.New(fault.ProviderUnavailable, "This check does not answer right now. Try again in a moment, or choose another way.").After(5 * time.Second)

func away(err error) error { return errAway.Wrap(err) }

// errPassing marks a failure that may pass by itself, so that asking again makes sense.
var errPassing = errors.New("the remote verifier failed for the moment")

// ask puts the question, again with the same id after a failure that may pass. Faults: provider_unavailable.
func (v *Verifier) ask(ctx context.Context, id string, q question) (d decision, err error) {
	body, err := json.Marshal(q)
	if err != nil {
		return d, fmt.Errorf("writing the question: %w", err)
	}
	var why error
	ok, err := v.guard.Do(circuit.WithoutAllowance(ctx), "remote", func(ctx context.Context) error {
		d, why = v.tries(ctx, id, body)
		return why
	})
	switch {
	case err != nil:
		return d, fmt.Errorf("asking the remote verifier: %w", err)
	case !ok && why == nil:
		return d, away(circuit.ErrOpen)
	case !ok:
		return d, away(why)
	}
	return d, nil
}

func (v *Verifier) tries(ctx context.Context, id string, body []byte) (d decision, err error) {
	pause := firstPause
	for try := 0; ; try++ {
		if d, err = v.try(ctx, id, body); err == nil || try == v.config.Retries || !errors.Is(err, errPassing) {
			return d, err
		}
		select {
		case <-ctx.Done():
			return d, fmt.Errorf("waiting to ask again: %w", errors.Join(ctx.Err(), err))
		case <-time.After(pause):
		}
		pause *= 2
	}
}

func (v *Verifier) try(ctx context.Context, id string, body []byte) (d decision, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(v.config.TimeoutSeconds)*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, v.config.URL, bytes.NewReader(body))
	if err != nil {
		return d, fmt.Errorf("making the request: %w", err)
	}
	now := v.deps.Now()
	signature, err := v.signer.Sign(id, now, body)
	if err != nil {
		return d, fmt.Errorf("signing the request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Webhook-Id", id)
	req.Header.Set("Webhook-Timestamp", strconv.FormatInt(now.Unix(), 10))
	req.Header.Set("Webhook-Signature", signature)
	res, err := v.deps.Client.Do(req)
	if err != nil {
		return d, errors.Join(errPassing, withoutURL(err))
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	if err := judge(res.StatusCode); err != nil {
		return d, err
	}
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxDecisionBytes+1))
	if err != nil {
		return d, errors.Join(errPassing, withoutURL(err))
	}
	// The id ties the answer to this question: one that was given to another is worth nothing here.
	if res.Header.Get("Webhook-Id") != id {
		return d, errors.New("the answer is signed for another question, or not at all")
	}
	if err := v.signed(id, res.Header.Get("Webhook-Timestamp"), res.Header.Get("Webhook-Signature"), answer); err != nil {
		return d, err
	}
	return decode(answer)
}

// judge says what a status means: redirects are not followed, and what the other side calls our mistake is not asked again.
func judge(status int) error {
	if status/100 == 2 {
		return nil
	}
	err := fmt.Errorf("the remote verifier answers with status %d", status)
	passing := []int{http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests}
	if status >= http.StatusInternalServerError || slices.Contains(passing, status) {
		return errors.Join(errPassing, err)
	}
	return err
}

// withoutURL drops the address from an error of a request: it may hold a secret of the store's.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
