package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/offers"
	"github.com/laurel-gateway/laurel/verify"
)

// The one person of the tests' register, as NPPES tells of her.
const (
	nurseNumber = "1234567893"
	nurseFirst  = "Florentina"
	nurseLast   = "Nachtigall"
)

// openWithNPPES is open, with a register of its own behind it. In the end nothing of its person may stand in the log.
func openWithNPPES(t testing.TB, p place) *house {
	t.Helper()
	register := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		results := []fields{}
		if r.URL.Query().Get("number") == nurseNumber {
			results = append(results, fields{"enumeration_type": "NPI-1", "number": nurseNumber,
				"basic":      fields{"first_name": strings.ToUpper(nurseFirst), "last_name": strings.ToUpper(nurseLast), "status": "A", "last_updated": "2026-01-05"},
				"taxonomies": []fields{{"code": "163W00000X", "primary": true, "state": "TX"}}, "addresses": []fields{{"address_purpose": "LOCATION", "state": "TX"}}})
		}
		// A client that went away is the client's matter.
		_ = json.NewEncoder(w).Encode(fields{"result_count": len(results), "results": results})
	}))
	t.Cleanup(register.Close)
	p = p.with("LAUREL_OUTGOING_ALLOW_PRIVATE=true", "LAUREL_LOG_LEVEL=debug")
	log := &bytes.Buffer{}
	g, err := gateway.Open(t.Context(), gateway.Options{Config: p.config(t), Logger: slog.New(slog.NewTextHandler(io.MultiWriter(log, secrecy.into("the log of "+t.Name())), &slog.HandlerOptions{Level: slog.LevelDebug})),
		Version: "test", Commit: "test", NPPESEndpoint: register.URL + "/api/"})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Start(t.Context()); err != nil {
		t.Fatal(errors.Join(err, g.Close()))
	}
	server := httptest.NewServer(g.API)
	t.Cleanup(func() {
		server.Close()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := errors.Join(g.Stop(ctx), g.Close()); err != nil {
			t.Errorf("stop the gateway: %v", err)
		}
		// Only now does nothing write to the log any more.
		for _, personal := range []string{nurseNumber, nurseFirst, nurseLast, strings.ToUpper(nurseLast)} {
			if strings.Contains(log.String(), personal) {
				t.Errorf("the log holds %q", personal)
			}
		}
	})
	return &house{Gateway: g, place: p, url: server.URL}
}

// A nurse proves herself by the register and a second source; a second account gets nothing; when the register says that
// her number is over, her attestation ends and her token with it.
func TestAProfessionIsProvenByTheRegister(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := openWithNPPES(t, p)
		s := furnish(t, h.Gateway, "clinic")
		ref, by := verify.StoreRef{ID: s.id, Test: true}, verify.Actor{Name: "test"}
		policy := verify.Policy{Group: "healthcare", Paths: []verify.Path{{"registry:nppes", "mock"}}, Validity: verify.Validity{Days: 365}}
		if _, err := h.Verify.SavePolicy(t.Context(), ref, by, policy); err != nil {
			t.Fatal(err)
		}
		nurses := s.offer(t, h.Gateway, offers.Offer{Name: "Nurses", Group: "healthcare", Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 2000}})
		page, server := s.page(h.url), s.server(h.url)
		begin := func(customer string) (string, caller) {
			a := server.must(t, http.StatusCreated, post("/v1/verifications", fields{"group": "healthcare", "subgroup": "nurse", "customer": customer,
				"consent": fields{"version": "1", "accepted": true}}))
			return "/v1/verifications/" + a.text("id"), page.with("Laurel-Client-Secret", a.text("client_secret"))
		}
		entry := func(number, first, last string) fields {
			return fields{"number": number, "first_name": first, "last_name": last, "state": "TX"}
		}
		at, shopper := begin("c-nurse")
		// Guesses at a number of nobody, and at her name, are answered alike.
		nobody := shopper.must(t, http.StatusConflict, post(at+"/steps/registry", entry("1000000004", nurseFirst, nurseLast)))
		other := shopper.must(t, http.StatusConflict, post(at+"/steps/registry", entry(nurseNumber, "Eve", "Guess")))
		if nobody.code() != "not_eligible" || other.code() != nobody.code() || other.text("detail") != nobody.text("detail") || len(other.object()) != len(nobody.object()) {
			t.Fatalf("%s\nand\n%s", nobody, other)
		}
		// Right data without possession is half of it.
		half := shopper.must(t, http.StatusOK, post(at+"/steps/registry", entry(nurseNumber, nurseFirst, nurseLast)))
		if half.text("state") != "collecting" || half.text("step") != "mock" {
			t.Fatalf("after the register: %s", half)
		}
		got := shopper.must(t, http.StatusOK, post(at+"/steps/mock", fields{"first_name": "VERIFIED"}))
		if got.text("attestation", "subgroup") != "nurse" {
			t.Fatalf("verified: %s", got)
		}
		given := token(t, server, nurses, "c-nurse")
		if a := server.must(t, http.StatusOK, post("/v1/offer-tokens/introspect", fields{"token": given})); a.object()["active"] != true {
			t.Fatalf("the token: %s", a)
		}
		at, second := begin("c-other")
		second.must(t, http.StatusOK, post(at+"/steps/registry", entry(nurseNumber, nurseLast, nurseFirst)))
		if a := second.must(t, http.StatusConflict, post(at+"/steps/mock", fields{"first_name": "VERIFIED"})); a.code() != "already_verified" {
			t.Fatalf("a second account: %s", a)
		}
		nothingOf(t, h)
		list := "NPI,NPPES Deactivation Date\n" + nurseNumber + ",02/01/2026\n"
		report, err := gateway.ImportNPPES(t.Context(), h.Config, h.DB, strings.NewReader(list), nil)
		if err != nil || report.Ended != 1 {
			t.Fatalf("import: %+v, %v", report, err)
		}
		if a := server.ask(t, redemption(given, "c-nurse", "o-late")); a.code() != "token_revoked" {
			t.Fatalf("the token of an ended attestation: %s", a)
		}
		// Introspection may lag by five seconds behind what another process revokes.
		eventually(t, "introspection knows it too", func() bool {
			return server.must(t, http.StatusOK, post("/v1/offer-tokens/introspect", fields{"token": given})).object()["active"] == false
		})
		if held, err := h.Verify.Attestations(t.Context(), ref, "c-nurse"); err != nil || held[0].EndReason != "registry_deactivated" {
			t.Fatalf("attestations %+v, %v", held, err)
		}
	})
}

// nothingOf looks for the nurse's data in every column of the database.
func nothingOf(t testing.TB, h *house) {
	t.Helper()
	for _, table := range tables(t, h.place, h.DB.SQL()) {
		for _, row := range read(t, h.DB.SQL(), "SELECT * FROM "+table) {
			for column, value := range row {
				if raw, ok := value.([]byte); ok {
					value = string(raw)
				}
				text := strings.ToLower(fmt.Sprint(value))
				for _, personal := range []string{nurseNumber, nurseFirst, nurseLast} {
					if strings.Contains(text, strings.ToLower(personal)) {
						t.Errorf("%s.%s holds %q", table, column, personal)
					}
				}
			}
		}
	}
}
