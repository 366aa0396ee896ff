package redis

import (
	"errors"
	"net"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Config says where Redis is.
type Config struct {
	// URL is redis://user:password@host:6379/0, or rediss:// for TLS, with the parameters of go-redis (pool_size=…,
	// dial_timeout=…). Further addresses follow after commas: redis://host-1:6379,host-2:6379. Several addresses are
	// a cluster, unless MasterName is set: then they are Sentinels.
	URL string
	// MasterName is the name of the master that the Sentinels watch.
	MasterName string
	// SentinelUsername and SentinelPassword are for the Sentinels; the URL's are for Redis.
	SentinelUsername string
	SentinelPassword string
	// Cluster says that the one address is a cluster's (a managed service's configuration endpoint).
	Cluster bool
	// PoolSize is the most connections to one server; the library's default (10 for each CPU) when zero.
	PoolSize int
	// DialTimeout is how long connecting may take; 2 s when zero. It does not make calls longer: they have their
	// own budget.
	DialTimeout time.Duration
}

// Faults of a Config. None quotes the URL: it holds a password.
var (
	ErrURL        = errors.New("the Redis URL is not of the form redis://user:password@host:6379/0")
	ErrURLAddress = errors.New("a further address in the Redis URL is not of the form host:port")
	ErrMode       = errors.New("a Redis is either a cluster or watched by Sentinels, not both")
	ErrClusterDB  = errors.New("a Redis cluster has only the database 0")
)

// Open returns a client. It does not connect: Redis may be away when the gateway starts. Close it at the end.
func Open(cfg Config) (redis.UniversalClient, error) {
	o, err := cfg.options()
	if err != nil {
		return nil, err
	}
	return redis.NewUniversalClient(o), nil
}

func (cfg Config) options() (*redis.UniversalOptions, error) {
	first, rest, err := split(cfg.URL)
	if err != nil {
		return nil, err
	}
	if cfg.Cluster && cfg.MasterName != "" {
		return nil, ErrMode
	}
	single, err := redis.ParseURL(first)
	if err != nil || single.Network != "tcp" {
		return nil, ErrURL
	}
	cluster := cfg.Cluster || len(rest) > 0 && cfg.MasterName == ""
	if cluster && single.DB != 0 {
		return nil, ErrClusterDB
	}
	o := &redis.UniversalOptions{
		Addrs: append([]string{single.Addr}, rest...), DB: single.DB,
		Username: single.Username, Password: single.Password,
		MasterName: cfg.MasterName, IsClusterMode: cluster,
		SentinelUsername: cfg.SentinelUsername, SentinelPassword: cfg.SentinelPassword,
		Protocol: single.Protocol, ClientName: single.ClientName, TLSConfig: single.TLSConfig,
		PoolSize: single.PoolSize, MinIdleConns: single.MinIdleConns, MaxIdleConns: single.MaxIdleConns,
		ConnMaxIdleTime: single.ConnMaxIdleTime, ConnMaxLifetime: single.ConnMaxLifetime,
		DialTimeout: single.DialTimeout, ReadTimeout: single.ReadTimeout, WriteTimeout: single.WriteTimeout,
		PoolTimeout: single.PoolTimeout,
		// The callers' deadlines rule, and their circuit breaker retries: a second try here helps only when the
		// server was restarted and the connection in the pool is dead.
		ContextTimeoutEnabled: true,
		MaxRetries:            1, MinRetryBackoff: -1, MaxRetryBackoff: -1, DialerRetries: 1,
		// Asked for at each connect, and known only to Redis Enterprise.
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if cfg.PoolSize > 0 {
		o.PoolSize = cfg.PoolSize
	}
	if o.DialTimeout == 0 {
		o.DialTimeout = 2 * time.Second
	}
	if cfg.DialTimeout > 0 {
		o.DialTimeout = cfg.DialTimeout
	}
	if o.TLSConfig != nil && len(o.Addrs) > 1 {
		// ParseURL names the first server; each must be checked by its own name.
		o.TLSConfig.ServerName = ""
	}
	return o, nil
}

// split takes the further addresses out of a URL. They stand in its host part, which net/url would refuse.
func split(url string) (first string, rest []string, err error) {
	scheme, after, ok := strings.Cut(url, "://")
	if !ok {
		return "", nil, ErrURL
	}
	end := strings.IndexAny(after, "/?")
	if end < 0 {
		end = len(after)
	}
	host := after[:end]
	// A password may hold a comma: the hosts are what follows the last at sign.
	credentials := ""
	if at := strings.LastIndex(host, "@"); at >= 0 {
		credentials, host = host[:at+1], host[at+1:]
	}
	hosts := strings.Split(host, ",")
	for _, h := range hosts[1:] {
		h = strings.TrimSpace(h)
		if name, port, err := net.SplitHostPort(h); err != nil || name == "" || port == "" {
			return "", nil, ErrURLAddress
		}
		rest = append(rest, h)
	}
	return scheme + "://" + credentials + hosts[0] + after[end:], rest, nil
}
