package e2e

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/tenant"
	jwt "github.com/laurel-gateway/laurel/offers/token"
)

func signingKeys(g *gateway.Gateway) database.SigningKeys {
	return database.NewSigningKeys(g.DB, g.Master)
}

// signBy has a store sign by an algorithm, without telling the gateway: as another replica does.
func signBy(t *testing.T, h *house, store string, alg jwt.Alg) {
	t.Helper()
	s, err := h.Tenants.Store(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Tenants.Update(t.Context(), store, s.Version, func(s *tenant.Store) { s.Settings.TokenAlgorithm = string(alg) }, nil); err != nil {
		t.Fatal(err)
	}
}

type joseHeader struct{ Alg, KID, Typ string }

func headerOf(t *testing.T, token string) (h joseHeader) {
	t.Helper()
	decodeSegment(t, split(t, token).header, &h)
	return h
}

// published are the kids of the JWK set, with their algorithms.
func published(t *testing.T, base string) map[string]string {
	t.Helper()
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(newCaller(base).must(t, http.StatusOK, get("/.well-known/jwks.json")).body, &set); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, k := range set.Keys {
		if !k.Valid() || !k.IsPublic() {
			t.Errorf("key %s is not a public key", k.KeyID)
		}
		out[k.KeyID] = k.Algorithm
	}
	return out
}

// TestEachAlgorithm: a store's tokens are signed by the algorithm that it chose; rotation loses none of them, and a
// revoked key is dead at once, in each algorithm alike.
func TestEachAlgorithm(t *testing.T) {
	for _, alg := range []jwt.Alg{jwt.ES256, jwt.EdDSA, jwt.Ed25519, jwt.RS256} {
		t.Run(string(alg), func(t *testing.T) {
			t.Parallel()
			h := open(t, onSQLite(t))
			s := furnish(t, h.Gateway, "Algorithm")
			c := s.server(h.url)
			before := token(t, c, s.everyone, "before")
			signBy(t, h, s.id, alg)
			first := token(t, c, s.everyone, "c-1")
			was := headerOf(t, first)
			if was.Alg != string(alg) || was.Typ != "offer+jwt" || published(t, h.url)[was.KID] != string(alg) {
				t.Fatalf("signed as %+v; published %v", was, published(t, h.url))
			}
			next, err := signingKeys(h.Gateway).Rotate(t.Context(), alg, 0)
			if err != nil {
				t.Fatal(err)
			}
			eventually(t, "the new key is published", func() bool { return published(t, h.url)[next] == string(alg) })
			second := token(t, c, s.everyone, "c-2")
			if got := headerOf(t, second); got.KID != next {
				t.Errorf("signed by %s after the rotation, want %s", got.KID, next)
			}
			for customer, live := range map[string]string{"before": before, "c-1": first, "c-2": second} {
				if a := c.must(t, http.StatusOK, post("/v1/offer-tokens/introspect", fields{"token": live})); a.object()["active"] != true {
					t.Errorf("%s: not active after the rotation", customer)
				}
			}
			revoke(t, h.Gateway, next)
			eventually(t, "the revoked key is gone", func() bool { return published(t, h.url)[next] == "" })
			refuseToken(t, c, second, "token_invalid")
			c.must(t, http.StatusCreated, redemption(first, "c-1", "o-1"))
			c.must(t, http.StatusCreated, redemption(before, "before", "o-2"))
			if got := headerOf(t, token(t, c, s.everyone, "c-3")); got.Alg != string(alg) || got.KID == next {
				t.Errorf("signed as %+v after the revocation", got)
			}
		})
	}
}

// TestARevokedKeyWhileTheNextWaits: the key that signs is revoked while its successor is published and does not sign yet.
// Tokens can be had all the same.
func TestARevokedKeyWhileTheNextWaits(t *testing.T) {
	h := open(t, onSQLite(t))
	s := furnish(t, h.Gateway, "Waiting")
	c := s.server(h.url)
	kid := headerOf(t, token(t, c, s.everyone, "c-1")).KID
	waiting, err := signingKeys(h.Gateway).Rotate(t.Context(), jwt.ES256, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	revoke(t, h.Gateway, kid)
	eventually(t, "the revoked key is gone", func() bool { return published(t, h.url)[kid] == "" })
	if got := headerOf(t, token(t, c, s.everyone, "c-2")).KID; got == kid || got == waiting {
		t.Errorf("signed by %s", got)
	}
}

// TestAKeyForEachStoreAtTheStart: what the stores chose is there when a gateway opens, once, however many open.
func TestAKeyForEachStoreAtTheStart(t *testing.T) {
	p := onPostgres(t)
	prepare(t, p, func(g *gateway.Gateway) shop {
		settings := tenant.DefaultSettings("Start")
		settings.TokenAlgorithm = "Ed25519"
		if _, err := g.Tenants.Create(t.Context(), tenant.NewStore{Name: "Start", Mode: tenant.Live, Currency: "USD", Timezone: "UTC", Settings: &settings}, nil); err != nil {
			t.Fatal(err)
		}
		return shop{}
	})
	a, b := open(t, p), open(t, p)
	keys, others := published(t, a.url), published(t, b.url)
	algs := map[string]int{}
	for kid, alg := range keys {
		algs[alg]++
		if others[kid] != alg {
			t.Errorf("the other replica does not know %s", kid)
		}
	}
	if len(keys) != 2 || algs["ES256"] != 1 || algs["Ed25519"] != 1 {
		t.Errorf("keys %v", keys)
	}
}

func TestTheJWKSetIsKept(t *testing.T) {
	h := open(t, onSQLite(t))
	c := newCaller(h.url)
	a := c.must(t, http.StatusOK, get("/.well-known/jwks.json"))
	tag := a.header.Get("ETag")
	if a.header.Get("Cache-Control") != "public, max-age=300" || tag == "" {
		t.Fatalf("headers %v", a.header)
	}
	if b := c.with("If-None-Match", tag).must(t, http.StatusNotModified, get("/.well-known/jwks.json")); len(b.body) != 0 {
		t.Errorf("304 with a body: %v", b)
	}
	if _, err := signingKeys(h.Gateway).Rotate(t.Context(), jwt.ES256, 15*time.Minute); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the set has changed", func() bool {
		return c.with("If-None-Match", tag).ask(t, get("/.well-known/jwks.json")).status == http.StatusOK
	})
}

