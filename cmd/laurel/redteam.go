package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/redteam"
)

type redteamCommand struct {
	URL            string   `help:"Address of the deployment." required:"" placeholder:"URL"`
	Key            string   `help:"Secret key of a test store. LAUREL_REDTEAM_KEY names one too." env:"LAUREL_REDTEAM_KEY" required:"" placeholder:"sk_test_…"`
	PublishableKey string   `help:"Publishable key of the store, for the attacks of pages." placeholder:"pk_test_…"`
	Origin         string   `help:"Origin that the store allows." placeholder:"https://…"`
	Inbox          string   `help:"Address of an inbox that answers like the demo's (/demo/inbox.json), for the attacks that need a mail." placeholder:"URL"`
	MailDomain     string   `help:"Eligible mail domain whose mails arrive in the inbox." placeholder:"DOMAIN"`
	Shoppers       int      `help:"How many honest shoppers to play beside." default:"50"`
	Only           []string `help:"Play these attacks only." placeholder:"NAME,…"`
}

// errGotThrough says that an attack was not stopped.
var errGotThrough = errors.New("an attack got through")

// Run attacks a deployment. The exit status is 0 when every attack that could be played was stopped, 1 when one got
// through, 2 when they could not be played.
func (c redteamCommand) Run(ctx context.Context, t terminal) error {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, IdleConnTimeout: time.Minute}
	defer transport.CloseIdleConnections()
	result, err := redteam.Run(ctx, redteam.Options{
		URL: c.URL, Key: c.Key, Publishable: c.PublishableKey, Origin: c.Origin, Inbox: c.Inbox, MailDomain: c.MailDomain, Shoppers: c.Shoppers,
		Only: c.Only, Client: &http.Client{Transport: transport}, Out: t.out, Progress: t.errors, Now: time.Now, NewID: rand.Text,
	})
	if err != nil {
		return errCouldNot{err}
	}
	if len(result.Through()) > 0 {
		return errGotThrough
	}
	return nil
}
