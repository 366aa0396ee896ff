package reconcile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
)

// Source is an address that gives orders page by page.
type Source struct {
	Client *http.Client
	// URL of the first page. The next one is named by next in the body, or by a Link header with rel="next" (RFC 8288);
	// it must be on the same host, because the bearer token goes along.
	URL string
	// Bearer, when set, is sent as the Authorization header.
	Bearer string
}

// Fetch reads orders from an address. One page is in memory at a time.
func Fetch(ctx context.Context, s Source, f Format) iter.Seq2[Order, error] {
	return func(yield func(Order, error) bool) {
		at, err := url.Parse(s.URL)
		if err != nil {
			yield(Order{}, fmt.Errorf("the address of the orders: %w", err))
			return
		}
		been := map[string]bool{}
		for at != nil {
			if been[at.String()] {
				yield(Order{}, fmt.Errorf("page %d names a page as the next one that was read already", len(been)))
				return
			}
			been[at.String()] = true
			orders, next, err := s.read(ctx, at, f)
			if err != nil {
				yield(Order{}, fmt.Errorf("page %d: %w", len(been), err))
				return
			}
			for _, o := range orders {
				if !yield(o, nil) {
					return
				}
			}
			if at, err = following(at, next); err != nil {
				yield(Order{}, err)
				return
			}
		}
	}
}

func (s Source) read(ctx context.Context, at *url.URL, f Format) (orders []Order, next string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, "", fmt.Errorf("ask for orders: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	if s.Bearer != "" {
		req.Header.Set("Authorization", "Bearer "+s.Bearer)
	}
	res, err := s.Client.Do(req)
	if err != nil {
		return nil, "", fmt.Errorf("ask for orders: %w", err)
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, "", fmt.Errorf("read orders: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, "", fmt.Errorf("the storefront answers with status %d", res.StatusCode)
	}
	if orders, next, err = f.page(body); err != nil {
		return nil, "", err
	}
	if next == "" {
		next = linked(res.Header.Values("Link"))
	}
	return orders, next, nil
}

// linked finds the target of rel="next" in Link headers.
func linked(headers []string) string {
	for _, h := range headers {
		for part := range strings.SplitSeq(h, ",") {
			target, params, _ := strings.Cut(strings.TrimSpace(part), ";")
			for p := range strings.SplitSeq(params, ";") {
				if p = strings.TrimSpace(p); p == `rel="next"` || p == "rel=next" {
					return strings.Trim(strings.TrimSpace(target), "<>")
				}
			}
		}
	}
	return ""
}

func following(at *url.URL, next string) (*url.URL, error) {
	if next == "" {
		return nil, nil
	}
	to, err := at.Parse(next)
	if err != nil {
		return nil, fmt.Errorf("the address of the next page: %w", err)
	}
	if to.Scheme != at.Scheme || to.Host != at.Host {
		return nil, fmt.Errorf("the next page is on another host (%s)", to.Host)
	}
	return to, nil
}
