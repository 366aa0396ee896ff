package verify

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// CompleteSSO takes a browser back from a provider. params are the query parameters of the response, browser is the
// secret that Enter gave. The state is burned before anything else is done with the response, so that it works once.
//
// It returns where to send the browser: the page that it began on, with laurel_verification in its query. Whether the
// sign-in proved anything is read from the verification. Faults: provider_refused when state or browser do not fit;
// then there is nowhere to go.
func (s *Service) CompleteSSO(ctx context.Context, params map[string]string, browser string) (returnURL string, err error) {
	var sso SSO
	var way departure
	err = s.withSSO(ctx, params["state"], func(ctx context.Context, tx Tx, found SSO) error {
		sum := sha256.Sum256([]byte(browser))
		if subtle.ConstantTimeCompare(found.BrowserHash, sum[:]) != 1 {
			return ErrSSOInvalid
		}
		found.UsedAt = tx.Now()
		sso = found
		if way, err = s.openDeparture(found); err != nil {
			return err
		}
		return tx.UpdateSSO(ctx, found)
	})
	if err != nil {
		return "", err
	}
	if err := s.arrive(ctx, sso, way, params); err != nil {
		return "", err
	}
	return withVerification(sso.ReturnURL, sso.Verification)
}

// arrive reads the provider's response and writes what it means. A verification that moved on meanwhile stays as it is.
func (s *Service) arrive(ctx context.Context, sso SSO, way departure, params map[string]string) error {
	store := StoreRef{ID: sso.Store, Test: way.Test}
	var seen Verification
	now, err := s.read(ctx, store, sso.Verification, &seen)
	if err != nil {
		return err
	}
	tagger, err := s.Taggers.TaggerOf(ctx, store.ID)
	if err != nil {
		return fmt.Errorf("reading the store's keys: %w", err)
	}
	p := proposal{seen: seen, requirement: sso.Requirement, step: StepSSO, tagger: tagger}
	redirector, at, err := s.redirector(ctx, store, seen, sso.Requirement, now)
	if err == nil {
		p.verifier, _ = redirector.(Verifier)
		p.outcome, err = redirector.Return(ctx, at, Return{RedirectURI: s.CallbackURL, Params: params}, way.Private)
	}
	if err != nil && fault.From(err) == nil {
		return fmt.Errorf("coming back from a sign-in: %w", err)
	}
	p.refusal = err
	_, err = s.write(ctx, store.ID, func(ctx context.Context, tx Tx) (*Result, error) {
		v, err := tx.LockVerification(ctx, sso.Verification)
		if err != nil {
			return nil, err
		}
		if c := v.Challenge; v.At(tx.Now()).State != Challenged || c == nil || c.Step != StepSSO || c.Requirement != sso.Requirement {
			return nil, nil
		}
		if p.refusal != nil {
			return s.finish(ctx, tx, v.interrupt(fault.From(p.refusal), tx.Now()))
		}
		return s.conclude(ctx, tx, v, p)
	})
	var refused *fault.Fault
	if errors.As(err, &refused) && refused.Code == fault.AlreadyVerified {
		return nil // the shopper reads it from the verification
	}
	return err
}

func withVerification(address, verification string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("reading a return address: %w", err)
	}
	q := u.Query()
	q.Set("laurel_verification", verification)
	u.RawQuery = q.Encode()
	return u.String(), nil
}
