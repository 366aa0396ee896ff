package reconcile_test

import (
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/reconcile"
)

func all(orders iter.Seq2[reconcile.Order, error]) ([]reconcile.Order, error) {
	var out []reconcile.Order
	for o, err := range orders {
		if err != nil {
			return out, err
		}
		out = append(out, o)
	}
	return out, nil
}

// whole is an order with every column.
var whole = reconcile.Order{ID: "1001", Currency: "USD", Status: reconcile.Paid, Total: reconcile.Of(4500), Discount: reconcile.Of(500), Refunded: reconcile.Of(0),
	Codes: []string{"LRLA", "SUMMER"}, PlacedAt: time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)}

func TestCSV(t *testing.T) {
	for _, c := range []struct {
		name, text string
		format     reconcile.Format
		want       []reconcile.Order
		wrong      string
	}{
		{"whole", "order_id,currency,total,discount,status,codes,refunded_total,placed_at\n1001,USD,45.00,5.00,paid,LRLA;SUMMER,0.00,2026-11-21T10:00:00Z\n",
			reconcile.Format{}, []reconcile.Order{whole}, ""},
		{"byte order mark, other names, other order, more columns", "\ufeffWhen,Name,Email,Currency,Total,Discount Amount,Financial Status,Discount Code,Refunded Amount\n" +
			"2026-11-21 11:00:00 +0100,1001,x@example.com,usd,45,5,PAID,\"LRLA, SUMMER\",0\n",
			reconcile.Format{Names: map[string]string{"order_id": "name", "placed_at": "when", "discount": "Discount Amount", "status": "Financial Status",
				"codes": "Discount Code", "refunded_total": "Refunded Amount"}}, []reconcile.Order{whole}, ""},
		{"minor units", "order_id,currency,total,discount,codes,refunded_total,placed_at\n1001,USD,4500,500,LRLA SUMMER,0,2026-11-21T10:00:00Z\n",
			reconcile.Format{Minor: true}, []reconcile.Order{whole}, ""},
		{"ids alone", "order_id\n7\n8\n", reconcile.Format{}, []reconcile.Order{{ID: "7", Status: reconcile.Paid}, {ID: "8", Status: reconcile.Paid}}, ""},
		{"no rows", "order_id\n", reconcile.Format{}, nil, ""},
		{"empty", "", reconcile.Format{}, nil, "header"},
		{"no id column", "id,total\n", reconcile.Format{}, nil, "no column \"order_id\""},
		{"a mapped column that is not there", "order_id\n", reconcile.Format{Names: map[string]string{"total": "Sum"}}, nil, "no column \"Sum\""},
		{"no id", "order_id,currency\n,USD\n", reconcile.Format{}, nil, "line 2"},
		{"finer than the currency", "order_id,currency,total\n1,USD,1.005\n", reconcile.Format{}, nil, "line 2: order 1: total"},
		{"amount without currency", "order_id,total\n1,1.00\n", reconcile.Format{}, nil, "line 2"},
		{"a word that is no status", "order_id,status\n1,paid\n2,maybe\n", reconcile.Format{}, nil, "line 3: order 2"},
		{"a word that is no time", "order_id,placed_at\n1,yesterday\n", reconcile.Format{}, nil, "placed_at"},
		{"a row that is too short", "order_id,status\n1\n", reconcile.Format{}, nil, "wrong number of fields"},
	} {
		t.Run(c.name, func(t *testing.T) { same(t, c.want, c.wrong)(all(reconcile.CSV(strings.NewReader(c.text), c.format))) })
	}
}

// same checks orders, or an error that says something.
func same(t *testing.T, want []reconcile.Order, wrong string) func([]reconcile.Order, error) {
	return func(got []reconcile.Order, err error) {
		t.Helper()
		if wrong != "" {
			if err == nil || !strings.Contains(err.Error(), wrong) {
				t.Errorf("error %v, want one with %q", err, wrong)
			}
			return
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("read %+v, %v, want %+v", got, err, want)
		}
	}
}

