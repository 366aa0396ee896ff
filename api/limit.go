package api

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/ratelimit"
)

// limit counts a request against who sent it. A publishable key is shared by all shoppers of a store, so there the
// address is what counts.
func (a *API) limit(ctx context.Context, op *Operation, caller Caller, c echo.Context) error {
	if op.Unlimited || a.deps.Limits.Limiter == nil {
		return nil
	}
	switch caller.Kind {
	case Secret, Customer, Console:
		store := ""
		if caller.Store != nil {
			store = caller.Store.ID
		}
		return a.take(ctx, c, "credential", a.hashed(store, caller.CredentialID), a.deps.Limits.Credential, true)
	}
	return a.take(ctx, c, "address", a.addressKey(c), a.deps.Limits.Address, true)
}

// take counts one use of who under a policy. visible says that the caller is told how much is left, in the headers
// RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10).
func (a *API) take(ctx context.Context, c echo.Context, policy, who string, rate ratelimit.Rate, visible bool) error {
	if rate.Limit == 0 {
		return nil
	}
	got, err := a.deps.Limits.Limiter.Allow(ctx, policy+":"+who, rate)
	if err != nil {
		return fmt.Errorf("counting a request: %w", err)
	}
	if visible || !got.Allowed {
		h := c.Response().Header()
		h.Set(ratePolicyHeader, fmt.Sprintf("%q;q=%d;w=%d", policy, got.Limit, wholeSeconds(rate.Window())))
		h.Set(rateLimitHeader, fmt.Sprintf("%q;r=%d;t=%d", policy, got.Remaining, wholeSeconds(got.ResetAfter)))
	}
	if got.Allowed {
		return nil
	}
	return fault.New(fault.RateLimited, "Too many requests. Wait as Retry-After says.").After(max(got.RetryAfter, time.Second))
}

// wholeSeconds rounds up, as far as headers can tell time.
func wholeSeconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }

// addressKey names the caller's network without telling it: an IPv4 address or an IPv6 /64, hashed.
func (a *API) addressKey(c echo.Context) string {
	addr, err := netip.ParseAddr(c.RealIP())
	if err != nil {
		return "unknown"
	}
	bits := 32
	if addr = addr.Unmap().WithZone(""); addr.Is6() {
		bits = 64
	}
	prefix := netip.PrefixFrom(addr, bits).Masked()
	return a.hashed(prefix.String())
}

// hashed names a caller in a key of the limiter, which may leave the process, without telling who it is.
func (a *API) hashed(parts ...string) string {
	data := make([][]byte, len(parts))
	for i, p := range parts {
		data[i] = []byte(p)
	}
	mac, err := a.deps.GatewayKeys.MAC("rate-limit", data...)
	if err != nil {
		// Deriving a key of a fixed size by HKDF does not fail.
		panic(fmt.Sprintf("api: rate limit key: %v", err))
	}
	return base64.RawURLEncoding.EncodeToString(mac[:16])
}

func ipNet(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
}
