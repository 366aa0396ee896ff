package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Machine is where and with what a run was made.
type Machine struct {
	Cores      int
	CPU        string
	System     string
	Go         string
	PostgreSQL string
	// Redis is empty on a machine without one.
	Redis string
	Date  time.Time
}

func (s *stage) machine(ctx context.Context, now time.Time) (m Machine, err error) {
	m = Machine{Cores: runtime.NumCPU(), CPU: cpu(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), Date: now.UTC()}
	conn, err := pgx.Connect(ctx, s.postgres.URL())
	if err != nil {
		return m, fmt.Errorf("ask PostgreSQL for its version: %w", err)
	}
	err = conn.QueryRow(ctx, "SELECT current_setting('server_version') || ', fsync ' || current_setting('fsync') || "+
		"', synchronous_commit ' || current_setting('synchronous_commit')").Scan(&m.PostgreSQL)
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		return m, fmt.Errorf("ask PostgreSQL for its version: %w", err)
	}
	if s.redis != nil {
		m.Redis, err = redisVersion(ctx, s.redis.address)
	}
	return m, err
}

// cpu names the processor (Linux, /proc/cpuinfo).
func cpu() string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(b)) {
		name, value, _ := strings.Cut(line, ":")
		if strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

func redisVersion(ctx context.Context, address string) (version string, err error) {
	client := redis.NewClient(&redis.Options{Addr: address, MaxRetries: -1, DialerRetries: 1, ContextTimeoutEnabled: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}})
	defer func() { err = errors.Join(err, client.Close()) }()
	info, err := client.InfoMap(ctx, "server").Result()
	if err != nil {
		return "", fmt.Errorf("ask Redis for its version: %w", err)
	}
	return info["Server"]["redis_version"], nil
}
