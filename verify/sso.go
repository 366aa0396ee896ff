package verify

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// ssoLifetime is how long a browser has for the way to a provider and back.
const ssoLifetime = 10 * time.Minute

// SSOStart asks for a way to a provider.
type SSOStart struct {
	// Provider is the instance of the verifier ("demo-university").
	Provider string
	// ReturnURL is where the browser goes in the end. Its origin must be one of Origins, those that the store allows.
	ReturnURL string
	Origins   []string
}

// The refusals on the way.
var (
	ErrReturnURL = fault.New(fault.ReturnURLNotAllowed, "The return address must be on an allowed origin of the store.").
			At("#/return_url", "use an absolute http or https address on an allowed origin")
	ErrProviderUnknown = fault.New(fault.ProviderUnknown, "This provider is not among the paths that are open.").
				At("#/provider", "unknown")
	// ErrSSOInvalid is uniform: it does not say whether a state was unknown, used, too old or another browser's.
	ErrSSOInvalid = fault.New(fault.ProviderRefused, "This sign-in is not valid any more. Go back to the shop and start it again.")
)

// departure is what is sealed with an SSO.
type departure struct {
	URL     string `json:"url"`
	Private []byte `json:"private"`
	Test    bool   `json:"test"`
}

// BeginSSO prepares the way to a provider. The result's RedirectURL is an address of the gateway itself, where the
// browser gets a secret (Enter) before it is sent on. Faults: invalid_step, verification_expired, provider_unknown,
// provider_unavailable, return_url_not_allowed, not_found.
func (s *Service) BeginSSO(ctx context.Context, store StoreRef, id string, start SSOStart) (*Result, error) {
	for range staleRetries {
		result, err := s.beginOnce(ctx, store, id, start)
		if !errors.Is(err, errStale) {
			return result, err
		}
	}
	return nil, fault.New(fault.Conflict, "The verification is being answered elsewhere at this moment. Read it, then answer again.")
}

func (s *Service) beginOnce(ctx context.Context, store StoreRef, id string, start SSOStart) (*Result, error) {
	var seen Verification
	now, err := s.read(ctx, store, id, &seen)
	if err != nil {
		return nil, err
	}
	secret, err := s.secret()
	if err != nil {
		return nil, err
	}
	state := store.ID + "." + secret
	r, way, refusal := s.depart(ctx, store, seen, start, state, now)
	if refusal != nil && fault.From(refusal) == nil {
		return nil, fmt.Errorf("preparing a sign-in: %w", refusal)
	}
	return s.write(ctx, store.ID, func(ctx context.Context, tx Tx) (*Result, error) {
		v, err := tx.LockVerification(ctx, id)
		if err != nil {
			return nil, err
		}
		if v.Revision != seen.Revision {
			return nil, errStale
		}
		if refusal != nil {
			return nil, s.refuse(ctx, tx, v, refusal)
		}
		now := tx.Now()
		if err := tx.DeleteSSO(ctx, v.ID, now); err != nil {
			return nil, err
		}
		sum := sha256.Sum256([]byte(state))
		sso := SSO{
			Store: store.ID, Verification: v.ID, Requirement: r, StateHash: sum[:], ReturnURL: start.ReturnURL,
			CreatedAt: now, ExpiresAt: now.Add(ssoLifetime),
		}
		if sso.Sealed, err = s.sealDeparture(way, sso); err != nil {
			return nil, err
		}
		if err := tx.InsertSSO(ctx, sso); err != nil {
			return nil, fmt.Errorf("remembering a sign-in: %w", err)
		}
		result, err := s.finish(ctx, tx, v.ask(r, Ask{Step: StepSSO, ExpiresAt: sso.ExpiresAt}, nil, now))
		if err != nil {
			return nil, err
		}
		result.RedirectURL = s.EnterURL + "?" + url.Values{"state": {state}}.Encode()
		return result, nil
	})
}

// depart asks the provider's verifier where to go.
func (s *Service) depart(ctx context.Context, store StoreRef, v Verification, start SSOStart, state string, now time.Time) (Requirement, departure, error) {
	requirements, err := v.Admit(StepSSO, now)
	if err != nil {
		return "", departure{}, err
	}
	if !allowedReturn(start.ReturnURL, start.Origins) {
		return "", departure{}, ErrReturnURL
	}
	i := slices.IndexFunc(requirements, func(r Requirement) bool {
		return r.Instance() == start.Provider || r.Instance() == "" && r.Verifier() == start.Provider
	})
	if i < 0 {
		return "", departure{}, ErrProviderUnknown
	}
	r := requirements[i]
	redirector, at, err := s.redirector(ctx, store, v, r, now)
	if err != nil {
		return r, departure{}, err
	}
	redirect, err := redirector.Depart(ctx, at, Departure{State: state, RedirectURI: s.CallbackURL})
	return r, departure{URL: redirect.URL, Private: redirect.Private, Test: store.Test}, err
}