// statusOf reads a token's status from its list, as a verifier does, and returns the list's answer.
func statusOf(t *testing.T, h *house, token string) (ended bool, list answer) {
	t.Helper()
	var claims struct {
		Status struct {
			List struct {
				Idx int64
				URI string
			} `json:"status_list"`
		}
	}
	decodeSegment(t, split(t, token).payload, &claims)
	uri := claims.Status.List.URI
	path, ok := strings.CutPrefix(uri, h.Config.PublicURL)
	if !ok {
		t.Fatalf("the list is at %q", uri)
	}
	list = newCaller(h.url).with("Accept", "application/statuslist+jwt").must(t, http.StatusOK, get(path))
	header := headerOf(t, string(list.body))
	if header.Typ != "statuslist+jwt" || published(t, h.url)[header.KID] != header.Alg {
		t.Errorf("header %+v", header)
	}
	var payload struct {
		Sub        string
		Iat, Exp   int64
		TTL        int64 `json:"ttl"`
		StatusList struct {
			Bits int
			Lst  string
		} `json:"status_list"`
	}
	decodeSegment(t, split(t, string(list.body)).payload, &payload)
	if payload.Sub != uri || payload.TTL != 60 || payload.StatusList.Bits != 1 || payload.Exp-payload.Iat != 300 {
		t.Errorf("payload %+v", payload)
	}
	packed, err := b64.DecodeString(payload.StatusList.Lst)
	if err != nil {
		t.Fatal(err)
	}
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	bits, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if len(bits)*8 != database.StatusListSize {
		t.Errorf("%d bits", len(bits)*8)
	}
	set := 0
	for _, b := range bits {
		for ; b != 0; b &= b - 1 {
			set++
		}
	}
	if ended = bits[claims.Status.List.Idx/8]>>(claims.Status.List.Idx%8)&1 == 1; ended && set != 1 {
		t.Errorf("%d statuses are set, one was ended", set)
	}
	return ended, list
}

