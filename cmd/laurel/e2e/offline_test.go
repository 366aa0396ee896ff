package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/database"
	jwt "github.com/laurel-gateway/laurel/offers/token"
)

const repository = "../../.."

// offlineVerifiers are the example programs of docs/examples, as command lines that take the flags of both.
func offlineVerifiers(t *testing.T) map[string][]string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "offline-go")
	if out, err := exec.Command("go", "build", "-o", program, repository+"/docs/examples/offline-go").CombinedOutput(); err != nil {
		t.Fatalf("build the example: %v\n%s", err, out)
	}
	jose, err := filepath.Abs(repository + "/web/node_modules/jose/dist/webapi/index.js")
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]string{
		"go":   {program},
		"node": {"node", repository + "/docs/examples/offline-node/main.mjs", "--jose", "file://" + jose},
	}
}

type question struct {
	Token string `json:"token"`
	Cart  fields `json:"cart,omitempty"`
}

type verdict struct {
	Valid  bool   `json:"valid"`
	Reason string `json:"reason"`
	Offer  string `json:"offer"`
}

// askOffline shows tokens to an example program, by name, and returns what it says of each.
func askOffline(t *testing.T, command []string, flags []string, questions map[string]question) map[string]verdict {
	t.Helper()
	names := slices.Sorted(maps.Keys(questions))
	var in bytes.Buffer
	for _, name := range names {
		in.WriteString(toJSON(t, questions[name]) + "\n")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], append(slices.Clone(command[1:]), flags...)...)
	var complaints bytes.Buffer
	cmd.Stdin, cmd.Stderr = &in, &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", command, err, complaints.String())
	}
	said := map[string]verdict{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	for i := 0; lines.Scan(); i++ {
		var v verdict
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		said[names[i]] = v
	}
	if len(said) != len(questions) {
		t.Fatalf("%d verdicts on %d tokens", len(said), len(questions))
	}
	return said
}

