package redis

import (
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

func TestOpenModes(t *testing.T) {
	for name, test := range map[string]struct {
		cfg  Config
		want string
	}{
		"single":           {Config{URL: "redis://localhost:6379/2"}, "*redis.Client"},
		"several":          {Config{URL: "redis://a:1,b:2,c:3"}, "*redis.ClusterClient"},
		"cluster endpoint": {Config{URL: "rediss://a:1", Cluster: true}, "*redis.ClusterClient"},
		"sentinels":        {Config{URL: "redis://a:1,b:2/3", MasterName: "m"}, "sentinel"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := Open(test.cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			switch c := c.(type) {
			case *redis.ClusterClient:
				if test.want != "*redis.ClusterClient" {
					t.Errorf("a cluster client, want %s", test.want)
				}
			case *redis.Client:
				if watched := c.Options().Addr == "FailoverClient"; watched != (test.want == "sentinel") || test.want == "*redis.ClusterClient" {
					t.Errorf("a client of %s, want %s", c.Options().Addr, test.want)
				}
			}
		})
	}
}

func TestOptions(t *testing.T) {
	o, err := Config{
		URL:        "rediss://user:p%40ss,word@first:6379, second:6380,[::1]:6381/0?pool_size=7&dial_timeout=3s",
		MasterName: "main", SentinelUsername: "su", SentinelPassword: "sp",
	}.options()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"first:6379", "second:6380", "[::1]:6381"}; !slices.Equal(o.Addrs, want) {
		t.Errorf("addresses %v, want %v", o.Addrs, want)
	}
	if o.Username != "user" || o.Password != "p@ss,word" || o.SentinelUsername != "su" || o.SentinelPassword != "sp" {
		t.Error("credentials are lost")
	}
	if o.TLSConfig == nil || o.TLSConfig.ServerName != "" {
		t.Errorf("TLS %+v, want one that checks each server by its own name", o.TLSConfig)
	}
	if o.PoolSize != 7 || o.DialTimeout != 3*time.Second || !o.ContextTimeoutEnabled {
		t.Errorf("pool %d, dial %v, deadlines %v", o.PoolSize, o.DialTimeout, o.ContextTimeoutEnabled)
	}
	if o.MaintNotificationsConfig.Mode != maintnotifications.ModeDisabled {
		t.Error("maintenance notifications are on")
	}
	o, err = Config{URL: "rediss://only:6379?pool_size=7", PoolSize: 9, DialTimeout: time.Second}.options()
	if err != nil || o.PoolSize != 9 || o.DialTimeout != time.Second || o.TLSConfig.ServerName != "only" || o.IsClusterMode {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestOptionsRefuse(t *testing.T) {
	for name, test := range map[string]struct {
		cfg  Config
		want error
	}{
		"nothing":         {Config{}, ErrURL},
		"no scheme":       {Config{URL: "localhost:6379"}, ErrURL},
		"another scheme":  {Config{URL: "http://localhost:6379"}, ErrURL},
		"a socket":        {Config{URL: "unix:///run/redis.sock"}, ErrURL},
		"a parameter":     {Config{URL: "redis://:hunter2@localhost:6379?pool=1"}, ErrURL},
		"a port":          {Config{URL: "redis://:hunter2@localhost:x"}, ErrURL},
		"an address":      {Config{URL: "redis://:hunter2@localhost:6379,other"}, ErrURLAddress},
		"both modes":      {Config{URL: "redis://a:1", Cluster: true, MasterName: "m"}, ErrMode},
		"cluster with db": {Config{URL: "redis://a:1,b:2/4"}, ErrClusterDB},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(test.cfg)
			if !errors.Is(err, test.want) {
				t.Fatalf("%v, want %v", err, test.want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%v shows the password", err)
			}
		})
	}
}

func TestLogTo(t *testing.T) {
	var text strings.Builder
	libraryLog{slog.New(slog.NewJSONHandler(&text, nil))}.Printf(t.Context(), "dial %s: %d tries", "host:1", 2)
	if !strings.Contains(text.String(), `"msg":"redis client","said":"dial host:1: 2 tries"`) {
		t.Errorf("logged %s", text.String())
	}
}
