package admin

import (
	"context"
	"encoding/hex"
	"net/http"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/fault"
)

// Sessions tells the API who is signed in to the console.
type Sessions struct{ service *console.Service }

// NewSessions returns the sessions of a console.
func NewSessions(s *console.Service) Sessions { return Sessions{s} }

var _ api.ConsoleSessions = Sessions{}

// Person implements api.ConsoleSessions.
func (s Sessions) Person(ctx context.Context, cookie string) (api.Person, error) {
	a, err := s.service.Authenticate(ctx, cookie)
	if err != nil {
		return api.Person{}, err
	}
	p := a.Person
	return api.Person{ID: p.ID, Email: p.Email, Name: p.Name, Operator: p.Operator, Locale: p.Locale, Session: hex.EncodeToString(a.Session)}, nil
}

// Role implements api.ConsoleSessions. Faults: forbidden while the person has only a one-time password.
func (s Sessions) Role(ctx context.Context, person, store string) (string, error) {
	role, err := s.service.RoleIn(ctx, person, store)
	return string(role), err
}

type adminPerson struct {
	ID                 string `json:"id" doc:"The person's id." example:"per_01920000-0000-7000-8000-000000000001"`
	Email              string `json:"email" doc:"Mail address, by which they sign in." example:"owner@shop.example"`
	Name               string `json:"name" doc:"Name." example:"Ada Lovelace"`
	Operator           bool   `json:"operator" doc:"Operators may do everything in every store." example:"false"`
	Locale             string `json:"locale" doc:"Language of the console." example:"en"`
	MustChangePassword bool   `json:"must_change_password" doc:"True after signing in with a one-time password: nothing else is allowed before it is changed." example:"false"`
}

type adminStoreRole struct {
	ID   string `json:"id" doc:"The store's id." example:"sto_01920000-0000-7000-8000-000000000001"`
	Name string `json:"name" doc:"The store's name." example:"Books & more"`
	Mode string `json:"mode" enum:"test,live" doc:"For trying out or for real." example:"test"`
	Role string `json:"role" enum:"owner,marketer,reviewer,analyst,support" doc:"What the person may do there; owner for an operator." example:"owner"`
}

type adminSession struct {
	Person adminPerson      `json:"person" doc:"Who is signed in."`
	Stores []adminStoreRole `json:"stores" doc:"The stores to work in, by name."`
}

func sessionOf(s console.SignedIn) adminSession {
	p := s.Person
	out := adminSession{Stores: []adminStoreRole{}, Person: adminPerson{ID: p.ID, Email: p.Email, Name: p.Name, Operator: p.Operator,
		Locale: p.Locale, MustChangePassword: p.MustChangePassword()}}
	for _, r := range s.Stores {
		role := r.Role
		if p.Operator {
			role = console.Owner
		}
		out.Stores = append(out.Stores, adminStoreRole{ID: r.Store, Name: r.Name, Mode: r.Mode, Role: string(role)})
	}
	return out
}

type signInInput struct {
	Cookie string `cookie:"laurel_session" hidden:"true"`
	Body   struct {
		Email    string `json:"email" minLength:"1" maxLength:"254" doc:"Mail address." example:"owner@shop.example"`
		Password string `json:"password" minLength:"1" maxLength:"512" doc:"Password." example:"correct horse battery staple"`
	}
	address netip.Addr
	foreign bool
}

// Resolve implements huma.Resolver: it notes where the request comes from.
func (i *signInInput) Resolve(hc huma.Context) []error {
	c := humaecho.Unwrap(hc)
	if a, err := netip.ParseAddr(c.RealIP()); err == nil {
		i.address = a
	}
	// Nobody is to be signed in to a stranger's account by another page (login CSRF).
	i.foreign = http.NewCrossOriginProtection().Check(c.Request()) != nil
	return nil
}

// sessionReply is an answer that sets or takes the cookie.
type sessionReply[T any] struct {
	Status       int
	ContentType  string      `header:"Content-Type" hidden:"true"`
	CacheControl string      `header:"Cache-Control" hidden:"true"`
	SetCookie    http.Cookie `header:"Set-Cookie" doc:"The console's session."`
	Body         api.Rendered[T]
}

var errForeign = fault.New(fault.OriginNotAllowed, "Sign in from the console's own page.")

