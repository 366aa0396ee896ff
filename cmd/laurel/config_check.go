package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/config"
	"github.com/laurel-gateway/laurel/internal/mail"
)

type configCheckCommand struct {
	SendTestMail string `help:"Send one mail to this address too, as codes are sent." placeholder:"ADDRESS"`
}

// errNoMailServer says that there is nothing to send by.
var errNoMailServer = errors.New("no mail server is configured: set smtp.host")

// Run checks the configuration and prints it without its secrets.
func (c configCheckCommand) Run(ctx context.Context, t terminal) error {
	cfg, err := t.load(nil)
	if err != nil {
		return err
	}
	if _, err = fmt.Fprintln(t.out, cfg.String()); err != nil || c.SendTestMail == "" {
		return err
	}
	return t.sendTestMail(ctx, cfg, c.SendTestMail)
}

// sendTestMail tells the operator how far a mail gets.
func (t terminal) sendTestMail(ctx context.Context, cfg config.Config, to string) error {
	if cfg.SMTP.Host == "" {
		return errNoMailServer
	}
	mailer, err := gateway.OpenMail(cfg)
	if err != nil {
		return err
	}
	err = mailer.Send(ctx, mail.Message{To: to, Locale: "en", Subject: "Laurel can send mail",
		Text: "Hello,\n\nthis is the test mail that you asked for. Codes to shoppers take the same way.\n\nGateway: " + cfg.PublicURL + "\n"})
	if err != nil {
		return fmt.Errorf("send the test mail: %w", err)
	}
	_, err = fmt.Fprintf(t.out, "%s:%d took the test mail. Whether it arrives is up to that server: look into the mailbox.\n", cfg.SMTP.Host, cfg.SMTP.Port)
	return err
}
