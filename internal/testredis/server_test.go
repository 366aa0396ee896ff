package testredis

import (
	"context"
	"testing"
	"time"
)

func TestServerLives(t *testing.T) {
	ctx := context.Background()
	s := Start(t)
	addr, c := s.Addr(), s.Client()
	if err := c.Set(ctx, "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	for name, end := range map[string]func(){"kill": s.Kill, "stop": s.Stop} {
		end()
		end() // Twice is once.
		if err := c.Ping(ctx).Err(); err == nil {
			t.Errorf("%s: it still answers", name)
		}
		s.Restart()
		if s.Addr() != addr {
			t.Errorf("%s: it moved to %s", name, s.Addr())
		}
		if n, err := c.Exists(ctx, "k").Result(); err != nil || n != 0 {
			t.Errorf("%s: %d keys survived (%v)", name, n, err)
		}
	}
	s.Freeze()
	short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	if err := c.Ping(short).Err(); err == nil {
		t.Error("a frozen server answers")
	}
	s.Thaw()
	if err := c.Ping(ctx).Err(); err != nil {
		t.Error(err)
	}
}

func TestServersAreApart(t *testing.T) {
	ctx := context.Background()
	a, b := Start(t), Start(t)
	if err := a.Client().Set(ctx, "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if n, err := b.Client().Exists(ctx, "k").Result(); err != nil || n != 0 {
		t.Errorf("%d, %v", n, err)
	}
}
