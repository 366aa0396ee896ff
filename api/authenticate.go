package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

// ClientSecretHeader carries the client secret of one verification, beside a publishable key.
const ClientSecretHeader = "Laurel-Client-Secret"

var (
	errNoCredential = fault.New(fault.Unauthenticated, "Send a key in the Authorization header: Bearer, then the key.")
	errNotSignedIn  = fault.New(fault.Unauthenticated, "Sign in to the console first.")
	errNoSecret     = fault.New(fault.Unauthenticated, "Send the verification's client secret in the "+ClientSecretHeader+" header, beside the publishable key.")
	errForeignSite  = fault.New(fault.OriginNotAllowed, "The console takes changes from its own pages only.")
	errNoRole       = fault.New(fault.Forbidden, "Your role in this store does not allow this.")
)

// authenticate returns who asks, if the operation is for them. Faults: unauthenticated, forbidden, not_found for a store
// in which a person has no role.
func (a *API) authenticate(ctx context.Context, op *Operation, ec echo.Context) (Caller, error) {
	r := ec.Request()
	header := r.Header.Values("Authorization")
	switch {
	case len(header) > 1:
		return Caller{}, fault.New(fault.BadRequest, "Send one Authorization header.")
	case len(header) == 1 && onlyAnyone(op):
		return Caller{Kind: Anyone}, nil
	case len(header) == 1 && !onlyConsole(op):
		return a.bearer(ctx, op, header[0], r)
	case slices.Contains(op.Allow, Console):
		return a.person(ctx, op, ec)
	case slices.Contains(op.Allow, Anyone):
		return Caller{Kind: Anyone}, nil
	}
	return Caller{}, errNoCredential
}

func onlyAnyone(op *Operation) bool  { return len(op.Allow) == 1 && op.Allow[0] == Anyone }
func onlyConsole(op *Operation) bool { return len(op.Allow) == 1 && op.Allow[0] == Console }

func (a *API) bearer(ctx context.Context, op *Operation, header string, r *http.Request) (Caller, error) {
	scheme, plain, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return Caller{}, errNoCredential
	}
	find := a.deps.Tenants.ByKey
	if kind, _ := tenant.KindOf(plain); kind == tenant.Session {
		find = a.deps.Tenants.BySession
	}
	cred, err := find(ctx, strings.TrimSpace(plain))
	if err != nil {
		return Caller{}, err
	}
	c := Caller{Store: cred.Store, CredentialID: cred.KeyID, Scopes: cred.Scopes}
	switch cred.Kind {
	case tenant.Secret:
		c.Kind = Secret
		if !cred.Holds(op.Scope) {
			return c, noScope(op.Scope)
		}
	case tenant.Session:
		c.Kind, c.Customer, c.CredentialID = Customer, cred.Customer, "customer:"+cred.Customer
		c.ClientSecret = r.Header.Get(ClientSecretHeader)
	case tenant.Publishable:
		c.Kind = Publishable
		if secret := r.Header.Get(ClientSecretHeader); secret != "" && slices.Contains(op.Allow, Client) {
			c.Kind, c.ClientSecret = Client, secret
		}
	}
	if slices.Contains(op.Allow, c.Kind) {
		return c, nil
	}
	if c.Kind == Publishable && slices.Contains(op.Allow, Client) {
		return c, errNoSecret
	}
	return c, errNotForYou
}

// person reads the console's cookie. Changes are taken from the console's own pages only, whatever the cookie's
// SameSite attribute does in a browser (CSRF).
func (a *API) person(ctx context.Context, op *Operation, ec echo.Context) (Caller, error) {
	r := ec.Request()
	cookie, err := r.Cookie(ConsoleCookie)
	if err != nil || cookie.Value == "" {
		if slices.Contains(op.Allow, Anyone) {
			return Caller{Kind: Anyone}, nil
		}
		return Caller{}, errNotSignedIn
	}
	if !readOnly(r.Method) && !a.fromOwnPage(r) {
		return Caller{}, errForeignSite
	}
	person, err := a.deps.Console.Person(ctx, cookie.Value)
	if err != nil {
		if slices.Contains(op.Allow, Anyone) && fault.CodeOf(err) == fault.Unauthenticated {
			return Caller{Kind: Anyone}, nil
		}
		return Caller{}, err
	}
	c := Caller{Kind: Console, CredentialID: person.ID, Person: person}
	if op.OperatorOnly && !person.Operator {
		return c, errNoRole
	}
	if !strings.Contains(op.Path, "{store_id}") {
		return c, nil
	}
	return a.inStore(ctx, op, c, ec.Param("store_id"))
}

// inStore gives a person the store of the path, and their role in it.
func (a *API) inStore(ctx context.Context, op *Operation, c Caller, id string) (Caller, error) {
	var err error
	if c.Role, err = a.deps.Console.Role(ctx, c.Person.ID, id); err != nil {
		return c, err
	}
	if c.Role == "" && !c.Person.Operator {
		return c, tenant.ErrStoreNotFound
	}
	if c.Store, err = a.deps.Tenants.Store(ctx, id); err != nil {
		return c, err
	}
	if c.Person.Operator {
		c.Role = Owner
	}
	if len(op.Roles) > 0 && !slices.Contains(op.Roles, c.Role) {
		return c, errNoRole
	}
	return c, nil
}

// fromOwnPage reports whether nothing says that a request comes from a foreign page.
func (a *API) fromOwnPage(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return false
	}
	origin := r.Header.Get("Origin")
	return origin == "" || a.own[origin]
}

// failed counts a refused credential against the address that sent it.
func (a *API) failed(ctx context.Context, c echo.Context, err error) error {
	if fault.CodeOf(err) != fault.Unauthenticated || a.deps.Limits.Limiter == nil {
		return err
	}
	if limited := a.take(ctx, c, "failures", a.addressKey(c), a.deps.Limits.Failures, false); limited != nil {
		return limited
	}
	return err
}

// noScope says which scope a secret key lacks.
func noScope(scope string) error {
	return fault.Newf(fault.Forbidden, "This secret key does not have the scope %s, which the operation needs. Use a key that has it, or one without bounds.", scope)
}