func (o *admin) registerSession() {
	api.Register(o.api, api.Operation{
		ID: "admin-create-session", Method: http.MethodPost, Path: "/v1/admin/session", Tag: "Console", Summary: "Sign in",
		Description: "Opens a session of at most 7 days, 12 hours of them unused, and sets its cookie. Whatever is wrong, the refusal is the same and takes as long. " +
			"Attempts are held back by mail address and by network address.",
		Allow: api.Allow(api.Anyone), Refusals: []fault.Code{fault.SignInFailed, fault.SignInThrottled, fault.OriginNotAllowed},
	}, o.signIn)
	add(o, api.Operation{
		ID: "admin-get-session", Method: http.MethodGet, Path: "/v1/admin/session", Summary: "Who is signed in",
		Description: "The person behind the session cookie, and the stores to work in.",
	}, func(ctx context.Context, in *cookieInput) (*api.Reply[adminSession], error) {
		who, err := o.Console.Who(ctx, in.Cookie)
		if err != nil {
			return nil, err
		}
		return api.OK(sessionOf(who))
	})
	add(o, api.Operation{
		ID: "admin-end-session", Method: http.MethodDelete, Path: "/v1/admin/session", Status: http.StatusNoContent, Summary: "Sign out",
		Description: "Ends the session and takes its cookie back.",
	}, o.signOut)
	add(o, api.Operation{
		ID: "admin-change-password", Method: http.MethodPut, Path: "/v1/admin/session/password", Status: http.StatusNoContent,
		Summary: "Change the password", Description: "Ends every session of the person and opens a fresh one here.",
		Refusals: []fault.Code{fault.SignInFailed, fault.SignInThrottled},
	}, o.changePassword)
}

func (o *admin) signIn(ctx context.Context, in *signInInput) (*sessionReply[adminSession], error) {
	if in.foreign {
		return nil, errForeign
	}
	who, err := o.Console.SignIn(ctx, console.SignIn{Email: in.Body.Email, Password: in.Body.Password, Address: in.address,
		Session: in.Cookie, RequestID: api.RequestID(ctx)})
	if err != nil {
		return nil, err
	}
	reply, err := api.OK(sessionOf(who))
	if err != nil {
		return nil, err
	}
	return &sessionReply[adminSession]{Status: reply.Status, ContentType: reply.ContentType, CacheControl: "no-store",
		SetCookie: o.cookie(who.Token), Body: reply.Body}, nil
}

type cookieInput struct {
	Cookie string `cookie:"laurel_session" hidden:"true"`
}

func (o *admin) signOut(ctx context.Context, in *cookieInput) (*sessionReply[api.Nothing], error) {
	if err := o.Console.SignOut(ctx, in.Cookie); err != nil {
		return nil, err
	}
	gone := o.cookie("")
	gone.MaxAge = -1
	return &sessionReply[api.Nothing]{Status: http.StatusNoContent, SetCookie: gone}, nil
}

type passwordInput struct {
	Cookie string `cookie:"laurel_session" hidden:"true"`
	Body   struct {
		Current string `json:"current" minLength:"1" maxLength:"512" doc:"The password until now." example:"abcde-fghij-klmno-pqrst"`
		New     string `json:"new" minLength:"1" maxLength:"512" doc:"The new password, at least 12 characters." example:"correct horse battery staple"`
	}
}

func (o *admin) changePassword(ctx context.Context, in *passwordInput) (*sessionReply[api.Nothing], error) {
	actor, err := o.Console.Authenticate(ctx, in.Cookie)
	if err != nil {
		return nil, err
	}
	who, err := o.Console.ChangePassword(ctx, actor, in.Body.Current, in.Body.New, api.RequestID(ctx))
	if err != nil {
		return nil, err
	}
	return &sessionReply[api.Nothing]{Status: http.StatusNoContent, SetCookie: o.cookie(who.Token)}, nil
}

// cookie is the console's session cookie. Its path is the console's operations: nothing else needs it.
func (o *admin) cookie(token string) http.Cookie {
	return http.Cookie{Name: api.ConsoleCookie, Value: token, Path: "/v1/admin", MaxAge: int(console.SessionLifetime / time.Second),
		HttpOnly: true, Secure: o.SecureCookie, SameSite: http.SameSiteLaxMode}
}
