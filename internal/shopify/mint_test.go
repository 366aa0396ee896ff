package shopify

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/offers"
)

// TestMint: our requests are the recorded ones, and the recorded answers give the code.
func TestMint(t *testing.T) {
	five := offers.Offer{MinimumOrder: 2500, Exclusive: true, Benefit: offers.Benefit{Type: offers.FixedAmount, Amount: 500, Currency: "USD"}}
	shipping := offers.Offer{Benefit: offers.Benefit{Type: offers.FreeShipping}}
	for _, c := range []struct {
		name   string
		offer  offers.Offer
		tape   []string
		paused []time.Duration
		wrong  fault.Code
	}{
		{"a percentage", twenty, []string{"percentage"}, nil, ""},
		{"an amount", five, []string{"fixed_amount"}, nil, ""},
		{"free shipping", shipping, []string{"free_shipping"}, nil, ""},
		{"somebody else was faster", twenty, []string{"taken", "found"}, nil, ""},
		{"throttled", twenty, []string{"throttled", "too_many", "percentage"}, []time.Duration{250 * time.Millisecond, time.Second}, ""},
		{"throttled for too long", twenty, []string{"throttled", "throttled", "throttled", "throttled"},
			[]time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second}, fault.Unavailable},
		{"refused", twenty, []string{"invalid"}, nil, fault.IntegrationRefused},
		{"without the scope", twenty, []string{"access_denied"}, nil, fault.IntegrationRefused},
		{"taken and not found", twenty, []string{"taken", "not_found"}, nil, fault.Unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t, play(t, c.tape...))
			s.till.offer = c.offer
			code, err := s.Mint(t.Context(), s.store, "token", "")
			if !slices.Equal(s.paused, c.paused) {
				t.Errorf("paused %v, want %v", s.paused, c.paused)
			}
			if c.wrong != "" {
				if fault.CodeOf(err) != c.wrong || s.kept.codes[testJTI].State != Asked {
					t.Errorf("%v, want %s and the row of a code that was asked for", err, c.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			text, err := code.Text(s.store.Keys())
			if err != nil || text != testCode || code.State != Minted || code.NodeID != "gid://shopify/DiscountCodeNode/1057856662" || !code.ExpiresAt.Equal(testNow.Add(10*time.Minute)) {
				t.Errorf("got %q, %+v, %v", text, code, err)
			}
		})
	}
}

// TestTheSameTokenHasTheSameCode: asking again asks nobody, and after a crash the code is found, not made.
func TestTheSameTokenHasTheSameCode(t *testing.T) {
	s := newStage(t, play(t, "percentage", "found"))
	s.kept.broken = errors.New("the process ends here")
	if _, err := s.Mint(t.Context(), s.store, "token", ""); err == nil {
		t.Fatal("the crash was not seen")
	}
	for range 3 {
		code, err := s.Mint(t.Context(), s.store, "token", "")
		if err != nil || code.State != Minted {
			t.Fatalf("%+v, %v", code, err)
		}
	}
}

// TestCrashBeforeTheCall: a row without a code in the shop has the code made.
func TestCrashBeforeTheCall(t *testing.T) {
	s := newStage(t, play(t, "away", "not_found", "percentage"))
	s.kept.codes[testJTI] = Code{Store: testStore, JTI: testJTI, State: Asked, ExpiresAt: testNow.Add(10 * time.Minute)}
	if _, err := s.Mint(t.Context(), s.store, "token", ""); fault.CodeOf(err) != fault.Unavailable {
		t.Fatalf("%v, want unavailable", err)
	}
	if _, err := s.Mint(t.Context(), s.store, "token", ""); err != nil {
		t.Fatal(err)
	}
}

func TestMintRefuses(t *testing.T) {
	s := newStage(t, play(t))
	s.till.refused = offers.ErrTokenSpent
	if _, err := s.Mint(t.Context(), s.store, "token", ""); fault.CodeOf(err) != fault.TokenSpent || len(s.kept.codes) != 0 {
		t.Errorf("%v for a spent token, and %d rows", err, len(s.kept.codes))
	}
	s.kept.connection = nil
	if _, err := s.Mint(t.Context(), s.store, "token", ""); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("%v without a connection", err)
	}
}

