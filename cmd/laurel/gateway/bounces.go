package gateway

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/bounce"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/tenant"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/email"
)

// mailName is the id of a mail as the outside sees it, in the Message-ID: it names the store too.
func mailName(store, id string) string { return id + "." + store }

// named reads a mailName in a Message-ID.
func named(messageID string) (store, id string, ok bool) {
	local, _, _ := strings.Cut(messageID, "@")
	id, store, ok = strings.Cut(local, ".")
	return store, id, ok
}

// bounces takes the reports of mail providers.
type bounces struct {
	g      *Gateway
	reader bounce.Reader
	proofs *database.VerifyStorage
}

func (g *Gateway) bounces() bounces {
	c := g.Config.SMTP.Reports
	return bounces{g: g, proofs: database.NewVerifyStorage(g.DB, nil), reader: bounce.Reader{Now: time.Now, Secrets: bounce.Secrets{
		Standard: c.Secret.Reveal(), Postmark: c.PostmarkPassword.Reveal(), Mailgun: c.MailgunKey.Reveal(), SendGrid: c.SendGridKey}}}
}

// Receive takes the reports of a source and returns how many mails they changed something about. Faults: not_found,
// unauthenticated, invalid.
func (b bounces) Receive(ctx context.Context, source string, header http.Header, body []byte) (int, error) {
	reports, err := b.reader.Read(bounce.Source(source), header, body)
	if err != nil {
		return 0, err
	}
	taken := 0
	for _, r := range reports {
		mails, err := b.find(ctx, r)
		if err != nil {
			return taken, err
		}
		for _, m := range mails {
			changed, err := b.take(ctx, m, r)
			if err != nil {
				return taken, err
			}
			if changed {
				taken++
			}
		}
	}
	return taken, nil
}

// find returns the mails that a report is about: the one that it names, or else all to its address.
func (b bounces) find(ctx context.Context, r bounce.Report) ([]verify.SentMail, error) {
	if store, id, ok := named(r.MessageID); ok {
		return []verify.SentMail{{Store: store, ID: id}}, nil
	}
	address, err := email.Deliverable(r.Address)
	if err != nil {
		// No mail of ours went to what is no address.
		return nil, nil //nolint:nilerr // said above
	}
	var tags []verify.PersonTag
	err = b.g.eachStore(ctx, func(s *tenant.Store) error {
		tags = append(tags, verify.AddressTag(s.Keys(), address))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return b.proofs.MailsTo(ctx, tags)
}

// take gives a report about one mail to its store. A mail that is not known, or not any more, changes nothing.
func (b bounces) take(ctx context.Context, m verify.SentMail, r bounce.Report) (bool, error) {
	store, err := b.g.Tenants.Store(ctx, m.Store)
	if fault.CodeOf(err) == fault.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	what := verify.Bounced
	if r.Complaint {
		what = verify.Complained
	}
	changed, err := b.g.Verify.MailFailed(ctx, verify.StoreRef{ID: store.ID, Test: !store.Live()}, m.ID, what)
	if err != nil && fault.CodeOf(err) != fault.NotFound {
		return false, fmt.Errorf("take a report about a mail: %w", err)
	}
	return changed && err == nil, nil
}
