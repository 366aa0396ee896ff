package bare

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/laurel-gateway/laurel/internal/testredis"
)

func get(t *testing.T, e *echo.Echo, path string) string {
	t.Helper()
	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

func TestItSigns(t *testing.T) {
	e := echo.New()
	if err := addSign(e); err != nil {
		t.Fatal(err)
	}
	first, second := get(t, e, PathSign), get(t, e, PathSign)
	if first == second || strings.Count(first, ".") != 2 {
		t.Errorf("%s, %s", first, second)
	}
	signature := first[strings.LastIndex(first, ".")+1:]
	// A raw ES256 signature has 2 × 32 bytes.
	if len(signature) != 86 {
		t.Errorf("signature of %d characters", len(signature))
	}
}

func TestItReadsRedis(t *testing.T) {
	e := echo.New()
	client, err := addRedis(t.Context(), e, testredis.Start(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	if got := get(t, e, PathRedis); got != "laurel" {
		t.Error(got)
	}
}
