package gateway

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"time"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/jobs"
	"github.com/laurel-gateway/laurel/internal/mail"
	"github.com/laurel-gateway/laurel/internal/outbox"
	"github.com/laurel-gateway/laurel/internal/telemetry"
	"github.com/laurel-gateway/laurel/internal/webhook"
)

// tellDisabled is the job that tells a store's owners of a webhook endpoint that the gateway has disabled.
const tellDisabled jobs.Kind = "tell_webhook_disabled"

type disabledJob struct {
	Store    string `json:"store"`
	Endpoint string `json:"endpoint"`
}

// noticeQueue puts the mails about what the relay did into the job queue.
type noticeQueue struct{ inserter *jobs.Inserter }

// EndpointDisabled implements database.Notices.
func (q noticeQueue) EndpointDisabled(ctx context.Context, tx *sql.Tx, store, endpoint string) error {
	return q.inserter.Insert(ctx, tx, tellDisabled, disabledJob{store, endpoint}, jobs.Options{MaxAttempts: 5})
}

// mailDisabled tells the owners. An endpoint that was deleted or enabled meanwhile needs no mail.
func (g *Gateway) mailDisabled(ctx context.Context, job disabledJob) error {
	e, err := g.Console.Endpoint(ctx, job.Store, job.Endpoint)
	if fault.CodeOf(err) == fault.NotFound || err == nil && e.State == webhook.Enabled {
		return nil
	}
	if err != nil {
		return err
	}
	store, err := g.Tenants.Store(ctx, job.Store)
	if err != nil {
		return err
	}
	about := mail.WebhookDisabled{Store: store.Name, Gone: e.DisabledReason == webhook.Gone, Days: int(webhook.DisableAfter / (24 * time.Hour)),
		Link: g.Config.PublicURL + "/admin/"}
	if u, err := url.Parse(e.URL); err == nil {
		about.Host = u.Hostname()
	}
	const atOnce = 100
	for after := ""; ; {
		people, err := g.Console.People(ctx, job.Store, after, atOnce)
		if err != nil {
			return err
		}
		for _, p := range people {
			if after = p.Person.ID; p.Role != console.Owner || p.Person.Disabled {
				continue
			}
			if err := g.mailAbout(ctx, p.Person, about); err != nil {
				return err
			}
		}
		if len(people) < atOnce {
			return nil
		}
	}
}

func (g *Gateway) mailAbout(ctx context.Context, p console.Person, about mail.WebhookDisabled) error {
	message, err := mail.RenderWebhookDisabled(p.Locale, about)
	if err != nil {
		return jobs.GiveUp(err)
	}
	message.To = p.Email
	err = g.mailer.Send(ctx, message)
	if errors.Is(err, mail.ErrRefused) {
		// One owner's address that takes no mail keeps the others from nothing.
		g.log.WarnContext(ctx, "an owner could not be told of a disabled webhook", "person", p.ID, "error", err)
		return nil
	}
	return err
}

// countedSender counts how tries at webhook endpoints end.
type countedSender struct {
	outbox.Sender
	metrics *telemetry.Metrics
}

// Send implements outbox.Sender.
func (c countedSender) Send(ctx context.Context, d outbox.Delivery) outbox.Outcome {
	o := c.Sender.Send(ctx, d)
	c.metrics.WebhookTry(o.Delivered)
	return o
}
