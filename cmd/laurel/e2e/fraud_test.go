package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

// verifies proves a customer by the mock verifier, named by the store's own server, and returns what came of it.
func (s shop) verifies(t testing.TB, h *house, customer string) (at string, who caller, got answer) {
	t.Helper()
	begun := s.server(h.url).must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "student", "customer": customer, "consent": fields{"version": "1", "accepted": true}}))
	at, who = "/v1/verifications/"+begun.text("id"), s.page(h.url).with("Laurel-Client-Secret", begun.text("client_secret"))
	return at, who, who.must(t, http.StatusOK, post(at+"/steps/mock", fields{"first_name": "VERIFIED"}))
}

func (s shop) reversesPoints(t testing.TB, h *house) {
	t.Helper()
	now, err := h.Tenants.Store(t.Context(), s.id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Tenants.Update(t.Context(), s.id, now.Version, func(s *tenant.Store) { s.Settings.Fraud.ReversePoints = true }, nil); err != nil {
		t.Fatal(err)
	}
}

func (s shop) balance(t testing.TB, h *house, customer string) (available, debt int64) {
	t.Helper()
	b, _ := s.server(h.url).must(t, http.StatusOK, get("/v1/members/"+customer)).object()["balance"].(fields)
	a, _ := b["available"].(float64)
	d, _ := b["debt"].(float64)
	return int64(a), int64(d)
}

func eventsOf(t testing.TB, h *house, store string) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, row := range read(t, h.DB.SQL(), "SELECT type FROM outbox WHERE store_id = "+quoted(store)) {
		out[text(row["type"])]++
	}
	return out
}

var chargeback = fields{"label": "confirmed", "reason": "chargeback", "reference": "T-1017"}

// A confirmed fraud ends a live token, a hold and a proof, and takes points back, once; the person is refused until an
// appeal is approved.
func TestAConfirmedFraudLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		d := openDesk(t, h)
		d.reversesPoints(t, h)
		made := func(name string) string {
			return d.offer(t, h.Gateway, offers.Offer{Name: name, Group: "student", Limits: offers.Limits{Total: 5}, Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}})
		}
		c, customer := d.server(h.url), "c-1"
		_, _, proven := d.verifies(t, h, customer)
		attestation := proven.text("attestation", "id")
		live, held, spent := token(t, c, made("live"), customer), token(t, c, made("held"), customer), token(t, c, made("spent"), customer)
		hold := c.must(t, http.StatusCreated, reserved(held, customer, "a-1")).text("reservation_id")
		bought := c.must(t, http.StatusCreated, redemption(spent, customer, "o-1")).text("redemption_id")
		if n, _ := d.balance(t, h, customer); n != pointsOfCart {
			t.Fatalf("%d points", n)
		}
		// Some are gone already: what cannot be covered becomes debt.
		if a := colleague(t, h, d.id, "sue@desk.example", "support").ask(t, post(d.base+"/members/"+customer+"/adjustments", fields{"points": -10, "reason": "goodwill", "reference": "r-1"})); a.status >= 300 {
			t.Fatal(a)
		}

		path := "/v1/attestations/" + attestation + "/fraud"
		if a := c.must(t, http.StatusOK, post(path, chargeback)); a.text("label") != "confirmed" {
			t.Fatal(a)
		}
		c.must(t, http.StatusOK, post(path, chargeback)) // again: nothing more
		if a := c.ask(t, redeemHold(hold, "o-2")); a.code() != "reservation_released" {
			t.Errorf("the hold: %v", a)
		}
		if a := c.ask(t, redemption(live, customer, "o-3")); a.code() != "token_revoked" {
			t.Errorf("the live token: %v", a)
		}
		if n, debt := d.balance(t, h, customer); n != 0 || debt != 10 {
			t.Errorf("%d points, %d debt", n, debt)
		}
		if n := number(t, h.DB.SQL(), "SELECT COALESCE(SUM(held), 0) FROM offer_counters WHERE store_id = "+quoted(d.id)); n != 0 {
			t.Errorf("%d still held", n)
		}
		if n := number(t, h.DB.SQL(), "SELECT COUNT(*) FROM offer_tokens WHERE state IN ('live', 'held') AND store_id = "+quoted(d.id)); n != 0 {
			t.Errorf("%d tokens can still be used", n)
		}
		got := eventsOf(t, h, d.id)
		for kind, n := range map[string]int{"fraud.confirmed": 1, "attestation.ended": 1, "reservation.released": 1, "offer_token.revoked": 2, "redemption.points_forfeited": 1} {
			if got[kind] != n {
				t.Errorf("%d events %s, want %d", got[kind], kind, n)
			}
		}
		file := c.must(t, http.StatusOK, get(path))
		listed, _ := file.object()["redemptions"].([]any)
		if len(listed) != 1 || listed[0].(fields)["redemption_id"] != bought || listed[0].(fields)["points_forfeited"] != float64(pointsOfCart) {
			t.Errorf("what rested on it: %v", file)
		}
		// A refund takes no points that were taken.
		if a := c.must(t, http.StatusCreated, post("/v1/redemptions/"+bought+"/refunds", fields{"refund_ref": "r-1"})); a.object()["points_reversed"] != float64(0) {
			t.Errorf("the refund: %v", a)
		}
		p.balanced(t, h.DB.SQL(), d.id)
		d.appealsAgainst(t, h, customer)
	})
}

