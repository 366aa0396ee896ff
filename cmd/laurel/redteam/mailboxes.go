package redteam

import (
	"context"
	"fmt"
	"strings"

	"github.com/laurel-gateway/laurel/cmd/laurel/outside"
	"github.com/laurel-gateway/laurel/verify/email/packs"
	"github.com/laurel-gateway/laurel/verify/mock"
)

func mailboxAttacks() []attack {
	return []attack{
		{"abused-domain", "addresses of school domains that anybody can get, and of hosts below them", fromPack(packs.Abused)},
		{"stopped-domain", "addresses of domains that only look like schools, and of hosts below them", fromPack(packs.Stopped)},
		{"disposable-mail", "throw-away mailboxes", fromPack(packs.Disposable)},
		{"alumni-address", "addresses that former students keep", alumni},
		{"disguised-domain", "addresses that look like those of a school", disguised},
		{"mailbox-variants", "one mailbox, written in other ways, for a second account", variants},
		{"mail-flood", "many codes to one mailbox, over many verifications", flood},
		{"foreign-code", "the code of one verification, for another", foreignCode},
		{"code-guessing", "wrong codes until one is right", guessing},
	}
}

// samples is how many domains of a pack are tried: from its whole length, evenly.
const samples = 12

func fromPack(name string) func(context.Context, *play) error {
	return func(ctx context.Context, p *play) error {
		all, err := packs.Load()
		if err != nil {
			return fmt.Errorf("load the packs: %w", err)
		}
		domains := all[name].Domains
		var addresses []string
		for i := range min(samples, len(domains)) {
			d := domains[i*len(domains)/min(samples, len(domains))]
			addresses = append(addresses, "redteam@"+d, "redteam@students."+d, "redteam@"+strings.ToUpper(d))
		}
		return p.ineligible(ctx, addresses, "email_not_eligible")
	}
}

// ineligible tries addresses that no mail may go to.
func (p *play) ineligible(ctx context.Context, addresses []string, codes ...string) error {
	g, ok := p.schools()
	if !ok {
		return p.skip("no group is proven by mailboxes of schools")
	}
	id, _, err := p.begin(ctx, g.name)
	if err != nil {
		return err
	}
	for _, address := range addresses {
		a, err := p.step(id, "email", outside.Object{"email": address}).Ask(ctx)
		if err != nil {
			return err
		}
		p.refused(fmt.Sprintf("%q", address), a, codes...)
	}
	return nil
}

func alumni(ctx context.Context, p *play) error {
	var addresses []string
	for _, label := range []string{"alumni", "alum", "alumnae", "ALUMNI", "mail.alumni"} {
		addresses = append(addresses, "redteam@"+label+".mit.edu", "redteam@"+label+".ox.ac.uk")
	}
	return p.ineligible(ctx, addresses, "email_not_eligible")
}

func disguised(ctx context.Context, p *play) error {
	return p.ineligible(ctx, []string{
		"redteam@mit.edu.redteam.example", "redteam@notmit.edu.redteam.example", "redteam@m\u0456t.edu", "redteam@mit\u3002edu.redteam.example",
		"redteam@mit.edu@redteam.example", `"redteam@mit.edu"@redteam.example`, "redteam@redteam.example?@mit.edu", "redteam@redteam.example#@mit.edu",
		"redteam@mit.edu\r\nBcc: all@redteam.example", "redteam@mit.edu,two@redteam.example", "redteam@mit.edu two@redteam.example",
		"redteam@edu", "redteam@ac.uk", "redteam@.mit.edu", "redteam@mit..edu", "redteam@[127.0.0.1]", "@mit.edu", "redteam@", "redteam",
		"red\u0000team@mit.edu", "redte\u0430m@mit.edu", strings.Repeat("r", 65) + "@mit.edu", "redteam@" + strings.Repeat("a", 300) + ".edu",
	}, "email_not_eligible", "email_invalid", "invalid", "malformed_json")
}