func TestAStatusListTellsWhatWasEnded(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		one := open(t, p)
		e := settle(t, one, "status")
		verification, shopper := e.verified(t, one)
		given := shopper.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": e.students, "verification_id": verification.text("id")})).text("token")
		ended, list := statusOf(t, one, given)
		if ended {
			t.Error("a fresh proof is ended")
		}
		if list.header.Get("Content-Type") != "application/statuslist+jwt" {
			t.Errorf("headers %v", list.header)
		}
		age, found := strings.CutPrefix(list.header.Get("Cache-Control"), "public, max-age=")
		if n, err := strconv.Atoi(age); !found || err != nil || n > 60 || n < 50 {
			t.Errorf("headers %v", list.header)
		}
		// Within a minute it is the same list, byte for byte, and not sent again to who has it.
		path := "/v1/status-lists/" + statusListOf(t, given)
		if b := newCaller(one.url).must(t, http.StatusOK, get(path)); !bytes.Equal(b.body, list.body) {
			t.Error("the list was made twice in a minute")
		}
		newCaller(one.url).with("If-None-Match", list.header.Get("ETag")).must(t, http.StatusNotModified, get(path))
		atConsole(one.url, e.ownerCookie).must(t, http.StatusOK, post("/v1/admin/stores/"+e.id+"/attestations/"+verification.text("attestation", "id")+"/end", fields{"reason": "fraud"}))
		// Another process has nothing to keep.
		other := open(t, p)
		if ended, _ := statusOf(t, other, given); !ended {
			t.Error("an ended proof is not in the list")
		}
		for _, path := range []string{"/v1/status-lists/stl_nothing", "/v1/status-lists/x"} {
			newCaller(one.url).must(t, http.StatusNotFound, get(path))
		}
	})
}

func TestAReceipt(t *testing.T) {
	h := open(t, onSQLite(t))
	s := furnish(t, h.Gateway, "Receipt")
	c := s.server(h.url)
	given := token(t, c, s.everyone, "ada@example.test")
	redeemed := c.must(t, http.StatusCreated, redemption(given, "ada@example.test", "o-1"))
	path := "/v1/redemptions/" + redeemed.text("redemption_id") + "/receipt"
	raw := c.must(t, http.StatusOK, get(path)).text("receipt")
	parsed, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(newCaller(h.url).must(t, http.StatusOK, get("/.well-known/jwks.json")).body, &set); err != nil {
		t.Fatal(err)
	}
	payload, err := parsed.Verify(set)
	if err != nil {
		t.Fatalf("the receipt does not verify: %v", err)
	}
	if typ := headerOf(t, raw).Typ; typ != "redemption-receipt+jwt" {
		t.Errorf("typ %q", typ)
	}
	if bytes.Contains(payload, []byte("ada@example.test")) {
		t.Errorf("the receipt names the customer: %s", payload)
	}
	var r struct {
		Iss, Aud, Sub, Jti, State string
		OrderID                   string `json:"order_id"`
		Currency                  string
		Points                    int64
		Totals                    struct{ Subtotal, Discount, Shipping, Total int64 }
		Applied                   []struct {
			OfferID      string `json:"offer_id"`
			OfferVersion int64  `json:"offer_version"`
			Amount       int64
		}
		Refunded struct{ Discount, Points int64 }
	}
	if err := json.Unmarshal(payload, &r); err != nil {
		t.Fatal(err)
	}
	var claims struct{ Sub string }
	decodeSegment(t, split(t, given).payload, &claims)
	if r.Iss != h.Config.PublicURL || r.Aud != s.id || r.Sub != claims.Sub || r.Jti != redeemed.text("redemption_id") || r.State != "redeemed" ||
		r.OrderID != "o-1" || r.Currency != "USD" || r.Points != pointsOfCart || r.Totals.Subtotal != 5000 || r.Totals.Discount != 500 || r.Totals.Total != 4500 ||
		len(r.Applied) != 1 || r.Applied[0].OfferID != s.everyone || r.Applied[0].OfferVersion != 1 || r.Applied[0].Amount != 500 {
		t.Errorf("receipt %s", payload)
	}
	refuseToken(t, c, raw, "token_invalid")
	c.must(t, http.StatusCreated, post("/v1/redemptions/"+r.Jti+"/refunds", fields{"refund_ref": "r-1"}))
	decodeSegment(t, split(t, c.must(t, http.StatusOK, get(path)).text("receipt")).payload, &r)
	if r.State != "refunded" || r.Refunded.Discount != 500 || r.Refunded.Points != pointsOfCart {
		t.Errorf("after the refund: %+v", r)
	}
	other := furnish(t, h.Gateway, "Other")
	other.server(h.url).must(t, http.StatusNotFound, get(path))
	s.page(h.url).must(t, http.StatusForbidden, get(path))
}