// appealsAgainst is a blocked person who is refused, appeals and is verified.
func (d desk) appealsAgainst(t *testing.T, h *house, customer string) {
	t.Helper()
	at, who, again := d.verifies(t, h, customer)
	if again.text("state") != "rejected" || again.object()["errors"].([]any)[0].(fields)["code"] != "not_accepted" {
		t.Fatalf("a blocked person: %v", again)
	}
	waits := who.must(t, http.StatusOK, post(at+"/appeal", nil))
	if waits.text("state") != "pending_review" || waits.text("appeal", "state") != "pending" {
		t.Fatalf("the appeal: %v", waits)
	}
	review := d.next(t, d.ada)
	d.ada.must(t, http.StatusOK, post(d.at(review)+"/decision", fields{"approve": true}))
	if done := who.must(t, http.StatusOK, get(at)); done.text("state") != "verified" || done.text("appeal", "state") != "approved" {
		t.Fatalf("after the appeal: %v", done)
	}
	if a := who.ask(t, post(at+"/appeal", nil)); a.code() != "appeal_made" {
		t.Errorf("another appeal: %v", a)
	}
}

// Whoever confirmed a fraud died before its consequences were carried out: no hold outlives it all the same, and the next
// who comes by finishes.
func TestAnInterruptedFraudIsFinished(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		s := furnish(t, h.Gateway, "interrupted")
		s.reversesPoints(t, h)
		c, ref := s.server(h.url), verify.StoreRef{ID: s.id, Test: true}
		offer := s.offer(t, h.Gateway, offers.Offer{Name: "Held", Group: "student", Limits: offers.Limits{Total: 1}, Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}})
		_, _, first := s.verifies(t, h, "c-1")
		_, _, second := s.verifies(t, h, "c-2")
		hold := c.must(t, http.StatusCreated, reserved(token(t, c, offer, "c-1"), "c-1", "a-1")).text("reservation_id")
		c.must(t, http.StatusCreated, redemption(token(t, c, s.students, "c-1"), "c-1", "o-1"))
		l := verify.Labelling{Label: verify.FraudConfirmed, Reason: "chargeback", ReversePoints: true}
		if _, err := h.Verify.LabelFraud(t.Context(), ref, verify.Actor{Name: "test"}, first.text("attestation", "id"), l); err != nil {
			t.Fatal(err)
		}
		if a := c.ask(t, redeemHold(hold, "o-2")); a.code() != "reservation_released" {
			t.Fatalf("the hold before it is ended: %v", a)
		}
		rival := token(t, c, offer, "c-2")
		c.must(t, http.StatusOK, post("/v1/attestations/"+second.text("attestation", "id")+"/fraud", fields{"label": "suspected", "reason": "other"}))
		if n, debt := s.balance(t, h, "c-1"); n != 0 || debt != 0 {
			t.Errorf("%d points, %d debt", n, debt)
		}
		c.must(t, http.StatusCreated, redemption(rival, "c-2", "o-3")) // the last use is free again
		p.balanced(t, h.DB.SQL(), s.id)
	})
}