func (s *Service) redirector(ctx context.Context, store StoreRef, v Verification, r Requirement, now time.Time) (Redirector, Attempt, error) {
	shop, err := s.shop(ctx, store)
	if err != nil {
		return nil, Attempt{}, err
	}
	verifier, err := shop.Instance(r)
	if err != nil {
		return nil, Attempt{}, err
	}
	redirector, ok := verifier.(Redirector)
	if !ok {
		return nil, Attempt{}, ErrInvalidStep
	}
	v.Challenge = nil // its private state is the way's, not the challenge's
	at, err := s.attempt(store, v, r, now)
	return redirector, at, err
}

// allowedReturn reports whether an address is absolute, on an allowed origin, and hides nothing.
func allowedReturn(address string, origins []string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Opaque != "" {
		return false
	}
	return slices.Contains(origins, OriginOf(u))
}

// OriginOf returns the origin of an address as browsers write it (RFC 6454, section 6.2).
func OriginOf(u *url.URL) string {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if port := map[string]string{"http": ":80", "https": ":443"}[scheme]; port != "" {
		host = strings.TrimSuffix(host, port)
	}
	return scheme + "://" + host
}

// Entrance is what the gateway does with a browser that begins its way.
type Entrance struct {
	// ProviderURL is where it is sent.
	ProviderURL string
	// Secret is given to the browser and asked for when it comes back.
	Secret string
	// Origin is that of the page that the browser will return to, and must have come from.
	Origin string
}

// Peek tells from which origin a browser must come that enters with this state. Faults: provider_refused.
func (s *Service) Peek(ctx context.Context, state string) (origin string, err error) {
	err = s.withSSO(ctx, state, func(_ context.Context, _ Tx, sso SSO) error {
		origin = originOfText(sso.ReturnURL)
		return nil
	})
	return origin, err
}

// Enter binds the way to the one browser that asks first, by a secret. Asking again with that secret gives the same.
// Faults: provider_refused.
func (s *Service) Enter(ctx context.Context, state, known string) (Entrance, error) {
	secret := known
	if secret == "" {
		var err error
		if secret, err = s.secret(); err != nil {
			return Entrance{}, err
		}
	}
	var e Entrance
	err := s.withSSO(ctx, state, func(ctx context.Context, tx Tx, sso SSO) error {
		sum := sha256.Sum256([]byte(secret))
		switch {
		case len(sso.BrowserHash) == 0:
			sso.BrowserHash = sum[:]
			if err := tx.UpdateSSO(ctx, sso); err != nil {
				return err
			}
		case subtle.ConstantTimeCompare(sso.BrowserHash, sum[:]) != 1:
			return ErrSSOInvalid
		}
		way, err := s.openDeparture(sso)
		e = Entrance{ProviderURL: way.URL, Secret: secret, Origin: originOfText(sso.ReturnURL)}
		return err
	})
	return e, err
}

func originOfText(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return OriginOf(u)
}

// withSSO runs fn with a way that is neither used nor lapsed.
func (s *Service) withSSO(ctx context.Context, state string, fn func(context.Context, Tx, SSO) error) error {
	store, _, ok := strings.Cut(state, ".")
	if !ok || store == "" {
		return ErrSSOInvalid
	}
	_, err := s.Storage.Write(ctx, store, func(ctx context.Context, tx Tx) (any, error) {
		sum := sha256.Sum256([]byte(state))
		sso, err := tx.LockSSO(ctx, sum[:])
		if fault.CodeOf(err) == fault.NotFound {
			return nil, ErrSSOInvalid
		}
		if err != nil {
			return nil, fmt.Errorf("finding a sign-in: %w", err)
		}
		if !sso.UsedAt.IsZero() || !tx.Now().Before(sso.ExpiresAt) {
			return nil, ErrSSOInvalid
		}
		return nil, fn(ctx, tx, sso)
	})
	return err
}

func (s *Service) sealDeparture(d departure, sso SSO) ([]byte, error) {
	plain, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("writing a sign-in: %w", err)
	}
	sealed, err := s.Sealer.Seal(plain, wayOf(sso))
	if err != nil {
		return nil, fmt.Errorf("sealing a sign-in: %w", err)
	}
	return sealed, nil
}

func (s *Service) openDeparture(sso SSO) (departure, error) {
	var d departure
	plain, err := s.Sealer.Open(sso.Sealed, wayOf(sso))
	if err != nil {
		return d, fmt.Errorf("opening a sign-in: %w", err)
	}
	if err := json.Unmarshal(plain, &d); err != nil {
		return d, fmt.Errorf("reading a sign-in: %w", err)
	}
	return d, nil
}

// wayOf is the associated data of a way: it opens for no other state, verification or provider.
func wayOf(sso SSO) []byte {
	return fmt.Appendf(nil, "sso|%s|%s|%s|%x", sso.Store, sso.Verification, sso.Requirement, sso.StateHash)
}
