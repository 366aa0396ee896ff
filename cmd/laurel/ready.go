package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"
)

type readyCommand struct {
	URL string `help:"Address of the gateway. By default the one that this configuration listens on." placeholder:"URL"`
}

// readyTimeout is more than the gateway takes to find out.
const readyTimeout = 4 * time.Second

// Run asks a gateway whether it is ready, and fails when it is not. Containers without a shell use it as their health
// check.
func (c readyCommand) Run(ctx context.Context, t terminal) (err error) {
	url := c.URL
	if url == "" {
		cfg, err := t.load(nil)
		if err != nil {
			return err
		}
		host, port, err := net.SplitHostPort(cfg.Listen)
		if err != nil {
			return fmt.Errorf("read the address: %w", err)
		}
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			host = "localhost"
		}
		url = "http://" + net.JoinHostPort(host, port)
	}
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("ask the gateway: %w", err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask the gateway: %w", err)
	}
	defer func() { _ = res.Body.Close() }() // it was only read
	var view struct {
		Status string `json:"status"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(nil, res.Body, 64<<10)).Decode(&view); err != nil {
		return fmt.Errorf("read the answer of %s: %w", url, err)
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the gateway is %s", view.Status)
	}
	_, err = fmt.Fprintln(t.out, view.Status)
	return err
}
