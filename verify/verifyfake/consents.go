package verifyfake

import (
	"context"

	"github.com/laurel-gateway/laurel/verify"
)

// GrantMarketing implements verify.ConsentTx: it tells of the consent.
func (t *tx) GrantMarketing(ctx context.Context, v verify.Verification) error {
	return t.Emit(ctx, verify.Event{Type: "consent.changed", Customer: v.Customer, Data: map[string]any{
		"customer": v.Customer, "marketing": true, "version": v.Consent.Version, "locale": v.Consent.Locale, "source": "verification",
	}})
}
