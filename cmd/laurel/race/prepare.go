package race

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/outside"
)

// ownLimit is the limit of the offer that a run makes for itself, when there are workers enough.
const ownLimit = 10

// errSignIn says that the console let nobody in.
var errSignIn = errors.New("the console gave no session: is it an operator's address and password?")

// prepare signs in to the console and makes a test store with everything that the races need.
func (r *runner) prepare(ctx context.Context) error {
	anyone := outside.As(r.Client, r.URL, r.NewID)
	signed, err := anyone.Post("/v1/admin/session", outside.Object{"email": r.Email, "password": r.Password}).Must(ctx)
	if err != nil {
		return err
	}
	cookies := (&http.Response{Header: signed.Header}).Cookies()
	at := slices.IndexFunc(cookies, func(c *http.Cookie) bool { return strings.HasSuffix(c.Name, "laurel_session") })
	if at < 0 {
		return errSignIn
	}
	desk := anyone.With("Cookie", cookies[at].Name+"="+cookies[at].Value)
	r.Shop.Origin, r.Shop.Currency, r.Shop.Groups = "https://race.example", "USD", []string{"student", "teacher"}
	r.Shop.Limit = min(ownLimit, r.Workers/2)
	made, err := desk.Post("/v1/admin/stores", outside.Object{"name": "Race " + r.Now().UTC().Format(time.DateTime), "mode": "test", "currency": r.Shop.Currency, "timezone": "UTC"}).Must(ctx)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(r.Progress, "made the test store %s\n", made.Text("id")); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return r.furnish(ctx, desk, "/v1/admin/stores/"+made.Text("id"), made.Fields["version"])
}

// furnish gives a new store its page, keys, policies and offers.
func (r *runner) furnish(ctx context.Context, desk outside.Caller, base string, version any) error {
	origins := desk.Post(base, outside.Object{"version": version, "origins": []string{r.Shop.Origin}})
	origins.Method = http.MethodPatch
	if _, err := origins.Must(ctx); err != nil {
		return err
	}
	for kind, key := range map[string]*string{"secret": &r.Key, "publishable": &r.Shop.Publishable} {
		made, err := desk.Post(base+"/keys", outside.Object{"kind": kind, "name": "laurel bench race"}).Must(ctx)
		if err != nil {
			return err
		}
		if *key = keyIn(made.Fields); *key == "" {
			return fmt.Errorf("%w: a %s key: %v", outside.ErrUnexpected, kind, made)
		}
	}
	for _, group := range r.Shop.Groups {
		if _, err := desk.Post(base+"/policies", outside.Object{"group": group, "paths": [][]string{{"mock"}}, "validity_days": 1}).Must(ctx); err != nil {
			return err
		}
	}
	for _, o := range []struct {
		id     *string
		name   string
		limits outside.Object
	}{{&r.Shop.Limited, "Limited", outside.Object{"total": r.Shop.Limit}}, {&r.Shop.PerPerson, "Once a person", outside.Object{"per_person": 1}}} {
		made, err := desk.Post(base+"/offers", outside.Object{"name": o.name, "state": "live", "limits": o.limits, "token_seconds": 3600,
			"benefit": outside.Object{"type": "percentage", "basis_points": 1000}}).Must(ctx)
		if err != nil {
			return err
		}
		*o.id = made.Text("id")
	}
	return nil
}

// keyIn finds the key in the answer that shows it once.
func keyIn(v any) string {
	switch v := v.(type) {
	case string:
		if (strings.HasPrefix(v, "pk_") || strings.HasPrefix(v, "sk_")) && len(v) > 40 {
			return v
		}
	case outside.Object:
		for _, each := range v {
			if key := keyIn(each); key != "" {
				return key
			}
		}
	}
	return ""
}