// Holds are redeemed while their owners are found out: each was redeemed before, or is ended; never both, and the books
// agree.
func TestFraudRacesWithTheCheckout(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		const people = 12
		h := open(t, p)
		s := furnish(t, h.Gateway, "raced")
		s.reversesPoints(t, h)
		c := s.server(h.url)
		offer := s.offer(t, h.Gateway, offers.Offer{Name: "Raced", Group: "student", Limits: offers.Limits{Total: people}, Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}})
		var holds []string
		var race []request
		for i := range people {
			_, _, proven := s.verifies(t, h, customer(i))
			given := token(t, c, offer, customer(i))
			hold := c.must(t, http.StatusCreated, reserved(given, customer(i), fmt.Sprintf("a-%d", i))).text("reservation_id")
			holds = append(holds, hold)
			race = append(race, post("/v1/attestations/"+proven.text("attestation", "id")+"/fraud", chargeback), redeemHold(hold, fmt.Sprintf("o-%d", i)),
				reserved(given, customer(i), fmt.Sprintf("b-%d", i)))
		}
		answers := make([]answer, len(race))
		var group sync.WaitGroup
		gate := make(chan struct{})
		for i, q := range race {
			group.Go(func() {
				<-gate
				answers[i] = c.ask(t, q)
			})
		}
		close(gate)
		group.Wait()
		in := " WHERE store_id = " + quoted(s.id)
		redeemed := int64(0)
		for i := range holds {
			label, used := answers[3*i], answers[3*i+1]
			if label.status != http.StatusOK || used.status != http.StatusOK && used.code() != "reservation_released" {
				t.Errorf("person %d: %v, %v", i, label, used)
			}
			if used.status == http.StatusOK {
				redeemed++
			}
		}
		if n := number(t, h.DB.SQL(), "SELECT COUNT(*) FROM redemptions"+in); n != redeemed {
			t.Errorf("%d redemptions, %d were answered", n, redeemed)
		}
		if n := number(t, h.DB.SQL(), "SELECT COUNT(*) FROM reservations"+in+" AND state = 'held'"); n != 0 {
			t.Errorf("%d are still held", n)
		}
		if n := number(t, h.DB.SQL(), "SELECT COUNT(*) FROM offer_tokens"+in+" AND state NOT IN ('spent', 'revoked')"); n != 0 {
			t.Errorf("%d tokens can still be used", n)
		}
		if n := number(t, h.DB.SQL(), "SELECT COALESCE(SUM(available + pending), 0) FROM members"+in); n != 0 {
			t.Errorf("%d points are left", n)
		}
		p.balanced(t, h.DB.SQL(), s.id)
	})
}

// A person with a new account moves: by the store's server, and after proving it.
func TestAProofMovesToAnotherCustomer(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		s := furnish(t, h.Gateway, "moved")
		c := s.server(h.url)
		offer := s.offer(t, h.Gateway, offers.Offer{Name: "Once", Group: "student", Limits: offers.Limits{PerPerson: 1}, Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}})
		at, _, proven := s.verifies(t, h, "c-1")
		c.must(t, http.StatusCreated, redemption(token(t, c, offer, "c-1"), "c-1", "o-1"))
		other := token(t, c, s.students, "c-1")
		move := "/v1/attestations/" + proven.text("attestation", "id") + "/move"
		moved := c.must(t, http.StatusOK, post(move, fields{"customer": "c-2"}))
		if moved.text("customer") != "c-2" || moved.text("id") == proven.text("attestation", "id") {
			t.Fatal(moved)
		}
		if a := c.ask(t, redemption(other, "c-1", "o-2")); a.code() != "token_revoked" {
			t.Errorf("the old customer's token: %v", a)
		}
		if a := c.ask(t, post("/v1/offer-tokens", fields{"offer_id": s.students, "verification_id": at[len("/v1/verifications/"):]})); a.status < 400 {
			t.Errorf("the old verification still gives: %v", a)
		}
		token(t, c, s.students, "c-2")
		// What the person used stays used.
		if a := c.ask(t, redemption(token(t, c, offer, "c-2"), "c-2", "o-3")); a.code() != "limit_reached" {
			t.Errorf("a second use: %v", a)
		}
		if a := c.ask(t, post("/v1/attestations/"+moved.text("id")+"/move", fields{"customer": "c-3"})); a.code() != "move_refused" {
			t.Errorf("a second move: %v", a)
		}
		if a := c.ask(t, post(move, fields{"customer": "c-3"})); a.code() != "attestation_ended" {
			t.Errorf("the old one: %v", a)
		}
		if got := eventsOf(t, h, s.id); got["attestation.moved"] != 1 || got["attestation.ended"] != 1 {
			t.Errorf("events %v", got)
		}
		support := colleague(t, h, s.id, "sue@moved.example", "support")
		desk := "/v1/admin/stores/" + s.id
		support.must(t, http.StatusOK, post(desk+"/attestations/"+moved.text("id")+"/move", fields{"customer": "c-3", "reason": "phone_call", "past_limit": true}))
		audit := string(support.must(t, http.StatusOK, get(desk+"/audit")).body)
		for _, action := range []string{"attestation.moved", "attestation.move_asked"} {
			if !strings.Contains(audit, action) {
				t.Errorf("the audit log lacks %s: %s", action, audit)
			}
		}
	})
}

