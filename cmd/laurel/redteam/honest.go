package redteam

import (
	"context"
	"fmt"
	"strings"

	"github.com/laurel-gateway/laurel/cmd/laurel/outside"
)

// names are given names as people have them: long, short, accented, with marks between.
var names = []string{"ada", "bo", "chloe.oreilly", "d-arcy", "emmanuelle.von-der-heide", "f_x", "giuseppe1987", "hyun-woo", "i", "maximiliana.bartholomea.constantia",
	"jose", "k.l.m", "o'neill", "zz9"}

// honest plays shoppers who are who they say: by mail where mails can be read, by the mock verifier elsewhere.
func (t *team) honest(ctx context.Context) (Honest, error) {
	var h Honest
	for i := range t.Shoppers {
		a, played, err := t.shopper(ctx, i)
		if err != nil {
			return h, err
		}
		if !played {
			return h, nil
		}
		h.Shoppers++
		if a.Text("state") != "verified" {
			h.Refused++
			if _, err := fmt.Fprintf(t.Progress, "an honest shopper was refused: %v\n", a); err != nil {
				return h, fmt.Errorf("report: %w", err)
			}
		}
	}
	return h, nil
}

func (t *team) shopper(ctx context.Context, i int) (a outside.Answer, played bool, err error) {
	if g, ok := t.with("email"); ok && t.mails() && i%2 == 0 {
		host := []string{"", "students.", "cs.", "mail.uni."}[i/2%4]
		address := fmt.Sprintf("%s.%s@%s%s", names[i%len(names)], strings.ToLower(t.NewID()[:8]), host, t.MailDomain)
		a, err := t.mailbox(ctx, g.name, address, address)
		return a, true, err
	}
	g, ok := t.with("mock")
	if !ok {
		return a, false, nil
	}
	id, _, err := t.begin(ctx, g.name)
	if err != nil {
		return a, true, err
	}
	a, err = t.step(id, "mock", outside.Object{"first_name": "VERIFIED"}).Ask(ctx)
	return a, true, err
}
