package webhook_test

import (
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/webhook"
)

func TestAnEndpointAfterATry(t *testing.T) {
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	failed, gone, arrived := outbox.Outcome{Status: 500}, outbox.Outcome{Status: 410, Gone: true}, outbox.Outcome{Delivered: true}
	for name, c := range map[string]struct {
		was  webhook.Endpoint
		try  outbox.Outcome
		want webhook.Endpoint
	}{
		"first failure": {webhook.Endpoint{State: webhook.Enabled, Version: 1}, failed,
			webhook.Endpoint{State: webhook.Enabled, Version: 1, Failures: 1, FailingSince: now}},
		"almost five days": {webhook.Endpoint{State: webhook.Enabled, Version: 1, Failures: 9, FailingSince: ago(webhook.DisableAfter - 1)}, failed,
			webhook.Endpoint{State: webhook.Enabled, Version: 1, Failures: 10, FailingSince: ago(webhook.DisableAfter - 1)}},
		"five days": {webhook.Endpoint{State: webhook.Enabled, Version: 1, Failures: 9, FailingSince: ago(webhook.DisableAfter)}, failed,
			webhook.Endpoint{State: webhook.Disabled, DisabledReason: webhook.Failing, Version: 2, Failures: 10, FailingSince: ago(webhook.DisableAfter), UpdatedAt: now}},
		"success clears": {webhook.Endpoint{State: webhook.Enabled, Version: 1, Failures: 9, FailingSince: ago(webhook.DisableAfter)}, arrived,
			webhook.Endpoint{State: webhook.Enabled, Version: 1}},
		"gone": {webhook.Endpoint{State: webhook.Enabled, Version: 1}, gone,
			webhook.Endpoint{State: webhook.Disabled, DisabledReason: webhook.Gone, Version: 2, Failures: 1, FailingSince: now, UpdatedAt: now}},
		"an admin's own reason stays": {webhook.Endpoint{State: webhook.Disabled, DisabledReason: webhook.ByAdmin, Version: 1}, gone,
			webhook.Endpoint{State: webhook.Disabled, DisabledReason: webhook.ByAdmin, Version: 1, Failures: 1, FailingSince: now}},
	} {
		got := c.was.After(c.try, now)
		if got.State != c.want.State || got.DisabledReason != c.want.DisabledReason || got.Version != c.want.Version || got.Failures != c.want.Failures ||
			!got.FailingSince.Equal(c.want.FailingSince) || !got.UpdatedAt.Equal(c.want.UpdatedAt) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", name, got, c.want)
		}
	}
	if e := (webhook.Endpoint{State: webhook.Disabled, DisabledReason: webhook.Failing, Failures: 3, FailingSince: now}).Enable(); e.State != webhook.Enabled ||
		e.DisabledReason != "" || e.Failures != 0 || !e.FailingSince.IsZero() {
		t.Errorf("enabled: %+v", e)
	}
}

func TestARotatedSecretLeavesTheOldOneForAWhile(t *testing.T) {
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	e := webhook.Endpoint{Secret: []byte("a"), Version: 1}.Rotate([]byte("b"), time.Hour, now)
	if string(e.Secret) != "b" || string(e.OldSecret) != "a" || !e.OldSecretUntil.Equal(now.Add(time.Hour)) || e.Version != 2 {
		t.Errorf("%+v", e)
	}
	e = e.Rotate([]byte("c"), 0, now)
	if string(e.Secret) != "c" || e.OldSecret != nil || !e.OldSecretUntil.IsZero() || e.Version != 3 {
		t.Errorf("a leaked secret: %+v", e)
	}
}
