package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/mail"
)

// stranger is somebody of another store, and the security scheme under which the contract knows them.
type stranger struct {
	name   string
	scheme string
	caller caller
}

// strangers are all kinds of callers that a store has; the customer session is for a customer of the same name.
func strangers(t testing.TB, h *house, b estate, sameCustomer string) []stranger {
	t.Helper()
	session := b.server(h.url).must(t, http.StatusCreated, post("/v1/customer-sessions", fields{"customer": sameCustomer})).text("token")
	client := b.page(h.url).with("Laurel-Client-Secret", b.verificationSecret)
	return []stranger{
		{"nobody", "", newCaller(h.url)},
		{"secret key", "secretKey", b.server(h.url)},
		{"publishable key", "publishableKey", b.page(h.url)},
		{"publishable key and client secret", "clientSecret+publishableKey", client},
		{"customer session", "customerSession", newCaller(h.url).bearer(session).with("Origin", shopOrigin)},
		{"console", "consoleSession", atConsole(h.url, b.ownerCookie)},
	}
}

// parameters are the real ids of an estate that a path of an operation takes.
func (e estate) parameters(op operation) []map[string]string {
	values := map[string]string{"store_id": e.id, "customer": e.customer, "order_id": e.order, "step": "mock", "source": "standard", "version": "1", "receipt_token": e.id + ".unknown", "document": e.paper, "id": ""}
	ids := map[string][]string{
		"/v1/verifications/": {e.verification, e.open}, "/v1/reservations/": {e.reservation}, "/v1/redemptions/": {e.redemption},
		"/attestations/": {e.attestation}, "/data-packs/": {e.list}, "/keys/": {e.apiKey}, "/offers/": {e.everyone}, "/people/": {e.owner},
		"/policies/": {e.policy}, "/providers/": {e.provider}, "/rosters/": {rosterName}, "/remote-verifiers/": {remoteName}, "/redemptions/": {e.redemption}, "/verifications/": {e.verification},
		"/code-batches/": {e.batch}, "/status-lists/": {e.statusList}, "/reviews/": {e.review}, "/webhook-deliveries/": {e.delivery}, "/webhooks/": {e.webhook}, "/privacy/requests/": {e.privacyRequest},
	}
	before, _, named := strings.Cut(op.path, "{id}")
	if !named {
		return []map[string]string{values}
	}
	var out []map[string]string
	for _, suffix := range slices.SortedFunc(maps.Keys(ids), func(a, b string) int { return len(b) - len(a) }) {
		if !strings.HasSuffix(before, suffix) {
			continue
		}
		for _, id := range ids[suffix] {
			with := maps.Clone(values)
			with["id"] = id
			out = append(out, with)
		}
		return out
	}
	return nil
}

// bodies are the contract's example with the estate's ids, one for each way to name something that belongs to it.
func (e estate) bodies(op operation) []fields {
	if op.example == nil {
		return []fields{nil}
	}
	base := maps.Clone(op.example)
	for name, value := range map[string]any{"cart": cart(), "customer": e.customer, "order_id": e.order, "order_ref": "stolen", "offer_id": e.students,
		"verification_id": e.verification, "first_name": "VERIFIED", "refund_ref": "stolen", "lines": []fields{{"line_id": "l1", "quantity": 1}}, "version": 1} {
		if _, ok := base[name]; ok {
			base[name] = value
		}
	}
	with := func(more fields, without ...string) fields {
		b := maps.Clone(base)
		maps.Copy(b, more)
		for _, name := range without {
			delete(b, name)
		}
		return b
	}
	switch op.id {
	case "evaluate", "redeem":
		return []fields{with(fields{"offer_tokens": []string{e.token}}, "codes"), with(fields{"codes": []string{e.code}}, "offer_tokens")}
	case "reserve":
		return []fields{with(fields{"offer_tokens": []string{e.token}, "cart": cart(), "customer": e.customer}, "evaluation_id"),
			with(fields{"codes": []string{e.code}, "cart": cart(), "customer": e.customer}, "evaluation_id"), with(fields{"evaluation_id": e.evaluation})}
	case "introspect-offer-token":
		return []fields{{"token": e.token}, {"code": e.code}, {"token": e.spentToken}}
	case "issue-offer-token":
		return []fields{with(nil, "verification_id"), with(nil, "customer"), with(nil)}
	case "start-verification":
		return []fields{with(fields{"group": "student"}, "subgroup")}
	case "redeem-reservation":
		return []fields{with(nil, "totals")}
	case "admin-try-offer":
		return []fields{with(nil), with(fields{"version": 1})}
	case "admin-create-session", "admin-change-password":
		return []fields{nil}
	}
	return []fields{base}
}

// ownAnswer are the operations that may succeed for another store, because what they name is the caller's own: the
// natural keys of orders and customers, and lists.
var ownAnswer = map[string]string{
	"get-storefront":          "names nothing",
	"search-institutions":     "lists the caller's own",
	"list-redemptions":        "lists the caller's own",
	"list-attestations":       "a customer of that name in the caller's store",
	"evaluate":                "prices the caller's cart, without the foreign offer",
	"refund-order":            "an order of that name in the caller's store",
	"get-member":              "a customer of that name in the caller's store",
	"list-entries":            "a customer of that name in the caller's store",
	"create-customer-session": "a customer of that name in the caller's store",
	"create-my-data-link":     "a customer of that name in the caller's store",
	"get-my-data":             "a customer of that name in the caller's store",
	"export-data":             "a customer of that name in the caller's store",
	"erase-customer":          "a customer of that name in the caller's store",
	"list-consents":           "a customer of that name in the caller's store",
	"set-consent":             "a customer of that name in the caller's store",
	"get-consent-text":        "the caller's own text of that version",
	"record-order":            "an order of that name in the caller's store",
	"move-test-clock":         "the caller's own clock",
	"introspect-offer-token":  "says no more than that it is not active",
	"list-eligible-offers":    "a customer of that name in the caller's store",
	"draw-code":               "draws what it is given and looks nothing up",
	"admin-list-stores":       "lists the stores of the person",
	"admin-get-session":       "who is signed in",
}

