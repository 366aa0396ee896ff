package demouniversity

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// request is an authorization request (OpenID Connect Core 1.0, section 3.1.2.1).
type request struct {
	State, Nonce, Challenge string
}

// read checks an authorization request. A wrong client or redirect URI is told to the browser, never sent on
// (RFC 6749, section 4.1.2.1); wrong is what else is wrong.
func (p *Provider) read(v url.Values) (r request, wrong string, ok bool) {
	if v.Get("client_id") != p.ClientID || v.Get("redirect_uri") != p.RedirectURI {
		return r, "", false
	}
	r = request{State: v.Get("state"), Nonce: v.Get("nonce"), Challenge: v.Get("code_challenge")}
	switch {
	case v.Get("response_type") != "code":
		return r, "unsupported_response_type", true
	case !slices.Contains(strings.Fields(v.Get("scope")), "openid"):
		return r, "invalid_scope", true
	case v.Get("code_challenge_method") != "S256" || r.Challenge == "":
		return r, "invalid_request", true
	}
	return r, "", true
}

func (p *Provider) ask(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	req, wrong, ok := p.read(query)
	switch {
	case !ok:
		p.render(w, r, http.StatusBadRequest, page{})
	case wrong != "":
		p.back(w, r, req, "error", wrong)
	default:
		p.render(w, r, http.StatusOK, page{Request: hidden(query), People: people})
	}
}

func (p *Provider) signIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	if err := r.ParseForm(); err != nil {
		p.render(w, r, http.StatusBadRequest, page{})
		return
	}
	req, wrong, ok := p.read(r.PostForm)
	if !ok {
		p.render(w, r, http.StatusBadRequest, page{})
		return
	}
	if r.PostForm.Has("cancel") {
		wrong = "access_denied"
	}
	if wrong != "" {
		p.back(w, r, req, "error", wrong)
		return
	}
	who, ok := choose(r.PostForm.Get("person"), r.PostForm.Get("name"), r.PostForm.Get("role"))
	if !ok {
		p.render(w, r, http.StatusUnprocessableEntity, page{Request: hidden(r.PostForm), People: people, Missing: true})
		return
	}
	code, err := p.keep(p.codes, grant{person: who, nonce: req.Nonce, challenge: req.Challenge, expires: p.Now().Add(codeLife)})
	if err != nil {
		p.Log.ErrorContext(r.Context(), "signing in failed", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	p.back(w, r, req, "code", code)
}

// back sends the browser to the client, with the issuer in the response (RFC 9207, section 2).
func (p *Provider) back(w http.ResponseWriter, r *http.Request, req request, name, value string) {
	address, err := url.Parse(p.RedirectURI)
	if err != nil {
		p.Log.ErrorContext(r.Context(), "the redirect address is not valid", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	query := address.Query()
	query.Set(name, value)
	query.Set("iss", p.Issuer)
	if req.State != "" {
		query.Set("state", req.State)
	}
	address.RawQuery = query.Encode()
	http.Redirect(w, r, address.String(), http.StatusSeeOther)
}

type field struct{ Name, Value string }

// hidden carries the request through the form.
func hidden(v url.Values) []field {
	var fields []field
	for _, name := range []string{"client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge", "code_challenge_method"} {
		fields = append(fields, field{name, v.Get(name)})
	}
	return fields
}
