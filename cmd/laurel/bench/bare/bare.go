// Package bare is a server that does next to nothing: the measure of what the machine can do over HTTP without a gateway
// behind it.
package bare

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// The paths of the server.
const (
	// PathEmpty answers with a word.
	PathEmpty = "/empty"
	// PathRedis reads one key of Redis.
	PathRedis = "/redis"
	// PathSign signs what an offer token has to sign, with ES256 (RFC 7518, section 3.4).
	PathSign = "/es256"
)

// key is read by PathRedis.
const key = "laurel-bench"

// Options are where the server listens and, if it is to have one, its Redis.
type Options struct {
	Listen   string
	RedisURL string
}

// Serve answers until ctx ends.
func Serve(ctx context.Context, o Options) (err error) {
	e := echo.New()
	e.GET(PathEmpty, func(c echo.Context) error { return c.String(http.StatusOK, "laurel") })
	if err := addSign(e); err != nil {
		return err
	}
	if o.RedisURL != "" {
		client, err := addRedis(ctx, e, o.RedisURL)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, client.Close()) }()
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: e, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		return server.Close()
	}
}

func addRedis(ctx context.Context, e *echo.Echo, url string) (*redis.Client, error) {
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, fmt.Errorf("read the address of Redis: %w", err)
	}
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	client := redis.NewClient(options)
	if err := client.Set(ctx, key, "laurel", 0).Err(); err != nil {
		return nil, errors.Join(fmt.Errorf("write to Redis: %w", err), client.Close())
	}
	e.GET(PathRedis, read(client)) //nolint:contextcheck // each request has a context of its own
	return client, nil
}

func read(client *redis.Client) echo.HandlerFunc {
	return func(c echo.Context) error {
		value, err := client.Get(c.Request().Context(), key).Result()
		if err != nil {
			return err
		}
		return c.String(http.StatusOK, value)
	}
}

// claims are as long as those of an offer token.
const claims = `{"iss":"http://localhost:8080","aud":"sto_01920000-0000-7000-8000-000000000000","sub":"kq3v0T9s2xWb1yqYk0w7mA","exp":1790000600,` +
	`"nbf":1790000000,"iat":1790000000,"jti":"tok_01920000-0000-7000-8000-000000000000","offer":"off_01920000-0000-7000-8000-000000000000","offer_version":1}`

func addSign(e *echo.Echo) error {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	input := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256","kid":"1","typ":"offer+jwt"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	e.GET(PathSign, func(c echo.Context) error {
		sum := sha256.Sum256([]byte(input))
		r, s, err := ecdsa.Sign(rand.Reader, private, sum[:])
		if err != nil {
			return err
		}
		var signature [64]byte
		r.FillBytes(signature[:32])
		s.FillBytes(signature[32:])
		return c.String(http.StatusOK, input+"."+base64.RawURLEncoding.EncodeToString(signature[:]))
	})
	return nil
}
