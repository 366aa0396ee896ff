package storefront

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/tenant"
)

type testClockInput struct {
	Body testClockBody
}

type testClockBody struct {
	Advance string     `json:"advance,omitempty" maxLength:"40" doc:"How far to move it forward, as hours, minutes and seconds. This or now." example:"720h"`
	Now     *time.Time `json:"now,omitempty" doc:"The moment to move it to, later than it is. This or advance." example:"2026-06-01T00:00:00Z"`
}

type testClockView struct {
	Now           time.Time `json:"now" doc:"The store's time after the move." example:"2026-02-14T10:30:00Z"`
	OffsetSeconds int64     `json:"offset_seconds" doc:"How far the store's clock is ahead of the real one." example:"2592000"`
}

func moveTestClock(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "move-test-clock", Method: http.MethodPost, Path: "/v1/test-clock", Tag: "Store",
		Summary:     "Move a test store's clock forward",
		Description: "Everything that looks at time in a test store follows its clock: verifications and tokens expire, points mature. It never goes back.",
		Allow:       api.Allow(api.Secret), Scope: "test_clock:write", Mutation: true,
		Refusals:       []fault.Code{fault.TestStoreOnly},
		RequestExample: map[string]any{"advance": "720h"},
	}, func(ctx context.Context, in *testClockInput) (*api.Reply[testClockView], error) {
		move, err := d.clockMove(api.CallerFrom(ctx), in.Body)
		if err != nil {
			return nil, err
		}
		return api.Mutate(ctx, move, func(c *tenant.Clock) (int, testClockView) {
			return http.StatusOK, testClockView{Now: c.Now, OffsetSeconds: int64(c.Offset / time.Second)}
		})
	})
}

// clockMove reads how to move the clock.
func (d Deps) clockMove(c api.Caller, b testClockBody) (func(context.Context) (*tenant.Clock, error), error) {
	audit := func(ctx context.Context, tx tenant.Tx, store string) error {
		changes, err := json.Marshal(b)
		if err != nil {
			return fmt.Errorf("encoding an audit entry: %w", err)
		}
		return tx.Audit(ctx, tenant.AuditEntry{Store: store, Actor: c.Actor(), Action: "test_clock.moved", Target: store,
			Changes: changes, RequestID: api.RequestID(ctx)})
	}
	if (b.Advance == "") == (b.Now == nil) {
		return nil, fault.New(fault.Invalid, "Say how to move the clock.").At("#/advance", "give either advance or now")
	}
	if b.Now != nil {
		return func(ctx context.Context) (*tenant.Clock, error) {
			return d.Stores.SetClock(ctx, c.Store.ID, *b.Now, audit)
		}, nil
	}
	by, err := time.ParseDuration(b.Advance)
	if err != nil {
		return nil, fault.New(fault.Invalid, "The clock cannot be moved by that.").At("#/advance", "use hours, minutes and seconds such as 720h or 1h30m")
	}
	return func(ctx context.Context) (*tenant.Clock, error) {
		return d.Stores.AdvanceClock(ctx, c.Store.ID, by, audit)
	}, nil
}