func TestJSONLines(t *testing.T) {
	const line = `{"order_id":1001,"currency":"USD","total":"45.00","discount":5.00,"status":"paid","codes":["LRLA","SUMMER"],"refunded_total":0,"placed_at":"2026-11-21T10:00:00Z","more":{}}`
	for _, c := range []struct {
		name, text string
		format     reconcile.Format
		want       []reconcile.Order
		wrong      string
	}{
		{"two lines", line + "\n" + line + "\n", reconcile.Format{}, []reconcile.Order{whole, whole}, ""},
		{"codes as objects, as Shopify has them", `{"id":"7","discount_codes":[{"code":"A","amount":"1.00"}]}`,
			reconcile.Format{Names: map[string]string{"order_id": "id", "codes": "discount_codes"}}, []reconcile.Order{{ID: "7", Status: reconcile.Paid, Codes: []string{"A"}}}, ""},
		{"codes as text", `{"order_id":"7","codes":"A;B"}`, reconcile.Format{}, []reconcile.Order{{ID: "7", Status: reconcile.Paid, Codes: []string{"A", "B"}}}, ""},
		{"a float with too many places", `{"order_id":"7","currency":"USD","total":0.1000000001}`, reconcile.Format{}, nil, "object 1: order 7: total"},
		{"not an object", `[1]`, reconcile.Format{}, nil, "object 1"},
		{"cut", line[:40], reconcile.Format{}, nil, "object 1"},
		{"codes of numbers", `{"order_id":"7","codes":[1]}`, reconcile.Format{}, nil, "codes"},
		{"an id that is a list", `{"order_id":["7"]}`, reconcile.Format{}, nil, "order_id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			same(t, c.want, c.wrong)(all(reconcile.JSONLines(strings.NewReader(c.text), c.format)))
		})
	}
}

func TestFetch(t *testing.T) {
	pages := map[string]string{
		"/list":  `[{"order_id":"1"},{"order_id":"2"}]`,
		"/next":  `{"data":[{"order_id":"1"}],"next":"/last?page=2"}`,
		"/last":  `{"orders":[{"order_id":"2"}],"next":null}`,
		"/link":  `{"orders":[{"order_id":"1"}]}`,
		"/loop":  `{"orders":[],"next":"/loop"}`,
		"/away":  `{"orders":[],"next":"https://elsewhere.example/orders"}`,
		"/wrong": `{"hello":"world"}`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer hush" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if r.URL.Path == "/link" {
			w.Header().Add("Link", fmt.Sprintf(`<http://%s/before>; rel="previous", <http://%s/last>; rel="next"`, r.Host, r.Host))
		}
		page, ok := pages[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
		}
		if _, err := w.Write([]byte(page)); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	two := []reconcile.Order{{ID: "1", Status: reconcile.Paid}, {ID: "2", Status: reconcile.Paid}}
	for path, c := range map[string]struct {
		bearer string
		want   []reconcile.Order
		wrong  string
	}{
		"/list": {"hush", two, ""}, "/next": {"hush", two, ""}, "/link": {"hush", two, ""},
		"/loop": {"hush", nil, "read already"}, "/away": {"hush", nil, "another host"}, "/wrong": {"hush", nil, "neither"},
		"/none": {"hush", nil, "404"}, "/last": {"", nil, "401"},
	} {
		t.Run(path, func(t *testing.T) {
			same(t, c.want, c.wrong)(all(reconcile.Fetch(t.Context(), reconcile.Source{Client: server.Client(), URL: server.URL + path, Bearer: c.bearer}, reconcile.Format{})))
		})
	}
}

func TestFormatCheck(t *testing.T) {
	if err := (reconcile.Format{Names: map[string]string{"codes": "Discount Code"}}).Check(); err != nil {
		t.Error(err)
	}
	if err := (reconcile.Format{Names: map[string]string{"code": "Discount Code"}}).Check(); err == nil {
		t.Error("a column that does not exist was mapped")
	}
}
