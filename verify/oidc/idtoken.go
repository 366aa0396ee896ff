package oidc

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// skew is how far a provider's clock may be off.
const skew = 60 * time.Second

// idToken checks the ID token as OpenID Connect Core 1.0, section 3.1.3.7, says, and returns its claims.
func (v *Verifier) idToken(ctx context.Context, found *discovered, token *oauth2.Token, nonce string) (*oidc.IDToken, map[string]json.RawMessage, error) {
	raw, ok := token.Extra("id_token").(string)
	if !ok || raw == "" {
		return nil, nil, errors.New("the token endpoint gave no ID token")
	}
	// Expiry is checked below: go-oidc allows no skew there.
	verifier := found.provider.Verifier(&oidc.Config{
		ClientID: v.config.ClientID, SupportedSigningAlgs: v.config.Algorithms, SkipExpiryCheck: true, Now: v.deps.Now,
	})
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return nil, nil, fmt.Errorf("verifying the ID token: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1 {
		return nil, nil, errors.New("the ID token has another nonce")
	}
	claims := map[string]json.RawMessage{}
	if err := id.Claims(&claims); err != nil {
		return nil, nil, fmt.Errorf("reading the claims: %w", err)
	}
	if err := v.checkTimes(id, claims); err != nil {
		return nil, nil, err
	}
	if id.Subject == "" {
		return nil, nil, errors.New("the ID token has no subject")
	}
	azp, text := as[string](claims["azp"])
	_, given := claims["azp"]
	if len(id.Audience) > 1 && !given || given && (!text || azp != v.config.ClientID) {
		return nil, nil, errors.New("the ID token was issued to another client")
	}
	if id.AccessTokenHash != "" {
		if err := id.VerifyAccessToken(token.AccessToken); err != nil {
			return nil, nil, fmt.Errorf("verifying at_hash: %w", err)
		}
	}
	return id, claims, nil
}

func (v *Verifier) checkTimes(id *oidc.IDToken, claims map[string]json.RawMessage) error {
	now := v.deps.Now()
	if id.Expiry.IsZero() || now.After(id.Expiry.Add(skew)) {
		return errors.New("the ID token has expired")
	}
	if id.IssuedAt.Unix() <= 0 || now.Add(skew).Before(id.IssuedAt) {
		return errors.New("the ID token is from the future, or does not say from when it is")
	}
	if raw, given := claims["nbf"]; given {
		if nbf, ok := as[float64](raw); !ok || now.Add(skew).Before(time.Unix(int64(nbf), 0)) {
			return errors.New("the ID token is not valid yet")
		}
	}
	return nil
}

// addUserInfo adds the claims of the userinfo endpoint that the ID token does not have. The subject must be the same
// (OpenID Connect Core 1.0, section 5.3.2).
func addUserInfo(ctx context.Context, found *discovered, token *oauth2.Token, id *oidc.IDToken, claims map[string]json.RawMessage) error {
	info, err := found.provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return unavailable(fmt.Errorf("reading userinfo: %w", err))
	}
	if info.Subject != id.Subject {
		return refused(errors.New("userinfo is about another subject"))
	}
	more := map[string]json.RawMessage{}
	if err := info.Claims(&more); err != nil {
		return refused(fmt.Errorf("reading userinfo: %w", err))
	}
	for name, value := range more {
		if _, known := claims[name]; !known {
			claims[name] = value
		}
	}
	return nil
}
