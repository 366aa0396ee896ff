package demouniversity

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	if err := r.ParseForm(); err != nil {
		p.refuse(w, http.StatusBadRequest, "invalid_request")
		return
	}
	if !p.authenticated(r) {
		w.Header().Set("WWW-Authenticate", "Basic")
		p.refuse(w, http.StatusUnauthorized, "invalid_client")
		return
	}
	if r.PostForm.Get("grant_type") != "authorization_code" {
		p.refuse(w, http.StatusBadRequest, "unsupported_grant_type")
		return
	}
	g, ok := p.take(p.codes, r.PostForm.Get("code"), true)
	if !ok || r.PostForm.Get("redirect_uri") != p.RedirectURI || !proves(r.PostForm.Get("code_verifier"), g.challenge) {
		p.refuse(w, http.StatusBadRequest, "invalid_grant")
		return
	}
	body, err := p.issue(g)
	if err != nil {
		p.Log.ErrorContext(r.Context(), "issuing tokens failed", "error", err)
		p.refuse(w, http.StatusInternalServerError, "server_error")
		return
	}
	p.answer(w, http.StatusOK, body)
}

// authenticated checks client_secret_basic or client_secret_post (RFC 6749, section 2.3.1).
func (p *Provider) authenticated(r *http.Request) bool {
	id, secret, basic := r.BasicAuth()
	if basic {
		var idErr, secretErr error
		id, idErr = url.QueryUnescape(id)
		secret, secretErr = url.QueryUnescape(secret)
		if idErr != nil || secretErr != nil {
			return false
		}
	} else {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	return subtle.ConstantTimeCompare([]byte(id), []byte(p.ClientID))&subtle.ConstantTimeCompare([]byte(secret), []byte(p.ClientSecret)) == 1
}

// proves checks a PKCE verifier (RFC 7636, section 4.6).
func proves(verifier, challenge string) bool {
	sum := sha256.Sum256([]byte(verifier))
	want := base64.RawURLEncoding.EncodeToString(sum[:])
	return verifier != "" && subtle.ConstantTimeCompare([]byte(want), []byte(challenge)) == 1
}

func (p *Provider) issue(g grant) (map[string]any, error) {
	now := p.Now()
	g.expires = now.Add(tokenLife)
	access, err := p.keep(p.tokens, g)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(access))
	claims := map[string]any{
		"iss": p.Issuer, "aud": p.ClientID, "iat": now.Unix(), "exp": now.Add(tokenLife).Unix(),
		"at_hash": base64.RawURLEncoding.EncodeToString(sum[:16]),
	}
	if g.nonce != "" {
		claims["nonce"] = g.nonce
	}
	maps.Copy(claims, g.person.claims())
	payload, err := json.Marshal(claims)
	if err != nil {
		return nil, fmt.Errorf("writing claims: %w", err)
	}
	signed, err := p.signer.Sign(payload)
	if err != nil {
		return nil, fmt.Errorf("signing an ID token: %w", err)
	}
	id, err := signed.CompactSerialize()
	if err != nil {
		return nil, fmt.Errorf("writing an ID token: %w", err)
	}
	return map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": int(tokenLife.Seconds()), "id_token": id}, nil
}

func (p *Provider) refuse(w http.ResponseWriter, status int, code string) {
	p.answer(w, status, map[string]string{"error": code})
}

func (p *Provider) userInfo(w http.ResponseWriter, r *http.Request) {
	access, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	g, ok := p.take(p.tokens, access, false)
	if !bearer || !ok {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		p.refuse(w, http.StatusUnauthorized, "invalid_token")
		return
	}
	p.answer(w, http.StatusOK, g.person.claims())
}
