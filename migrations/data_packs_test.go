package migrations_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/jobs"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/migrations"
	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/email"
)

// The domain lists of stores become data packs, under their digests, and older attestations are found by their domains.
func TestDomainListsBecomeDataPacks(t *testing.T) {
	t.Parallel()
	for dialect, url := range map[jobs.Dialect]string{jobs.SQLite: testdb.SQLiteURL(t), jobs.Postgres: testdb.PostgresURL(t)} {
		db := testdb.Open(t, url)
		exec := func(query string, args ...any) {
			t.Helper()
			if dialect == jobs.Postgres {
				for n := 1; strings.Contains(query, "?"); n++ {
					query = strings.Replace(query, "?", "$"+string(rune('0'+n)), 1)
				}
			}
			if _, err := db.SQL().ExecContext(t.Context(), query, args...); err != nil {
				t.Fatalf("%s: %v", dialect, err)
			}
		}
		if err := migrations.DownTo(t.Context(), db.SQL(), dialect, 20); err != nil {
			t.Fatal(err)
		}
		now := time.Now().UTC()
		exec(`INSERT INTO stores (id, name, mode, currency, timezone, origins, settings, secret, clock_offset_us, version, created_at, updated_at)
			VALUES ('sto_1', 'S', 'test', 'USD', 'UTC', '[]', '{}', ?, 0, 1, ?, ?)`, []byte("s"), now, now)
		domains := []string{"a.example", "xn--bcher-kva.example"}
		exec(`INSERT INTO domain_lists (store_id, name, purpose, domains, digest, version) VALUES ('sto_1', 'districts', 'eligible', ?, ?, 3)`,
			strings.Join(domains, "\n"), email.Digest(domains))
		exec(`INSERT INTO verifications (store_id, id, group_name, subgroup, offer_id, customer, bound, secret_hash, state, policy_id, policy_version, detail,
			attestation_id, revision, created_at, updated_at, expires_at) VALUES ('sto_1', 'ver_1', 'student', '', '', '', ?, ?, 'verified', 'pol', 1, '{}', 'att_1', 1, ?, ?, ?)`,
			false, []byte("h"), now, now, now)
		exec(`INSERT INTO evidence (store_id, id, verification_id, requirement, verifier, classes, group_name, subgroup, organisation, tags, facts, created_at)
			VALUES ('sto_1', 'evd_1', 'ver_1', 'email:districts', 'email', '[]', '', '', 'a.example', '[]', '{}', ?)`, now)
		exec(`INSERT INTO attestations (store_id, id, verification_id, customer, bound, group_name, subgroup, organisation, classes, tags, policy_id, policy_version,
			valid_until, created_at, end_reason) VALUES ('sto_1', 'att_1', 'ver_1', '', ?, 'student', '', 'a.example', '[]', '[]', 'pol', 1, ?, ?, '')`, false, now.Add(time.Hour), now)
		if err := migrations.Up(t.Context(), db.SQL(), dialect); err != nil {
			t.Fatal(err)
		}
		wantPack(t, db, domains)
	}
}

func wantPack(t *testing.T, db *database.DB, domains []string) {
	t.Helper()
	service := verify.NewService(verify.Options{Storage: database.NewVerifyStorage(db, nil)})
	pack, content, err := service.Pack(t.Context(), verify.StoreRef{ID: "sto_1"}, "districts")
	if err != nil {
		t.Fatal(err)
	}
	var held []string
	for domain := range content.All(verify.Eligible) {
		held = append(held, domain)
	}
	if !slices.Equal(held, domains) || pack.Newest.Version != 3 || pack.Newest.Eligible != 2 || pack.Newest.Abused != 0 || pack.InForce.Digest != email.Digest(domains) {
		t.Errorf("%v of %+v", held, pack)
	}
	err = database.NewVerifyStorage(db, nil).Read(t.Context(), "sto_1", func(ctx context.Context, tx verify.Tx) error {
		found, err := tx.MailDomains(ctx, verify.MailDomain{}, 10)
		if err == nil && (len(found) != 1 || found[0] != verify.MailDomain{Requirement: "email:districts", Domain: "a.example", Attestations: 1}) {
			t.Errorf("mail domains %+v", found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
