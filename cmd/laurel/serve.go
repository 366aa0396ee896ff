package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/demo"
	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/telemetry"
)

type serveCommand struct {
	Listen  string `help:"Address to listen on, as host:port." placeholder:"HOST:PORT"`
	Migrate bool   `help:"Migrate first. On by default for the embedded database." negatable:"" default:"false"`
}

// Run serves until it is told to stop, then drains.
func (c serveCommand) Run(ctx context.Context, t terminal) error {
	overrides := map[string]string{}
	if c.Listen != "" {
		overrides["listen"] = c.Listen
	}
	cfg, err := t.load(overrides)
	if err != nil {
		return err
	}
	log, err := telemetry.NewLogger(t.errors, cfg.Log.Level, cfg.Log.Format)
	if err != nil {
		return err
	}
	if err := prepareSchema(ctx, cfg, c.Migrate); err != nil {
		return err
	}
	g, err := gateway.Open(ctx, gateway.Options{Config: cfg, Logger: log, Version: version, Commit: commitOf()})
	if err != nil {
		return err
	}
	log.Info("serving", "listen", cfg.Listen, "public_url", cfg.PublicURL, "database", g.DB.Dialect(), "mail", cfg.SMTP.Host != "", "redis", cfg.Redis.URL.IsSet())
	return serve(ctx, g, log, nil)
}

// prepareSchema migrates where it is asked for, and refuses to serve on a schema that is not this version's.
func prepareSchema(ctx context.Context, cfg config.Config, migrate bool) error {
	url := gateway.DatabaseURL(cfg)
	if migrate || !cfg.Database.URL.IsSet() {
		if _, err := gateway.OpenMaster(cfg); err != nil {
			return err
		}
		return database.Migrate(ctx, url)
	}
	status, err := database.MigrationStatus(ctx, url)
	switch {
	case err != nil:
		return err
	case status.Current < status.Newest:
		return fmt.Errorf("the database has schema %d and this version needs %d: run laurel migrate first", status.Current, status.Newest)
	case status.Current > status.Newest:
		return fmt.Errorf("the database has schema %d and this version knows %d: run a newer laurel", status.Current, status.Newest)
	}
	return nil
}

type demoCommand struct {
	Listen string `help:"Address to listen on. Loopback only." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Data   string `help:"Directory that keeps the demo's data." default:"laurel-data/demo" type:"path" placeholder:"DIR"`
}

// Run shows the tour until it is told to stop.
func (c demoCommand) Run(ctx context.Context, t terminal) error {
	log, err := telemetry.NewLogger(t.errors, "warn", "text")
	if err != nil {
		return err
	}
	d, err := demo.Open(ctx, demo.Options{Listen: c.Listen, DataDir: c.Data, Logger: log, Version: version, Commit: commitOf()})
	if err != nil {
		return err
	}
	return serve(ctx, d.Gateway, log, func() { d.Welcome(t.out) })
}

// serve answers until ctx ends, then drains: readiness turns, after a delay there are no new connections, requests that run are answered, commands and jobs end.
func serve(ctx context.Context, g *gateway.Gateway, log *slog.Logger, ready func()) (err error) {
	defer func() { err = errors.Join(err, g.Close()) }()
	h := g.Config.HTTP
	server := &http.Server{
		Handler: g, ReadHeaderTimeout: h.HeaderTimeout, ReadTimeout: h.ReadTimeout, WriteTimeout: h.WriteTimeout, IdleTimeout: h.IdleTimeout,
		MaxHeaderBytes: int(h.MaxHeaderBytes), ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	listener, err := net.Listen("tcp", g.Config.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if err := g.Start(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	metrics, err := serveMetrics(g, log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if ready != nil {
		ready()
	}
	select {
	case err = <-failed:
		err = fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		log.Info("draining", "delay", h.DrainDelay)
		g.Drain()
		err = serveOn(failed, h.DrainDelay)
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(h.DrainTimeout, time.Second))
	defer cancel()
	return errors.Join(err, server.Shutdown(drain), metrics(drain), g.Stop(drain))
}

// serveOn waits while proxies notice that the process is about to end, unless it ends by itself before.
func serveOn(failed <-chan error, delay time.Duration) error {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-timer.C:
		return nil
	}
}

// serveMetrics answers Prometheus on an address of its own, where one is configured.
func serveMetrics(g *gateway.Gateway, log *slog.Logger) (stop func(context.Context) error, err error) {
	if !g.Config.Metrics.Enabled || g.Config.Metrics.Listen == "" {
		return func(context.Context) error { return nil }, nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", g.Metrics.Handler())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	listener, err := net.Listen("tcp", g.Config.Metrics.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen for metrics: %w", err)
	}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics are not served any more", "error", err)
		}
	}()
	return server.Shutdown, nil
}