// mint signs any claims with the gateway's own keys.
func mint(t *testing.T, h *house, alg jwt.Alg, c jwt.Claims) string {
	t.Helper()
	keys, err := database.NewSigningKeys(h.DB, h.Master).Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ring, err := jwt.NewRing(keys)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := ring.Sign(alg, c, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestOfflineVerifiers holds the example programs to what docs/offline-verification.md promises, for each algorithm.
func TestOfflineVerifiers(t *testing.T) {
	programs := offlineVerifiers(t)
	h := open(t, onSQLite(t))
	// Each algorithm has its key before a token is signed by it, so that every confusion of keys can be tried.
	stores := map[jwt.Alg]estate{}
	algs := []jwt.Alg{jwt.ES256, jwt.EdDSA, jwt.Ed25519, jwt.RS256}
	for _, alg := range algs {
		e := settle(t, h, "offline-"+strings.ToLower(string(alg)))
		desk := atConsole(h.url, e.ownerCookie)
		now := desk.must(t, http.StatusOK, get("/v1/admin/stores/"+e.id)).object()
		change := post("/v1/admin/stores/"+e.id, fields{"version": now["version"], "token_algorithm": string(alg)})
		change.method = http.MethodPatch
		if got := desk.must(t, http.StatusOK, change).text("token_algorithm"); got != string(alg) {
			t.Fatalf("the store signs by %q", got)
		}
		stores[alg] = e
	}
	for _, alg := range algs {
		t.Run(string(alg), func(t *testing.T) {
			good, bad := offlineTokens(t, h, stores, alg)
			e := stores[alg]
			flags := []string{"--issuer", h.Config.PublicURL, "--store", e.id, "--gateway", h.url, "--algs", string(alg)}
			questions := maps.Clone(good)
			maps.Copy(questions, bad)
			for name, command := range programs {
				for which, v := range askOffline(t, command, flags, questions) {
					if _, want := good[which]; v.Valid != want {
						t.Errorf("%s: %s: %+v", name, which, v)
					}
					if !v.Valid && v.Reason == "" {
						t.Errorf("%s: %s is refused without a reason", name, which)
					}
				}
			}
		})
	}
}

// offlineTokens are tokens of one store: those that must verify, and those that must not, by name.
func offlineTokens(t *testing.T, h *house, stores map[jwt.Alg]estate, alg jwt.Alg) (good, bad map[string]question) {
	t.Helper()
	e := stores[alg]
	c, desk := e.server(h.url), atConsole(h.url, e.ownerCookie)
	issue := func(body fields) string {
		return c.must(t, http.StatusCreated, post("/v1/offer-tokens", body)).text("token")
	}
	plain := issue(fields{"offer_id": e.everyone, "customer": "plain"})
	var header struct{ Alg, KID string }
	decodeSegment(t, split(t, plain).header, &header)
	if header.Alg != string(alg) {
		t.Fatalf("the token is signed by %s, want %s", header.Alg, alg)
	}
	bound := issue(fields{"offer_id": e.everyone, "customer": "bound", "cart": cart()})
	other := cart()
	other["shipping_amount"] = 1
	proven := issue(fields{"offer_id": e.students, "customer": e.customer, "cart": cart()})
	good = map[string]question{"plain": {Token: plain}, "bound to its cart": {bound, cart()}, "proven": {proven, cart()}}

	// A proof of another customer is ended before anybody asks for the list.
	verification, shopper := e.verified(t, h)
	revoked := shopper.must(t, http.StatusCreated, post("/v1/offer-tokens", fields{"offer_id": e.students, "verification_id": verification.text("id")})).text("token")
	desk.must(t, http.StatusOK, post("/v1/admin/stores/"+e.id+"/attestations/"+verification.text("attestation", "id")+"/end", fields{"reason": "fraud"}))

	p := split(t, plain)
	now := time.Now()
	claims := jwt.Claims{Issuer: h.Config.PublicURL, Store: e.id, Subject: "s", ID: "tok_x", Offer: e.everyone, IssuedAt: now, ExpiresAt: now.Add(time.Minute)}
	with := func(change func(*jwt.Claims)) question {
		changed := claims
		change(&changed)
		return question{Token: mint(t, h, alg, changed)}
	}
	jwk, point := publicKey(t, h.url)
	receipt := c.must(t, http.StatusOK, get("/v1/redemptions/"+e.redemption+"/receipt")).text("receipt")
	var status struct {
		Status struct {
			List struct{ URI string } `json:"status_list"`
		}
	}
	decodeSegment(t, split(t, proven).payload, &status)
	bad = map[string]question{
		"revoked":        {Token: revoked},
		"cart missing":   {Token: bound},
		"another cart":   {bound, other},
		"wrong aud":      {Token: foreignToken(t, h, stores, alg)},
		"expired":        with(func(c *jwt.Claims) { c.IssuedAt, c.ExpiresAt = now.Add(-time.Hour), now.Add(-time.Minute) }),
		"not valid yet":  with(func(c *jwt.Claims) { c.NotBefore, c.ExpiresAt = now.Add(10*time.Minute), now.Add(time.Hour) }),
		"wrong iss":      with(func(c *jwt.Claims) { c.Issuer = "https://evil.example" }),
		"list elsewhere": with(func(c *jwt.Claims) { c.Status = &jwt.Status{URI: "https://evil.example/v1/status-lists/x"} }),
		"no such list": with(func(c *jwt.Claims) {
			c.Status = &jwt.Status{URI: h.Config.PublicURL + "/v1/status-lists/stl_none"}
		}),
		"index beyond":         with(func(c *jwt.Claims) { c.Status = &jwt.Status{Index: 1 << 40, URI: status.Status.List.URI} }),
		"tampered":             {Token: parts{p.header, edited(t, p.payload, fields{"exp": 4102444800}), p.signature}.String()},
		"none":                 {Token: parts{edited(t, p.header, fields{"alg": "none"}), p.payload, ""}.String()},
		"HMAC by the JWK":      {Token: keyedBy(jwk, edited(t, p.header, fields{"alg": "HS256"}), p.payload)},
		"HMAC by the point":    {Token: keyedBy(point, edited(t, p.header, fields{"alg": "HS256"}), p.payload)},
		"key in the header":    {Token: parts{edited(t, p.header, fields{"jwk": json.RawMessage(jwk)}), p.payload, p.signature}.String()},
		"unknown key":          {Token: parts{edited(t, p.header, fields{"kid": "nobody"}), p.payload, p.signature}.String()},
		"a receipt":            {Token: receipt},
		"receipt as a token":   {Token: parts{edited(t, split(t, receipt).header, fields{"typ": "offer+jwt"}), split(t, receipt).payload, split(t, receipt).signature}.String()},
		"too long":             {Token: plain + strings.Repeat("A", 5000)},
		"words":                {Token: "not a token"},
		"another alg's header": {Token: parts{edited(t, p.header, fields{"alg": otherAlg(alg)}), p.payload, p.signature}.String()},
	}
	return good, bad
}

func otherAlg(alg jwt.Alg) string {
	if alg == jwt.ES256 {
		return "RS256"
	}
	return "ES256"
}

// foreignToken is a good token of another store, of another algorithm.
func foreignToken(t *testing.T, h *house, stores map[jwt.Alg]estate, but jwt.Alg) string {
	t.Helper()
	for alg, e := range stores {
		if alg != but {
			return mint(t, h, but, jwt.Claims{Issuer: h.Config.PublicURL, Store: e.id, Subject: "s", ID: "tok_y", Offer: e.everyone,
				IssuedAt: time.Now(), ExpiresAt: time.Now().Add(time.Minute)})
		}
	}
	t.Fatal("there is one store only")
	return ""
}

// verified is a fresh proof that is bound to nobody, and who holds its secret.
func (e estate) verified(t testing.TB, h *house) (answer, caller) {
	t.Helper()
	page := e.page(h.url)
	v := page.must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "student", "consent": fields{"version": "1", "accepted": true}}))
	shopper := page.with("Laurel-Client-Secret", v.text("client_secret"))
	return shopper.must(t, http.StatusOK, post("/v1/verifications/"+v.text("id")+"/steps/mock", fields{"first_name": "VERIFIED"})), shopper
}

func decodeSegment(t testing.TB, segment string, into any) {
	t.Helper()
	raw, err := b64.DecodeString(segment)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

// statusListOf is the id of the list that a token points to.
func statusListOf(t testing.TB, token string) string {
	t.Helper()
	var claims struct {
		Status struct {
			List struct{ URI string } `json:"status_list"`
		}
	}
	decodeSegment(t, strings.Split(token, ".")[1], &claims)
	return claims.Status.List.URI[strings.LastIndexByte(claims.Status.List.URI, '/')+1:]
}
