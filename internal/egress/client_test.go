package egress_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/egress"
)

func TestOnlyPublicAddressesArePublic(t *testing.T) {
	inward := []string{
		"127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
		"169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192",
		"198.18.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
		"::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1",
		"::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1",
		"2002:7f00:1::", "2001::1", "2001:db8::1",
	}
	for _, a := range inward {
		if egress.Public(netip.MustParseAddr(a)) {
			t.Errorf("%s is taken for public", a)
		}
	}
	for _, a := range []string{"1.1.1.1", "8.8.8.8", "172.32.0.1", "100.63.0.1", "2606:4700::1111", "::ffff:8.8.8.8"} {
		if !egress.Public(netip.MustParseAddr(a)) {
			t.Errorf("%s is taken for private", a)
		}
	}
	if egress.Public(netip.Addr{}) {
		t.Error("no address is taken for public")
	}
}

func TestCheckRefusesWhatCanNeverBeReached(t *testing.T) {
	refused := []string{
		"", "example.com", "//example.com", "http://example.com", "ftp://example.com", "https://", "https://:443",
		"https://user:pw@example.com", "https://example.com/#x", "https://127.0.0.1/x", "https://[::1]/", "https://localhost",
		"https://LOCALHOST./", "https://a.localhost", "https://169.254.169.254/latest", "https://[fe80::1%25eth0]/",
		"https://[::ffff:10.0.0.1]/", "javascript:alert(1)", "https://exa mple.com",
	}
	for _, u := range refused {
		if err := (egress.Options{}).Check(u); !errors.Is(err, egress.ErrRefused) {
			t.Errorf("%q: %v", u, err)
		}
	}
	for _, u := range []string{"https://example.com/hook?x=1", "https://1.1.1.1:8443/", "https://[2606:4700::1111]/"} {
		if err := (egress.Options{}).Check(u); err != nil {
			t.Errorf("%q: %v", u, err)
		}
	}
	open := egress.Options{AllowPrivate: true}
	if err := open.Check("http://localhost:8080/hook"); err != nil {
		t.Error(err)
	}
	some := egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	if err := some.Check("https://10.1.1.1/"); err != nil {
		t.Error(err)
	}
}

func TestAConnectionInwardsIsRefusedAfterResolution(t *testing.T) {
	reached := false
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer server.Close()
	port := server.URL[strings.LastIndex(server.URL, ":"):]
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]"} {
		res, err := egress.Client(egress.Options{}).Get("https://" + host + port)
		if err == nil {
			_ = res.Body.Close()
		}
		if !errors.Is(err, egress.ErrRefused) {
			t.Errorf("%s: %v", host, err)
		}
	}
	if reached {
		t.Error("the server was reached")
	}
}

func TestTheOperatorMayOpenANetwork(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") }))
	defer server.Close()
	res, err := egress.Client(egress.Options{AllowPrivate: true}).Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if body, err := io.ReadAll(res.Body); err != nil || string(body) != "hello" {
		t.Errorf("%q, %v", body, err)
	}
	if res, err := egress.Client(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}).Get(server.URL); !errors.Is(err, egress.ErrRefused) {
		if err == nil {
			_ = res.Body.Close()
		}
		t.Errorf("plain http: %v", err)
	}
}

func TestRedirectsAreNotFollowedUnlessAsked(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.Redirect(w, r, "/there", http.StatusFound)
		}
	}))
	defer server.Close()
	for redirects, want := range map[int]int{0: http.StatusFound, 1: http.StatusOK} {
		res, err := egress.Client(egress.Options{AllowPrivate: true, Redirects: redirects}).Get(server.URL + "/")
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%d redirects: status %d, want %d", redirects, res.StatusCode, want)
		}
	}
}

func TestABodyIsBounded(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, strings.Repeat("x", len(r.URL.Path)-1))
	}))
	defer server.Close()
	client := egress.Client(egress.Options{AllowPrivate: true, MaxBytes: 8})
	for n, want := range map[int]error{8: nil, 9: egress.ErrTooLarge, 500: egress.ErrTooLarge} {
		res, err := client.Get(server.URL + "/" + strings.Repeat("a", n))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if !errors.Is(err, want) || len(body) != min(n, 8) {
			t.Errorf("%d bytes: read %d, %v", n, len(body), err)
		}
	}
}