// TestInexpressible: what Shopify cannot do is refused before anybody is asked, naming why.
func TestInexpressible(t *testing.T) {
	percent := offers.Benefit{Type: offers.Percentage, BasisPoints: 1000}
	with := func(change func(*offers.Offer)) offers.Offer {
		o := offers.Offer{Benefit: percent}
		change(&o)
		return o
	}
	for says, o := range map[string]offers.Offer{
		"fixed_price":       with(func(o *offers.Offer) { o.Benefit = offers.Benefit{Type: offers.FixedPrice} }),
		"gift_line":         with(func(o *offers.Offer) { o.Benefit = offers.Benefit{Type: offers.GiftLine} }),
		"points_multiplier": with(func(o *offers.Offer) { o.Benefit = offers.Benefit{Type: offers.PointsMultiplier} }),
		"chosen lines":      with(func(o *offers.Offer) { o.Benefit.Categories = []string{"books"} }),
		"all of the ship":   with(func(o *offers.Offer) { o.Benefit.Target = offers.OnShipping }),
		"maximum":           with(func(o *offers.Offer) { o.Benefit.Maximum = 100 }),
		"rule":              with(func(o *offers.Offer) { o.Rule = "true" }),
		"currency is USD": with(func(o *offers.Offer) {
			o.Benefit = offers.Benefit{Type: offers.FixedAmount, Amount: 1, Currency: "EUR"}
		}),
		"amount for each": with(func(o *offers.Offer) {
			o.Benefit = offers.Benefit{Type: offers.FixedAmount, Amount: 1, Currency: "USD", Method: offers.Each}
		}),
	} {
		t.Run(says, func(t *testing.T) {
			s := newStage(t, play(t))
			s.till.offer = o
			_, err := s.Mint(t.Context(), s.store, "token", "")
			if f := fault.From(err); f == nil || f.Code != fault.IntegrationUnsupported || !strings.Contains(f.Detail, says) || len(s.kept.codes) != 0 {
				t.Errorf("%v, want a refusal that says %q and no row", err, says)
			}
		})
	}
}

func TestFraction(t *testing.T) {
	for points, want := range map[int64]string{1: "0.0001", 2000: "0.2", 1250: "0.125", 10_000: "1", 3333: "0.3333"} {
		if got := fraction(points); string(got) != want {
			t.Errorf("%d basis points are %s, want %s", points, got, want)
		}
	}
}

func TestConnect(t *testing.T) {
	s := newStage(t, play(t, "shop"))
	s.kept.connection = nil
	c, err := s.Connect(t.Context(), s.store, Connection{Shop: " Example.myshopify.com "}, testSecrets, tenant.AuditEntry{})
	if err != nil || c.Currency != "USD" || c.Shop != "example.myshopify.com" || c.Version != DefaultVersion {
		t.Fatalf("%+v, %v", c, err)
	}
	if strings.Contains(c.Sealed, "shpat") || strings.Contains(c.Sealed, "shpss") {
		t.Error("the secrets are not sealed")
	}
	if got, err := c.open(s.store.Keys()); err != nil || got != testSecrets {
		t.Errorf("opened %v", err)
	}
	if _, err := s.Disconnect(t.Context(), s.store, tenant.AuditEntry{}); err != nil {
		t.Error(err)
	}
	if _, err := s.Connection(t.Context(), testStore); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("%v after disconnecting", err)
	}
}

func TestConnectRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		connection Connection
		secrets    Secrets
		tape       []string
		want       fault.Code
	}{
		"a foreign host":     {Connection{Shop: "example.com"}, testSecrets, nil, fault.Invalid},
		"a path":             {Connection{Shop: "a.myshopify.com/x"}, testSecrets, nil, fault.Invalid},
		"an old version":     {Connection{Shop: "a.myshopify.com", Version: "2024-01"}, testSecrets, nil, fault.Invalid},
		"no token":           {Connection{Shop: "a.myshopify.com"}, Secrets{WebhookSecret: "s"}, nil, fault.Invalid},
		"a header injection": {Connection{Shop: "a.myshopify.com"}, Secrets{AccessToken: "a\r\nb", WebhookSecret: "s"}, nil, fault.Invalid},
		"a wrong token":      {Connection{Shop: "a.myshopify.com"}, testSecrets, []string{"unauthorized"}, fault.IntegrationRefused},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, play(t, c.tape...))
			s.kept.connection = nil
			if _, err := s.Connect(t.Context(), s.store, c.connection, c.secrets, tenant.AuditEntry{}); fault.CodeOf(err) != c.want || s.kept.connection != nil {
				t.Errorf("%v, want %s and nothing saved", err, c.want)
			}
		})
	}
}

// TestCircuit: a shop that is away costs a few requests their time, not every one.
func TestCircuit(t *testing.T) {
	asked := 0
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.WriteHeader(http.StatusBadGateway)
	}))
	defer shop.Close()
	s := newStage(t, nil)
	s.Client, s.Endpoint = shop.Client(), func(string, string) string { return shop.URL }
	for range 20 {
		if _, err := s.Mint(context.Background(), s.store, "token", ""); fault.CodeOf(err) != fault.Unavailable {
			t.Fatal(err)
		}
	}
	if asked >= 20 || asked == 0 {
		t.Errorf("asked %d times in 20 requests", asked)
	}
}