// Person tags get another key: who was verified before is known after it, and after the old key is gone if they were seen
// in between.
func TestPersonTagsRotate(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		s := furnish(t, h.Gateway, "tagged")
		_, _, first := s.verifies(t, h, "c-1")
		s.verifies(t, h, "c-2")
		rotated := laurel(t, p.environ(), "", "keys", "rotate-tags", s.id)
		if rotated.code != 0 || !strings.Contains(rotated.output, "version 2") {
			t.Fatalf("rotate-tags: %+v", rotated)
		}
		eventually(t, "the gateway uses both versions", func() bool { return s.tagVersions(t, h) == 2 })
		needed := func(attestations string, more ...string) {
			t.Helper()
			got := laurel(t, p.environ(), "", append([]string{"keys", "retire-tags", s.id, "1"}, more...)...)
			if refused := len(more) == 0; (got.code != 0) != refused || !strings.Contains(got.output, attestations+" attestations") {
				t.Fatalf("retire-tags %v: %+v", more, got)
			}
		}
		needed("2")
		_, _, again := s.verifies(t, h, "c-1")
		if again.text("attestation", "id") != first.text("attestation", "id") {
			t.Fatalf("a stranger after the rotation: %v", again)
		}
		needed("1") // the other one was not seen since
		needed("1", "--forget")
		eventually(t, "the gateway uses the new version alone", func() bool { return s.tagVersions(t, h) == 1 })
		_, _, again = s.verifies(t, h, "c-1")
		if again.text("attestation", "id") != first.text("attestation", "id") {
			t.Fatalf("a stranger after the old key is gone: %v", again)
		}
		if got := laurel(t, p.environ(), "", "keys", "retire-tags", s.id, "2", "--forget"); got.code == 0 {
			t.Fatal("the newest version was retired")
		}
	})
}

// tagVersions is under how many versions the gateway makes the tags of a person.
func (s shop) tagVersions(t *testing.T, h *house) int {
	t.Helper()
	store, err := h.Tenants.Store(t.Context(), s.id)
	if err != nil {
		t.Fatal(err)
	}
	return len(store.Keys().PersonTags("mailbox:ada@mit.edu"))
}

// Support works in the console: by role, with reasons, and within limits.
func TestSupportWorksInTheConsole(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		d := openDesk(t, h)
		support := colleague(t, h, d.id, "sue@desk.example", "support")
		byHand := fields{"group": "student", "subgroup": "university", "customer": "c-1", "class": "document", "reason": "phone_call"}
		if a := d.ada.ask(t, post(d.base+"/verifications", byHand)); a.status != http.StatusForbidden {
			t.Errorf("a reviewer verifies by hand: %v", a)
		}
		made := support.must(t, http.StatusCreated, post(d.base+"/verifications", byHand))
		attestation := made.text("attestation", "id")
		if made.text("state") != "verified" || attestation == "" {
			t.Fatal(made)
		}
		token(t, d.server(h.url), d.students, "c-1")
		own := fields{"group": "student", "customer": "sue@desk.example", "class": "document", "reason": "phone_call"}
		if a := support.ask(t, post(d.base+"/verifications", own)); a.code() != "review_own" {
			t.Errorf("verifying oneself: %v", a)
		}
		at := d.base + "/verifications/" + made.text("verification_id")
		if a := support.ask(t, post(at+"/resend", fields{"reason": "mail_lost"})); a.code() != "invalid_step" {
			t.Errorf("a code of a verification that has none: %v", a)
		}
		support.must(t, http.StatusOK, post(at+"/limits/reset", fields{"reason": "mail_lost"}))
		if a := support.ask(t, post(d.base+"/attestations/"+attestation+"/fraud", chargeback)); a.status != http.StatusForbidden {
			t.Errorf("support labels fraud: %v", a)
		}
		d.ada.must(t, http.StatusOK, post(d.base+"/attestations/"+attestation+"/fraud", fields{"label": "suspected", "reason": "abuse"}))
		listed := support.must(t, http.StatusOK, get(d.base+"/frauds?label=suspected"))
		if data, _ := listed.object()["data"].([]any); len(data) != 1 || data[0].(fields)["attestation_id"] != attestation {
			t.Errorf("the list: %v", listed)
		}
		if a := support.ask(t, post(d.base+"/verifications", byHand)); a.code() != "conflict" {
			t.Errorf("a suspected customer: %v", a)
		}
		_, _, again := d.verifies(t, h, "c-1") // the mock's person is another tag: the customer has it all the same
		if again.text("state") != "verified" {
			t.Errorf("another proof of the customer: %v", again)
		}
		detail := support.must(t, http.StatusOK, get(at))
		if trail, _ := detail.object()["trail"].([]any); len(trail) != 1 || trail[0].(fields)["requirement"] != "override" {
			t.Errorf("the trail: %v", detail)
		}
		audit := string(support.must(t, http.StatusOK, get(d.base+"/audit")).body)
		for _, action := range []string{"verification.overridden", "limits.reset", "fraud.suspected"} {
			if !strings.Contains(audit, action) {
				t.Errorf("the audit log lacks %s", action)
			}
		}
	})
}
