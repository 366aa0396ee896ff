package admin

import (
	"slices"

	"github.com/laurel-gateway/laurel/internal/console"
)

// rule says who may call an operation. The zero rule is everybody with a role in the store. An operator always may.
type rule struct {
	only         []console.Role
	operatorOnly bool
}

func (r rule) roles() []string {
	var out []string
	for _, role := range r.only {
		out = append(out, string(role))
	}
	return out
}

// allows reports whether a role may.
func (r rule) allows(role console.Role) bool {
	return !r.operatorOnly && (len(r.only) == 0 || slices.Contains(r.only, role))
}

func only(roles ...console.Role) rule { return rule{only: roles} }

var (
	everybody = rule{}
	owners    = only(console.Owner)
	marketing = only(console.Owner, console.Marketer)
	serving   = only(console.Owner, console.Support)
	deciding  = only(console.Owner, console.Support, console.Reviewer)
	reviewing = only(console.Owner, console.Reviewer)
	operators = rule{operatorOnly: true}
)

// rules is who may do what: every operation of the console but signing in has its row.
var rules = map[string]rule{
	"admin-change-password": everybody,
	"admin-end-session":     everybody,
	"admin-get-session":     everybody,

	"admin-create-store": operators,
	"admin-list-stores":  everybody,
	"admin-get-store":    everybody,
	"admin-update-store": owners,
	"admin-get-overview": everybody,

	"admin-list-keys":  everybody,
	"admin-create-key": owners,
	"admin-revoke-key": owners,

	"admin-list-groups":   everybody,
	"admin-create-group":  marketing,
	"admin-list-policies": everybody,
	"admin-create-policy": marketing,
	"admin-check-policy":  marketing,
	"admin-get-policy":    everybody,
	"admin-update-policy": marketing,
	"admin-delete-policy": marketing,

	"admin-list-providers":  everybody,
	"admin-create-provider": owners,
	"admin-get-provider":    everybody,
	"admin-update-provider": owners,
	"admin-delete-provider": owners,

	"admin-list-data-packs":         everybody,
	"admin-create-data-pack":        marketing,
	"admin-preview-data-pack":       marketing,
	"admin-get-data-pack":           everybody,
	"admin-update-data-pack":        marketing,
	"admin-delete-data-pack":        marketing,
	"admin-list-data-pack-versions": everybody,
	"admin-compare-data-pack":       everybody,
	"admin-list-data-pack-domains":  everybody,
	"admin-roll-back-data-pack":     marketing,
	"admin-pin-data-pack":           marketing,

	"admin-list-remotes":         everybody,
	"admin-create-remote":        owners,
	"admin-get-remote":           everybody,
	"admin-update-remote":        owners,
	"admin-rotate-remote-secret": owners,
	"admin-delete-remote":        owners,

	"admin-list-rosters":  everybody,
	"admin-create-roster": owners,
	"admin-update-roster": owners,
	"admin-delete-roster": owners,

	"admin-list-offers":         everybody,
	"admin-create-offer":        marketing,
	"admin-get-offer":           everybody,
	"admin-update-offer":        marketing,
	"admin-set-offer-state":     marketing,
	"admin-list-offer-versions": everybody,
	"admin-try-offer":           everybody,
	"admin-check-rule":          everybody,

	"admin-get-code-pool":       everybody,
	"admin-import-code-pool":    marketing,
	"admin-empty-code-pool":     marketing,
	"admin-list-code-batches":   everybody,
	"admin-create-code-batch":   marketing,
	"admin-download-code-batch": marketing,
	"admin-revoke-code-batch":   marketing,

	"admin-get-program":    everybody,
	"admin-update-program": marketing,

	"admin-list-members":  everybody,
	"admin-get-member":    everybody,
	"admin-list-entries":  everybody,
	"admin-adjust-points": serving,

	"admin-list-verifications": everybody,
	"admin-get-verification":   everybody,
	"admin-end-attestation":    deciding,

	"admin-list-privacy-requests": everybody,
	"admin-get-privacy-request":   everybody,
	"admin-erase-customer":        serving,
	"admin-export-data":           serving,
	"admin-get-retention":         everybody,
	"admin-set-retention":         owners,

	"admin-list-frauds": everybody,
	"admin-get-fraud":   everybody,
	"admin-label-fraud": reviewing,

	"admin-verify-by-hand":   serving,
	"admin-resend-code":      serving,
	"admin-reset-limits":     serving,
	"admin-move-attestation": serving,

	"admin-explain-verification": everybody,

	"admin-get-document-settings":    everybody,
	"admin-update-document-settings": owners,

	"admin-list-review-documents": reviewing,
	"admin-get-review-document":   reviewing,
	"admin-list-look-alikes":      reviewing,

	"admin-list-reviews":        reviewing,
	"admin-get-review-queue":    everybody,
	"admin-list-review-reasons": everybody,
	"admin-get-review":          reviewing,
	"admin-next-review":         reviewing,
	"admin-claim-review":        reviewing,
	"admin-release-review":      reviewing,
	"admin-decide-review":       reviewing,

	"admin-list-redemptions": everybody,
	"admin-get-redemption":   everybody,

	"admin-get-shopify":        everybody,
	"admin-connect-shopify":    owners,
	"admin-disconnect-shopify": owners,

	"admin-list-mail-suppressions": everybody,
	"admin-lift-mail-suppression":  serving,

	"admin-list-webhooks":  everybody,
	"admin-create-webhook": owners,
	"admin-get-webhook":    everybody,
	"admin-update-webhook": owners,
	"admin-delete-webhook": owners,

	"admin-rotate-webhook-secret": owners,
	"admin-test-webhook":          owners,
	"admin-replay-webhook":        owners,
	"admin-get-delivery":          everybody,
	"admin-list-deliveries":       everybody,
	"admin-replay-delivery":       owners,

	"admin-list-audit": everybody,

	"admin-list-people":   everybody,
	"admin-add-person":    owners,
	"admin-set-role":      owners,
	"admin-remove-person": owners,
}
