package database

import (
	"context"

	"github.com/laurel-gateway/laurel/internal/id"
	"github.com/laurel-gateway/laurel/internal/privacy"
	"github.com/laurel-gateway/laurel/verify"
)

// GrantMarketing implements verify.ConsentTx.
func (t *verifyTx) GrantMarketing(ctx context.Context, v verify.Verification) error {
	last, err := t.consents(ctx, v.Customer, 1)
	if err != nil {
		return err
	}
	if len(last) > 0 && last[0].At.After(v.Consent.At) || len(last) > 0 && last[0].Granted && last[0].Version == v.Consent.Version {
		return nil
	}
	c := privacy.Consent{ID: id.New("cns"), Customer: v.Customer, Verification: v.ID, Granted: true, Version: v.Consent.Version,
		Locale: v.Consent.Locale, Source: privacy.ByVerification, At: v.Consent.At}
	if err := t.insertConsent(ctx, c); err != nil {
		return err
	}
	return t.Emit(ctx, verify.Event{Type: privacy.EventConsentChanged, Customer: v.Customer, Data: c.ChangedData()})
}
