package load

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// counted gives a number of requests and then no more.
func counted(n int64, write func(r *Request, i int64)) func(*Request) bool {
	var next atomic.Int64
	return func(r *Request) bool {
		i := next.Add(1)
		if i > n {
			return false
		}
		write(r, i)
		return true
	}
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

func TestEveryRequestIsSentOnceAndItsAnswerRead(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]int{}
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if r.Header.Get("Authorization") != "Bearer k" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("headers: %v", r.Header)
		}
		mu.Lock()
		seen[string(body)]++
		mu.Unlock()
		w.WriteHeader(http.StatusCreated)
		// Flushed, an answer comes in chunks; a long one is longer than any buffer.
		fmt.Fprint(w, "answer to ")
		if strings.HasSuffix(string(body), "3") {
			w.(http.Flusher).Flush()
		}
		fmt.Fprint(w, string(body), strings.Repeat(" ", 20_000))
	})
	const n = 200
	var answers atomic.Int64
	got, err := Run(t.Context(), Plan{
		Addresses: []string{address}, Connections: 4, Duration: time.Minute, Expect: []int{http.StatusCreated},
		Next: counted(n, func(r *Request, i int64) {
			r.Method, r.Ref = "POST", i
			r.Path = append(r.Path, "/x"...)
			r.Header = append(r.Header, "Authorization: Bearer k\r\n"...)
			r.Body = fmt.Append(r.Body, i)
		}),
		Answered: func(ref int64, body []byte) error {
			answers.Add(1)
			if text := strings.TrimSpace(string(body)); text != fmt.Sprint("answer to ", ref) {
				return fmt.Errorf("answer of %d: %s", ref, text)
			}
			return nil
		},
	})
	if err != nil || got.Failures != 0 || got.Requests != n || answers.Load() != n {
		t.Fatalf("%+v, %d answers, %v", got, answers.Load(), err)
	}
	for body, times := range seen {
		if times != 1 {
			t.Errorf("%s was sent %d times", body, times)
		}
	}
	if got.P50 <= 0 || got.P99 < got.P50 || got.Window >= time.Minute {
		t.Errorf("%+v", got)
	}
}

func TestFailuresAreCounted(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"refused": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusServiceUnavailable) },
		"cut off": func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				panic(err)
			}
			c.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Run(t.Context(), Plan{
				Addresses: []string{serve(t, handler)}, Connections: 2, Duration: time.Minute, Expect: []int{http.StatusOK},
				Next: counted(10, func(r *Request, _ int64) { r.Path = append(r.Path, '/') }),
			})
			if err != nil || got.Failures != 10 || got.Requests != 0 || got.FirstFailure == "" {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func TestAConnectionThatTheServerClosesIsReplaced(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusNoContent)
	})
	got, err := Run(t.Context(), Plan{
		Addresses: []string{address}, Connections: 1, Duration: time.Minute, Expect: []int{http.StatusNoContent},
		Next: counted(5, func(r *Request, _ int64) { r.Path = append(r.Path, '/') }),
	})
	if err != nil || got.Failures != 0 || got.Requests != 5 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestItStopsByItself(t *testing.T) {
	address := serve(t, func(http.ResponseWriter, *http.Request) {})
	got, err := Run(t.Context(), Plan{
		Addresses: []string{address, address}, Connections: 3, Warmup: 5 * time.Millisecond, Duration: 20 * time.Millisecond, Expect: []int{http.StatusOK},
		Next: func(r *Request) bool { r.Path = append(r.Path, '/'); return true },
	})
	if err != nil || got.Failures != 0 || got.Requests == 0 || got.Window != 20*time.Millisecond {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestOnlyLoopback(t *testing.T) {
	for _, address := range []string{"192.0.2.1:80", "laurel.example:80", "127.0.0.1"} {
		_, err := Run(t.Context(), Plan{Addresses: []string{address}, Connections: 1, Duration: time.Second, Next: func(*Request) bool { return false }})
		if !errors.Is(err, ErrNotLoopback) {
			t.Errorf("%s: %v", address, err)
		}
	}
}
