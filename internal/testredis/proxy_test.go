package testredis

import (
	"context"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

func TestProxyMoods(t *testing.T) {
	p := StartProxy(t, Start(t))
	ping := func(patience time.Duration) (time.Duration, error) {
		o, err := redis.ParseURL(p.URL())
		if err != nil {
			t.Fatal(err)
		}
		o.MaxRetries, o.ContextTimeoutEnabled = -1, true
		o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
		c := redis.NewClient(o)
		defer func() { _ = c.Close() }()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		start := time.Now()
		err = c.Ping(ctx).Err()
		return time.Since(start), err
	}
	answers := func(what string) {
		t.Helper()
		if _, err := ping(startTimeout); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	answers("at first")
	p.Delay(50 * time.Millisecond)
	if took, err := ping(startTimeout); err != nil || took < 50*time.Millisecond {
		t.Errorf("delayed: %v, %v", took, err)
	}
	p.Silence()
	if _, err := ping(100 * time.Millisecond); err == nil {
		t.Error("a silent way answers")
	}
	p.Heal()
	answers("healed after silence")
	p.Refuse()
	if _, err := ping(startTimeout); err == nil {
		t.Error("a refused way answers")
	}
	p.Heal()
	answers("healed after refusal")
}
