package sso

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// The paths, below the gateway's public address.
const (
	StartPath    = "/sso/start"
	CallbackPath = "/sso/callback"
)

// Flow is what the pages need; *verify.Service is one.
type Flow interface {
	Peek(ctx context.Context, state string) (origin string, err error)
	Enter(ctx context.Context, state, known string) (verify.Entrance, error)
	CompleteSSO(ctx context.Context, params map[string]string, browser string) (returnURL string, err error)
}

// Handler serves StartPath and CallbackPath.
type Handler struct {
	flow   Flow
	log    *slog.Logger
	own    string
	cookie http.Cookie
	mux    *http.ServeMux
}

// New returns the handler for a gateway at a public address such as https://verify.example.com.
func New(flow Flow, publicURL *url.URL, log *slog.Logger) *Handler {
	secure := publicURL.Scheme == "https"
	h := &Handler{flow: flow, log: log, own: verify.OriginOf(publicURL), mux: http.NewServeMux(), cookie: http.Cookie{
		Name: "laurel_sso", Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
		MaxAge: int((15 * time.Minute).Seconds()),
	}}
	if secure {
		h.cookie.Name = "__Host-laurel_sso"
	}
	h.mux.HandleFunc("GET "+StartPath, h.start)
	h.mux.HandleFunc("POST "+StartPath, h.confirm)
	h.mux.HandleFunc("GET "+CallbackPath, h.callback)
	return h
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+styleHash+"'; base-uri 'none'; frame-ancestors 'none'")
	h.mux.ServeHTTP(w, r)
}

func (h *Handler) start(w http.ResponseWriter, r *http.Request) {
	state := r.URL.Query().Get("state")
	origin, err := h.flow.Peek(r.Context(), state)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	if !h.cameFrom(r, origin) {
		h.render(w, r, http.StatusOK, page{Kind: "ask", Origin: origin, State: state})
		return
	}
	h.enter(w, r, state)
}

// cameFrom reports whether a browser was sent here by a page of this origin. What sends no Sec-Fetch-Site is no
// current browser, so that nobody can be lured in it. A page of the gateway's own origin needs no referrer: the browser
// itself says that the request is from there.
func (h *Handler) cameFrom(r *http.Request, origin string) bool {
	switch site := r.Header.Get("Sec-Fetch-Site"); {
	case site == "", site == "same-origin" && origin == h.own:
		return true
	}
	referrer, err := url.Parse(r.Referer())
	return err == nil && referrer.Host != "" && verify.OriginOf(referrer) == origin
}

// confirm takes the shopper's word, from our own page only.
func (h *Handler) confirm(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4096)
	if site := r.Header.Get("Sec-Fetch-Site"); site != "same-origin" {
		h.fail(w, r, verify.ErrSSOInvalid)
		return
	}
	h.enter(w, r, r.PostFormValue("state"))
}

func (h *Handler) enter(w http.ResponseWriter, r *http.Request, state string) {
	entrance, err := h.flow.Enter(r.Context(), state, h.known(r))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	cookie := h.cookie
	cookie.Value = entrance.Secret
	http.SetCookie(w, &cookie)
	http.Redirect(w, r, entrance.ProviderURL, http.StatusSeeOther)
}

// known returns the secret that the browser has from an earlier way, if it looks like one of ours.
func (h *Handler) known(r *http.Request) string {
	c, err := r.Cookie(h.cookie.Name)
	if err != nil || len(c.Value) != 43 {
		return ""
	}
	return c.Value
}

func (h *Handler) callback(w http.ResponseWriter, r *http.Request) {
	params := map[string]string{}
	for name, values := range r.URL.Query() {
		// RFC 6749, section 3.1: parameters must not be included more than once.
		if len(values) != 1 {
			h.fail(w, r, verify.ErrSSOInvalid)
			return
		}
		params[name] = values[0]
	}
	back, err := h.flow.CompleteSSO(r.Context(), params, h.known(r))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}

func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch fault.CodeOf(err) {
	case fault.ProviderRefused, fault.NotFound, fault.InvalidStep, fault.VerificationExpired:
		h.render(w, r, http.StatusBadRequest, page{Kind: "invalid"})
	case fault.Unavailable, fault.Overloaded, fault.ProviderUnavailable:
		w.Header().Set("Retry-After", "2")
		h.render(w, r, http.StatusServiceUnavailable, page{Kind: "unavailable"})
	default:
		h.log.ErrorContext(r.Context(), "sign-in failed", "path", r.URL.Path, "error", err)
		h.render(w, r, http.StatusInternalServerError, page{Kind: "unavailable"})
	}
}

// german reports whether the browser prefers German. English is for everybody else.
func german(r *http.Request) bool {
	return strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "de")
}
