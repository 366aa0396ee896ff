package testredis

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	sentinels = 3
	quorum    = 2
	// downAfter is how long a master may be silent before the sentinels take it for dead.
	downAfter = 300 * time.Millisecond
)

// MasterName is the name by which the sentinels know their master.
const MasterName = "laurel"

// Sentinel is a master with a replica, watched by three sentinels.
type Sentinel struct {
	Master, Replica *Server
	watchers        []*Server
}

// StartSentinel runs them until the test ends.
func StartSentinel(t testing.TB) *Sentinel {
	t.Helper()
	s := &Sentinel{Master: Start(t)}
	s.Replica = Start(t, "--replicaof", "127.0.0.1", strconv.Itoa(s.Master.port), "--repl-diskless-sync-delay", "0")
	for range sentinels {
		s.watchers = append(s.watchers, startWatcher(t, s.Master))
	}
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	for _, w := range s.watchers {
		if err := w.watches(ctx); err != nil {
			t.Fatalf("wait for the sentinels: %v", err)
		}
	}
	return s
}

// startWatcher runs one sentinel. It keeps what it learns in its configuration file.
func startWatcher(t testing.TB, master *Server) *Server {
	t.Helper()
	w := &Server{t: t, dir: t.TempDir()}
	t.Cleanup(w.Kill)
	var err error
	for range startTries {
		if w.port, err = freePort(); err != nil {
			break
		}
		w.conf = filepath.Join(w.dir, "sentinel.conf")
		text := fmt.Sprintf("port %d\nbind 127.0.0.1\ndir %s\nlogfile %s\nsentinel monitor %s 127.0.0.1 %d %d\nsentinel down-after-milliseconds %s %d\n"+
			"sentinel failover-timeout %s 2000\n", w.port, w.dir, filepath.Join(w.dir, "redis.log"), MasterName, master.port, quorum, MasterName,
			downAfter.Milliseconds(), MasterName)
		if err = os.WriteFile(w.conf, []byte(text), 0o600); err != nil {
			break
		}
		if err = w.run(); err == nil {
			return w
		}
		w.Kill()
	}
	t.Fatalf("start a sentinel: %v", err)
	return nil
}

// watches waits until a sentinel knows the replica, in step with its master, and the other sentinels.
func (s *Server) watches(ctx context.Context) error {
	c := redis.NewSentinelClient(&redis.Options{Addr: s.Addr()})
	defer func() { _ = c.Close() }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		known, err := c.Master(ctx, MasterName).Result()
		if err == nil && known["num-slaves"] == "1" && known["num-other-sentinels"] == strconv.Itoa(sentinels-1) {
			var replicas []map[string]string
			if replicas, err = c.Replicas(ctx, MasterName).Result(); err == nil && len(replicas) == 1 && replicas[0]["master-link-status"] == "ok" {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-tick.C:
		}
	}
}

// URL is a list of the sentinels' addresses, for a client that knows MasterName.
func (s *Sentinel) URL() string {
	var addrs []string
	for _, w := range s.watchers {
		addrs = append(addrs, w.Addr())
	}
	return "redis://" + strings.Join(addrs, ",")
}
