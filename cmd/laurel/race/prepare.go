package race

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// ownLimit is the limit of the offer that a run makes for itself, when there are workers enough.
const ownLimit = 10

// errSignIn says that the console let nobody in.
var errSignIn = errors.New("the console gave no session: is it an operator's address and password?")

// prepare signs in to the console and makes a test store with everything that the races need.
func (r *runner) prepare(ctx context.Context) error {
	anyone := caller{client: r.Client, base: strings.TrimSuffix(r.URL, "/"), header: http.Header{}, newID: r.NewID}
	signed, err := anyone.post("/v1/admin/session", object{"email": r.Email, "password": r.Password}).must(ctx)
	if err != nil {
		return err
	}
	cookies := (&http.Response{Header: signed.header}).Cookies()
	at := slices.IndexFunc(cookies, func(c *http.Cookie) bool { return strings.HasSuffix(c.Name, "laurel_session") })
	if at < 0 {
		return errSignIn
	}
	desk := anyone.with("Cookie", cookies[at].Name+"="+cookies[at].Value)
	r.Shop.Origin, r.Shop.Currency, r.Shop.Groups = "https://race.example", "USD", []string{"student", "teacher"}
	r.Shop.Limit = min(ownLimit, r.Workers/2)
	made, err := desk.post("/v1/admin/stores", object{"name": "Race " + r.Now().UTC().Format(time.DateTime), "mode": "test", "currency": r.Shop.Currency, "timezone": "UTC"}).must(ctx)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(r.Progress, "made the test store %s\n", made.text("id")); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return r.furnish(ctx, desk, "/v1/admin/stores/"+made.text("id"), made.fields["version"])
}

// furnish gives a new store its page, keys, policies and offers.
func (r *runner) furnish(ctx context.Context, desk caller, base string, version any) error {
	origins := desk.post(base, object{"version": version, "origins": []string{r.Shop.Origin}})
	origins.method = http.MethodPatch
	if _, err := origins.must(ctx); err != nil {
		return err
	}
	for kind, key := range map[string]*string{"secret": &r.Key, "publishable": &r.Shop.Publishable} {
		made, err := desk.post(base+"/keys", object{"kind": kind, "name": "laurel bench race"}).must(ctx)
		if err != nil {
			return err
		}
		if *key = keyIn(made.fields); *key == "" {
			return fmt.Errorf("%w: a %s key: %v", ErrUnexpected, kind, made)
		}
	}
	for _, group := range r.Shop.Groups {
		if _, err := desk.post(base+"/policies", object{"group": group, "paths": [][]string{{"mock"}}, "validity_days": 1}).must(ctx); err != nil {
			return err
		}
	}
	for _, o := range []struct {
		id     *string
		name   string
		limits object
	}{{&r.Shop.Limited, "Limited", object{"total": r.Shop.Limit}}, {&r.Shop.PerPerson, "Once a person", object{"per_person": 1}}} {
		made, err := desk.post(base+"/offers", object{"name": o.name, "state": "live", "limits": o.limits, "token_seconds": 3600,
			"benefit": object{"type": "percentage", "basis_points": 1000}}).must(ctx)
		if err != nil {
			return err
		}
		*o.id = made.text("id")
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
	case object:
		for _, each := range v {
			if key := keyIn(each); key != "" {
				return key
			}
		}
	}
	return ""
}
