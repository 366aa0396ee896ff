package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// lossPatience is how long one try may take while processes and databases are killed: whoever hangs is asked no more.
const lossPatience = 5 * time.Second

// insist sends a request with its key until it is answered, each time to the next caller: no answer, 503 and a key in
// flight are asked again.
func insist(ctx context.Context, callers []caller, first int, r request) (answer, error) {
	pause := time.NewTicker(retryPause)
	defer pause.Stop()
	for i := first; ; i++ {
		a, err := tryFor(ctx, callers[i%len(callers)], r)
		if err == nil && a.status != http.StatusServiceUnavailable && a.code() != "idempotency_key_in_flight" {
			return a, nil
		}
		select {
		case <-ctx.Done():
			return a, fmt.Errorf("%s %s was not answered in time, last %v: %w", r.method, r.path, a, errors.Join(err, ctx.Err()))
		case <-pause.C:
		}
	}
}

func tryFor(ctx context.Context, c caller, r request) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, lossPatience)
	defer cancel()
	return c.try(ctx, r)
}

// brokenGuard is the environment variable that names the guard of the gateway to break on purpose: the program is then
// built so that it can be broken (make redgreen), and the tests of races must fail.
const brokenGuard = "BREAK_GUARD"
