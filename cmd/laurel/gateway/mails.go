package gateway

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/jobs"
	"github.com/laurel-gateway/laurel/internal/mail"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/verify"
)

// The jobs that mail shoppers.
const (
	sendCode     jobs.Kind = "send_code"
	sendReminder jobs.Kind = "send_reminder"
)

// codeMinutes is how long a code is good, as the mail says.
const codeMinutes = 10

// mailJob is what the queue keeps of a mail: nothing readable.
type mailJob struct {
	Store  string `json:"store"`
	Sealed []byte `json:"sealed"`
}

// mailQueue puts the mails to shoppers into the job queue, sealed.
type mailQueue struct {
	inserter *jobs.Inserter
	sealer   verify.Sealer
}

// sealedFor is the associated data of a mail in the queue.
func sealedFor(kind jobs.Kind, store string) []byte { return []byte(string(kind) + "|" + store) }

// QueueCode implements database.MailQueue.
func (q mailQueue) QueueCode(ctx context.Context, tx *sql.Tx, store string, m verify.CodeMail) error {
	return q.queue(ctx, tx, sendCode, store, m)
}

// QueueReminder implements database.MailQueue.
func (q mailQueue) QueueReminder(ctx context.Context, tx *sql.Tx, store string, m verify.ReminderMail) error {
	return q.queue(ctx, tx, sendReminder, store, m)
}

func (q mailQueue) queue(ctx context.Context, tx *sql.Tx, kind jobs.Kind, store string, m any) error {
	b, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode a mail: %w", err)
	}
	sealed, err := q.sealer.Seal(b, sealedFor(kind, store))
	if err != nil {
		return fmt.Errorf("seal a mail: %w", err)
	}
	return q.inserter.Insert(ctx, tx, kind, mailJob{store, sealed}, jobs.Options{MaxAttempts: 5})
}

// unseal reads a mail out of the queue, and the store that it comes from.
func (g *Gateway) unseal(ctx context.Context, kind jobs.Kind, job mailJob, into any) (*tenant.Store, error) {
	b, err := g.Master.Open(job.Sealed, sealedFor(kind, job.Store))
	if err != nil {
		return nil, jobs.GiveUp(fmt.Errorf("open a mail: %w", err))
	}
	if err := json.Unmarshal(b, into); err != nil {
		return nil, jobs.GiveUp(errors.New("a mail in the queue is not readable"))
	}
	return g.Tenants.Store(ctx, job.Store)
}

// mailCode sends the mail of a code, unless the code is too old by now to be of use.
func (g *Gateway) mailCode(ctx context.Context, job mailJob) error {
	var m verify.CodeMail
	store, err := g.unseal(ctx, sendCode, job, &m)
	if err != nil {
		return err
	}
	if !m.ExpiresAt.IsZero() && store.Now(time.Now()).After(m.ExpiresAt) {
		return nil
	}
	message, err := mail.RenderCode(letterhead(store, m.Locale), m.Code, codeMinutes)
	if err != nil {
		return jobs.GiveUp(err)
	}
	return g.deliver(ctx, store, m.ID, m.To, message)
}

// mailReminder sends an offer to verify again.
func (g *Gateway) mailReminder(ctx context.Context, job mailJob) error {
	var m verify.ReminderMail
	store, err := g.unseal(ctx, sendReminder, job, &m)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(store.Timezone)
	if err != nil {
		return jobs.GiveUp(fmt.Errorf("read the store's time zone: %w", err))
	}
	message, err := mail.RenderReminder(letterhead(store, m.Locale), m.Until, zone, m.Link)
	if err != nil {
		return jobs.GiveUp(err)
	}
	return g.deliver(ctx, store, m.ID, m.To, message)
}

// letterhead is the store as its mails name it, in the shopper's language or else the store's.
func letterhead(s *tenant.Store, locale string) mail.Letterhead {
	m := s.Settings.Mail
	return mail.Letterhead{Store: s.Name, Sender: m.SenderName, ReplyTo: m.ReplyTo, Support: m.SupportURL, Locales: append([]string{locale}, s.Settings.Locales...)}
}

// deliver hands a mail to the mail server. What the server refuses for good is reported like a bounce, so that the
// shopper who waits for it learns that it will not come.
func (g *Gateway) deliver(ctx context.Context, store *tenant.Store, id, to string, m mail.Message) error {
	m.To, m.ID = to, mailName(store.ID, id)
	err := g.mailer.Send(ctx, m)
	if !errors.Is(err, mail.ErrRefused) {
		return err
	}
	report := verify.Refused
	if errors.Is(err, mail.ErrNoMailbox) {
		report = verify.Bounced
	}
	_, failed := g.Verify.MailFailed(ctx, verify.StoreRef{ID: store.ID, Test: !store.Live()}, id, report)
	if failed != nil && fault.CodeOf(failed) != fault.NotFound {
		return fmt.Errorf("note that a mail was refused: %w", failed)
	}
	return jobs.GiveUp(err)
}