func variants(ctx context.Context, p *play) error {
	g, ok := p.with("email")
	if !ok || !p.mails() {
		return p.skip("needs a group that is proven by mail, and a mailbox: --inbox and --mail-domain")
	}
	local := strings.ToLower("rt" + p.NewID()[:8])
	address := local + "@" + p.MailDomain
	first, err := p.mailbox(ctx, g.name, address, address)
	if err != nil {
		return err
	}
	if !first.OK() {
		return p.skip("the mailbox could not be proven even once: %v", first)
	}
	for _, v := range []struct{ written, delivered string }{
		{local + "+second@" + p.MailDomain, local + "+second@" + p.MailDomain},
		{strings.ToUpper(local) + "@" + strings.ToUpper(p.MailDomain), address},
		{wide(local) + "@" + p.MailDomain, address},
		{"  " + address + "  ", address},
	} {
		a, err := p.mailbox(ctx, g.name, v.written, v.delivered)
		if err != nil {
			return err
		}
		p.refused(fmt.Sprintf("the mailbox written %q", v.written), a, "already_verified", "email_invalid", "email_limit")
	}
	return nil
}

// wide writes ASCII in full-width forms, which look the same and normalise to ASCII.
func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xfee0
		}
		return r
	}, s)
}

func flood(ctx context.Context, p *play) error {
	g, ok := p.with("email")
	if !ok || !p.mails() {
		return p.skip("needs a group that is proven by mail, and a mailbox: --inbox and --mail-domain")
	}
	const allowed = 5
	address := "flood" + p.NewID()[:8]
	for i := range allowed + 3 {
		id, _, err := p.begin(ctx, g.name)
		if err != nil {
			return err
		}
		written := strings.ToLower(address) + fmt.Sprintf("+%d@%s", i, p.MailDomain)
		a, err := p.step(id, "email", outside.Object{"email": written}).Try(ctx)
		if err != nil {
			return err
		}
		if i >= allowed {
			p.refused(fmt.Sprintf("code %d within an hour", i+1), a, "email_limit")
		}
	}
	return nil
}

func foreignCode(ctx context.Context, p *play) error {
	g, ok := p.with("email")
	if !ok || !p.mails() {
		return p.skip("needs a group that is proven by mail, and a mailbox: --inbox and --mail-domain")
	}
	address := strings.ToLower("foreign"+p.NewID()[:8]) + "@" + p.MailDomain
	mine, _, err := p.begin(ctx, g.name)
	if err != nil {
		return err
	}
	other, _, err := p.begin(ctx, g.name)
	if err != nil {
		return err
	}
	if _, err := p.step(mine, "email", outside.Object{"email": address}).Must(ctx); err != nil {
		return err
	}
	code, err := p.code(ctx, address, mail{})
	if err != nil {
		return err
	}
	victim := strings.ToLower("victim"+p.NewID()[:8]) + "@" + p.MailDomain
	if _, err := p.step(other, "email", outside.Object{"email": victim}).Must(ctx); err != nil {
		return err
	}
	a, err := p.step(other, "email_code", outside.Object{"code": code}).Ask(ctx)
	if err != nil {
		return err
	}
	p.refused("a code that was mailed for another verification", a, "code_invalid")
	return nil
}

func guessing(ctx context.Context, p *play) error {
	g, ok := p.with("mock")
	if !ok {
		return p.skip("no group has a path of the mock verifier, which asks for a code that the attacker knows in the end")
	}
	id, _, err := p.begin(ctx, g.name)
	if err != nil {
		return err
	}
	if _, err := p.step(id, "mock", outside.Object{"first_name": "EMAILCODE"}).Must(ctx); err != nil {
		return err
	}
	for i := range 5 {
		a, err := p.step(id, "email_code", outside.Object{"code": fmt.Sprintf("%06d", 900_000+i)}).Ask(ctx)
		if err != nil {
			return err
		}
		p.refused("a wrong code", a, "code_invalid", "tries_exhausted")
	}
	a, err := p.step(id, "email_code", outside.Object{"code": mock.Code}).Ask(ctx)
	if err != nil {
		return err
	}
	p.refused("the right code after five wrong ones", a, "invalid_step", "tries_exhausted")
	return nil
}
