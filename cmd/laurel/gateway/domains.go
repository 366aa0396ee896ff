package gateway

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/egress"
	"github.com/laurel-gateway/laurel/internal/jobs"
	"github.com/laurel-gateway/laurel/internal/mail"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/builtin"
	"github.com/laurel-gateway/laurel/verify/email"
	"github.com/laurel-gateway/laurel/verify/oidc"
	"github.com/laurel-gateway/laurel/verify/registry"
	"github.com/laurel-gateway/laurel/verify/sso"
)

func (g *Gateway) openDomains(_ context.Context, o Options) error {
	inserter, err := jobs.NewInserter(g.jobsDialect())
	if err != nil {
		return fmt.Errorf("open the job queue: %w", err)
	}
	shipped, err := email.LoadShipped()
	if err != nil {
		return fmt.Errorf("load the domain packs: %w", err)
	}
	proofs := database.NewVerifyStorage(g.DB, codeQueue{inserter, g.Master})
	kinds, err := builtin.Registry(shipped, oidc.Deps{Client: g.outgoing(), Random: rand.Reader, Now: time.Now}, registry.Deps{
		Client: g.outgoing(), Endpoint: o.NPPESEndpoint, Imported: proofs, Rosters: proofs, Taggers: taggers{g}, Now: time.Now,
	})
	if err != nil {
		return fmt.Errorf("list the verifiers: %w", err)
	}
	g.Verify = verify.NewService(verify.Options{
		Storage: proofs, Registry: kinds, Taggers: taggers{g}, Sealer: g.Master, Random: rand.Reader,
		EnterURL: g.Config.PublicURL + sso.StartPath, CallbackURL: g.Config.PublicURL + sso.CallbackPath,
		MailReady: g.mailer != nil, Domains: shipped.ListReader(), Rosters: registry.ListReader{},
	})
	storage := database.NewConsole(g.DB)
	targets := egress.Options{AllowPrivate: g.Config.Outgoing.AllowPrivate}
	g.Console, err = console.NewService(console.Config{Storage: storage, Figures: storage, Groups: g.Verify, Targets: targets, Sealer: g.Master})
	if err != nil {
		return fmt.Errorf("open the console: %w", err)
	}
	return nil
}

func (g *Gateway) jobsDialect() jobs.Dialect {
	if g.DB.Dialect() == database.SQLite {
		return jobs.SQLite
	}
	return jobs.Postgres
}

// taggers make person tags under the key of a store.
type taggers struct{ g *Gateway }

// TaggerOf implements verify.Taggers.
func (t taggers) TaggerOf(ctx context.Context, store string) (verify.Tagger, error) {
	s, err := t.g.Tenants.Store(ctx, store)
	if err != nil {
		return nil, err
	}
	return s.Keys(), nil
}

// sendCode is the job that sends a one-time code.
const sendCode jobs.Kind = "send_code"

// codeJob is what the queue keeps of a code: nothing readable.
type codeJob struct {
	Store  string `json:"store"`
	Sealed []byte `json:"sealed"`
}

// codeMinutes is how long a code is good, as the mail says.
const codeMinutes = 10

// codeQueue puts the mails of codes into the job queue, sealed.
type codeQueue struct {
	inserter *jobs.Inserter
	sealer   verify.Sealer
}

// QueueCode implements database.CodeQueue.
func (q codeQueue) QueueCode(ctx context.Context, tx *sql.Tx, store string, m verify.CodeMail) error {
	b, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode the mail of a code: %w", err)
	}
	sealed, err := q.sealer.Seal(b, []byte("code|"+store))
	if err != nil {
		return fmt.Errorf("seal the mail of a code: %w", err)
	}
	return q.inserter.Insert(ctx, tx, sendCode, codeJob{store, sealed}, jobs.Options{MaxAttempts: 5})
}

// mailCode sends the mail of a code.
func (g *Gateway) mailCode(ctx context.Context, job codeJob) error {
	b, err := g.Master.Open(job.Sealed, []byte("code|"+job.Store))
	if err != nil {
		return jobs.GiveUp(fmt.Errorf("open the mail of a code: %w", err))
	}
	var m verify.CodeMail
	if err := json.Unmarshal(b, &m); err != nil {
		return jobs.GiveUp(errors.New("the mail of a code is not readable"))
	}
	store, err := g.Tenants.Store(ctx, job.Store)
	if err != nil {
		return err
	}
	message, err := mail.RenderCode(m.Locale, store.Name, m.Code, codeMinutes)
	if err != nil {
		return jobs.GiveUp(err)
	}
	message.To = m.To
	err = g.mailer.Send(ctx, message)
	if errors.Is(err, mail.ErrRefused) {
		return jobs.GiveUp(err)
	}
	return err
}
