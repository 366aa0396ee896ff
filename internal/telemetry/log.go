// Package telemetry is what the gateway tells its operator: log lines, request ids and Prometheus metrics.
//
// Nothing here redacts. Logs and metrics carry ids, codes and durations; personal data, tokens and codes are never
// handed in.
package telemetry

import (
	"context"
	"fmt"
	"io"
	"log/slog"
)

// NewLogger returns a logger that writes lines of JSON (format "json") or key=value pairs ("text") from the given
// level up ("debug", "info", "warn", "error"). A line logged with a request's context carries its request_id.
func NewLogger(out io.Writer, level, format string) (*slog.Logger, error) {
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("log level: %w", err)
	}
	options := &slog.HandlerOptions{Level: least}
	switch format {
	case "json":
		return slog.New(requestHandler{slog.NewJSONHandler(out, options)}), nil
	case "text":
		return slog.New(requestHandler{slog.NewTextHandler(out, options)}), nil
	default:
		return nil, fmt.Errorf("log format must be json or text, not %q", format)
	}
}

// requestHandler adds the request id of the context to each line.
type requestHandler struct {
	slog.Handler
}

func (h requestHandler) Handle(ctx context.Context, record slog.Record) error {
	if id := RequestID(ctx); id != "" {
		record.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, record)
}

func (h requestHandler) WithAttrs(attributes []slog.Attr) slog.Handler {
	return requestHandler{h.Handler.WithAttrs(attributes)}
}

func (h requestHandler) WithGroup(name string) slog.Handler {
	return requestHandler{h.Handler.WithGroup(name)}
}