// ownSession are the operations on the caller's own session and password. They name nothing, and end the session.
var ownSession = map[string]bool{"admin-end-session": true, "admin-change-password": true}

func TestNoOperationReachesAnotherStore(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		p = p.with("LAUREL_LIMITS_FAILURES_PER_MINUTE=100000", "LAUREL_LIMITS_ADDRESS_PER_MINUTE=100000")
		h := openWith(t, p, mail.NewInbox(time.Now))
		a, b := settle(t, h, "alpha"), settle(t, h, "beta")
		a.complete(t)
		// The relay changes deliveries on its own: the endpoint is off while rows are compared.
		quiet(t, h, a)
		before := a.everything(t, h)
		asked := 0
		for _, op := range contract(t, h) {
			for _, who := range strangers(t, h, b, a.customer) {
				if ownSession[op.id] && who.scheme == "consoleSession" {
					continue
				}
				asked += walk(t, op, who, a, b)
			}
			if after := a.everything(t, h); after != before {
				t.Fatalf("%s changed rows of another store:\n%s", op.id, difference(before, after))
			}
		}
		t.Logf("%d requests", asked)
		if a.server(h.url).must(t, http.StatusOK, get("/v1/members/"+a.customer)).text("customer") != a.customer {
			t.Error("the store does not see its own member")
		}
	})
}

// quiet ends the deliveries of an estate.
func quiet(t *testing.T, h *house, e estate) {
	t.Helper()
	desk, path := atConsole(h.url, e.ownerCookie), "/v1/admin/stores/"+e.id+"/webhooks/"+e.webhook
	r := post(path, fields{"version": 1, "url": "https://hooks.alpha.example/laurel", "events": []string{"member.points_changed"}, "state": "disabled"})
	r.method = http.MethodPut
	desk.must(t, http.StatusOK, r)
	in := " WHERE store_id = " + quoted(e.id)
	eventually(t, "the deliveries rest", func() bool {
		// What was not tried when the endpoint was disabled is parked, with a due date beyond all others.
		moving := " AND state = 'waiting' AND (attempts = 0 AND next_at < '8999-01-01' OR attempts > 0 AND last_status = 0 AND last_error = '')"
		return number(t, h.DB.SQL(), "SELECT COUNT(*) FROM webhook_deliveries"+in+moving) == 0 &&
			number(t, h.DB.SQL(), "SELECT COUNT(*) FROM outbox"+in+" AND NOT relayed") == 0
	})
}

// walk asks for one operation as one stranger with every real id, and returns how often it asked.
func walk(t *testing.T, op operation, who stranger, a, b estate) (asked int) {
	t.Helper()
	stores := []string{a.id}
	if strings.Contains(op.path, "{store_id}/") && strings.Contains(op.path, "{id}") && !slices.Contains([]string{a.list, a.provider, rosterName, remoteName}, a.parameters(op)[0]["id"]) {
		// In the caller's own store the foreign ids lead nowhere. Names that each store chooses are left out.
		stores = append(stores, b.id)
	}
	for _, store := range stores {
		for _, parameters := range a.parameters(op) {
			parameters["store_id"] = store
			for _, body := range a.bodies(op) {
				asked++
				judge(t, op, who, store == b.id, who.caller.ask(t, op.request(op.named(parameters), body)), a)
			}
		}
	}
	if asked == 0 {
		t.Errorf("%s: no ids are known for %s", op.id, op.path)
	}
	return asked
}

// judge holds an answer to what another store may get.
func judge(t *testing.T, op operation, who stranger, inOwnStore bool, got answer, a estate) {
	t.Helper()
	where := fmt.Sprintf("%s as %s", op.id, who.name)
	for _, secret := range a.secrets() {
		if strings.Contains(string(got.body), secret) {
			t.Errorf("%s tells %s: %v", where, secret, got)
		}
	}
	allowed := op.open() || slices.ContainsFunc(op.callers, func(scheme string) bool {
		// Who sends a client secret beside a publishable key has that key.
		return scheme == who.scheme || scheme == "publishableKey" && who.scheme == "clientSecret+publishableKey"
	})
	switch {
	case got.status >= 500:
		t.Errorf("%s: %v", where, got)
	case !allowed:
		if got.status != http.StatusUnauthorized && got.status != http.StatusForbidden {
			t.Errorf("%s, who may not call it at all: %v", where, got)
		}
	case op.open():
	case op.inConsole() && strings.Contains(op.path, "{store_id}"):
		// In the caller's own store a body may be refused before the foreign id is looked for.
		refused := inOwnStore && (got.status == http.StatusUnprocessableEntity || got.status == http.StatusConflict)
		if got.status != http.StatusNotFound && !refused {
			t.Errorf("%s: %v, want 404", where, got)
		}
	case op.id == "evaluate" && got.status == http.StatusOK:
		if applied, ok := got.object()["applied"].([]any); !ok || len(applied) != 0 {
			t.Errorf("%s: a foreign offer was applied: %v", where, got)
		}
	case ownAnswer[op.id] != "":
		if got.status >= 300 && got.status != http.StatusNotFound && got.status != http.StatusConflict && got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %v", where, got)
		}
	case got.status != http.StatusNotFound && got.status != http.StatusUnprocessableEntity && got.status != http.StatusConflict && got.status != http.StatusForbidden:
		t.Errorf("%s: %v, want a refusal", where, got)
	}
}
