package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/offers"
)

// pool imports n codes into an offer's pool and returns the answer.
func importPool(t testing.TB, desk caller, store, offer, query, csv string) answer {
	t.Helper()
	r := post("/v1/admin/stores/"+store+"/offers/"+offer+"/code-pool"+query, []byte(csv))
	return desk.with("Content-Type", "text/csv").ask(t, r)
}

func numbered(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, "PLATFORM-%05d\n", i)
	}
	return b.String()
}

func pooled(t testing.TB, h *house, e estate) string {
	t.Helper()
	return e.offer(t, h.Gateway, offers.Offer{Name: "Pooled", CodePool: true, Benefit: offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}})
}

func TestAPoolGivesEachCodeOnce(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		h := open(t, p)
		e := settle(t, h, "pool")
		desk, c := atConsole(h.url, e.ownerCookie), e.server(h.url)
		offer := pooled(t, h, e)
		path := "/v1/admin/stores/" + e.id + "/offers/" + offer + "/code-pool"
		ask := func(customer string) request {
			return post("/v1/offer-tokens", fields{"offer_id": offer, "customer": customer})
		}
		if got := c.ask(t, ask("early")); got.status != http.StatusConflict || got.code() != "code_pool_empty" {
			t.Fatalf("from an empty pool: %v", got)
		}
		file := "note,Code\nx,A-1\nx,A-2\nx,A-1\ny\nz,\n" + "x,has space\n\"broken\n"
		for _, query := range []string{"?dry_run=true", "?threshold=2", ""} {
			got := importPool(t, desk, e.id, offer, query, file)
			o := got.object()
			imported, known := 2.0, 0.0
			if query == "" {
				imported, known = 0, 2
			}
			if got.status != http.StatusOK || o["imported"] != imported || o["known"] != known || o["repeated"] != 1.0 || o["invalid"] != 4.0 || len(o["errors"].([]any)) != 4 {
				t.Fatalf("import %q: %v", query, got)
			}
		}
		first := c.must(t, http.StatusCreated, ask("c-1"))
		if code := first.text("platform_code"); code != "A-1" {
			t.Errorf("the first code is %q", code)
		}
		if again := c.must(t, http.StatusOK, ask("c-1")); again.text("platform_code") != "A-1" || again.text("token") != first.text("token") {
			t.Errorf("asked again: %v", again)
		}
		if n := number(t, h.DB.SQL(), "SELECT COUNT(*) FROM outbox WHERE type = 'code_pool.low'"); n != 1 {
			t.Errorf("%d events of a low pool, want 1", n)
		}
		if code := c.must(t, http.StatusCreated, ask("c-2")).text("platform_code"); code != "A-2" {
			t.Errorf("the second code is %q", code)
		}
		if got := c.ask(t, ask("c-3")); got.code() != "code_pool_empty" {
			t.Errorf("beyond the last: %v", got)
		}
		if got := importPool(t, desk, e.id, offer, "", numbered(0, 3)); got.object()["imported"] != 3.0 {
			t.Fatalf("import: %v", got)
		}
		stands := desk.must(t, http.StatusOK, get(path)).object()
		if stands["free"] != 3.0 || stands["given"] != 2.0 || stands["threshold"] != 2.0 || stands["low"] != false {
			t.Errorf("the pool stands at %v", stands)
		}
		drop := post(path, nil)
		drop.method = http.MethodDelete
		if got := desk.must(t, http.StatusOK, drop).object(); got["free"] != 0.0 || got["given"] != 2.0 {
			t.Errorf("emptied: %v", got)
		}
		if n := number(t, h.DB.SQL(), "SELECT COUNT(*) FROM audit WHERE action IN ('code_pool.imported', 'code_pool.emptied')"); n != 4 {
			t.Errorf("%d audit entries, want 4", n)
		}
		if code := c.must(t, http.StatusOK, ask("c-1")).text("platform_code"); code != "A-1" {
			t.Errorf("after emptying, the first token has %q", code)
		}
	})
}

// racePool lets more customers than codes run for a pool: each code is given once, and all are given.
func racePool(t *testing.T, p place, replicas int) {
	const codes, customers = 60, 90
	h := open(t, p)
	e := settle(t, h, "raced")
	offer := pooled(t, h, e)
	if got := importPool(t, atConsole(h.url, e.ownerCookie), e.id, offer, "?threshold=10", numbered(0, codes)); got.status != http.StatusOK {
		t.Fatalf("import: %v", got)
	}
	callers := []caller{e.server(h.url)}
	for range replicas - 1 {
		callers = append(callers, e.server(serve(t, p).url))
	}
	ctx := wait(t)
	answers := make([]answer, customers)
	done := make(chan error, customers)
	for i := range customers {
		go func() {
			var err error
			answers[i], err = callers[i%len(callers)].persist(ctx, post("/v1/offer-tokens", fields{"offer_id": offer, "customer": customer(i)}))
			done <- err
		}()
	}
	for range customers {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	var given []string
	for _, a := range answers {
		switch {
		case a.status == http.StatusCreated:
			given = append(given, a.text("platform_code"))
		case a.code() != "code_pool_empty":
			t.Errorf("%v", a)
		}
	}
	slices.Sort(given)
	if want := strings.Fields(numbered(0, codes)); !slices.Equal(given, want) {
		t.Errorf("%d codes were given, %d different, want each of %d once", len(given), len(slices.Compact(slices.Clone(given))), codes)
	}
	if n := number(t, h.DB.SQL(), "SELECT COUNT(*) FROM outbox WHERE type = 'code_pool.low'"); n != 1 {
		t.Errorf("%d events of a low pool, want 1", n)
	}
	if n := number(t, h.DB.SQL(), "SELECT COUNT(*) FROM pool_codes WHERE jti = ''"); n != 0 {
		t.Errorf("%d codes are left", n)
	}
}

func TestAPoolRacedOverThreeReplicas(t *testing.T) { racePool(t, onPostgres(t), 3) }

func TestAPoolRacedOnSQLite(t *testing.T) { racePool(t, onSQLite(t), 1) }
