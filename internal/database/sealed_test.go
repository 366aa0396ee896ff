package database_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/laurel-gateway/laurel/internal/crypt"
	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/jobs"
	"github.com/laurel-gateway/laurel/internal/testdb"
	"github.com/laurel-gateway/laurel/verify"
)

// plainBytes are the columns of bytes that the master key does not seal, and what they are instead.
var plainBytes = map[string]string{
	"api_keys.hash":                "SHA-256 of a random secret",
	"console_sessions.data":        "a session without secrets, of somebody who is signed in",
	"console_sessions.token_hash":  "SHA-256 of a random secret",
	"customer_sessions.hash":       "SHA-256 of a random secret",
	"data_pack_versions.content":   "public lists of mail domains",
	"idempotency_keys.answer":      "sealed under the Idempotency-Key, which is not stored, and the store's secret",
	"idempotency_keys.fingerprint": "a keyed hash",
	"idempotency_keys.key_mac":     "a keyed hash",
	"ledger_entries.commitment":    "a keyed hash",
	"ledger_entries.hash":          "the chain of the ledger",
	"ledger_entries.prev_hash":     "the chain of the ledger",
	"members.head_hash":            "the chain of the ledger",
	"members.salt":                 "the key of the ledger's commitments, which goes with the member",
	"offer_tokens.code_mac":        "a keyed hash",
	"offer_tokens.pool_code":       "sealed under the store's secret",
	"offer_tokens.sealed":          "sealed under the store's secret",
	"orders.fingerprint":           "a hash of what was bought",
	"pool_codes.code_mac":          "a keyed hash",
	"pool_codes.sealed":            "sealed under the store's secret",
	"privacy_requests.secret_hash": "SHA-256 of a random secret",
	"refunds.fingerprint":          "a hash of what was given back",
	"shopify_codes.code_mac":       "a keyed hash",
	"sign_in_throttles.key_hash":   "a keyed hash",
	"signing_keys.public_key":      "public",
	"sso_states.browser_hash":      "SHA-256 of a random secret",
	"sso_states.state_hash":        "SHA-256 of a random secret",
	"verifications.secret_hash":    "SHA-256 of a random secret",
}

// bytesColumns lists the columns of bytes of a SQLite database.
func bytesColumns(t *testing.T, db *sql.DB) (found []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c "+
		"WHERE m.type = 'table' AND c.type = 'BLOB' AND m.name NOT LIKE 'river%' AND m.name NOT LIKE 'goose%' AND m.name NOT LIKE 'sqlite%'")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		found = append(found, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return found
}

// Every column of bytes is sealed by the master key, and then sealed anew after a rotation, or it is said what it is.
func TestEverySealedColumnIsKnown(t *testing.T) {
	db := testdb.Open(t, testdb.SQLiteURL(t))
	sealed := database.SealedForTest()
	var known []string
	for column, what := range plainBytes {
		if what == "" {
			t.Errorf("it is not said what %s is", column)
		}
		known = append(known, column)
	}
	known = append(known, sealed...)
	slices.Sort(known)
	if d := cmp.Diff(slices.Compact(known), bytesColumns(t, db.SQL())); d != "" {
		t.Errorf("a new column of bytes is to be listed in sealedColumns or in plainBytes (-listed +schema):\n%s", d)
	}
}

// layOut writes a value into every sealed column.
func layOut(t *testing.T, s *stage, m *crypt.Master) {
	t.Helper()
	seal := func(plain string, context []byte) []byte {
		b, err := m.Seal([]byte(plain), context)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	now := time.Now().UTC()
	s.exec("UPDATE stores SET secret = ? WHERE id = ?", seal("stores.secret", []byte(s.store)), s.store)
	s.exec("INSERT INTO tag_keys (store_id, version, sealed, created_at) VALUES (?, 2, ?, ?)", s.store, seal("tag_keys.sealed", []byte("tag-key|"+s.store+"|2")), now)
	s.exec("INSERT INTO signing_keys (kid, alg, private_key, public_key, created_at, active_from) VALUES ('k1', 'ES256', ?, ?, ?, ?)", seal("signing_keys.private_key", []byte("k1")), []byte("p"), now, now)
	s.exec("INSERT INTO gateway_secrets (name, sealed, created_at) VALUES ('gateway', ?, ?)", seal("gateway_secrets.sealed", []byte("gateway secret")), now)
	s.exec("INSERT INTO verifier_settings (store_id, verifier, instance, config, secret, version) VALUES (?, 'oidc', 'uni', '{}', ?, 1)", s.store,
		seal("verifier_settings.secret", verify.SettingContext(s.store, "oidc", "uni")))
	s.exec("INSERT INTO verifier_settings (store_id, verifier, instance, config, secret, version) VALUES (?, 'oidc', 'other', '{}', NULL, 1)", s.store)
	s.exec(`INSERT INTO webhook_endpoints (store_id, id, url, description, events, secret, old_secret, state, failures, created_at, updated_at)
		VALUES (?, 'whk_1', 'https://x.example', '', '[]', ?, ?, 'enabled', 0, ?, ?)`, s.store, seal("webhook_endpoints.secret", []byte("whk_1")), seal("webhook_endpoints.old_secret", []byte("whk_1")), now, now)
	s.challenged("ver_1", string(seal("verifications.challenge", verify.ChallengeContext("ver_1", "email"))))
	s.challenged("ver_2", "")
	s.exec("INSERT INTO collected (store_id, verification_id, requirement, sealed, created_at) VALUES (?, 'ver_1', 'registry:x', ?, ?)", s.store,
		seal("collected.sealed", verify.CollectedContext("ver_1", "registry:x")), now)
	way := verify.SSO{Store: s.store, Verification: "ver_1", Requirement: "oidc:uni", StateHash: []byte{0, 1, 0xff}}
	s.exec("INSERT INTO sso_states (store_id, state_hash, verification_id, requirement, return_url, sealed, created_at, expires_at) VALUES (?, ?, 'ver_1', 'oidc:uni', '', ?, ?, ?)",
		s.store, way.StateHash, seal("sso_states.sealed", verify.SSOContext(way)), now, now)
	s.exec(`INSERT INTO documents (store_id, id, verification_id, state, media_type, size, pages, thumb, content, data_key, digest, kept, persons, keep_days, created_at, proof)
		VALUES (?, 'doc_1', 'ver_1', 'submitted', 'image/png', 1, '[]', 0, '', ?, '', 1, '[]', 7, ?, '{}')`, s.store, seal("documents.data_key", []byte("document|"+s.store+"|doc_1")), now)
}

// challenged writes a verification, with the private state of a challenge when it is not empty.
func (s *stage) challenged(id, sealed string) {
	s.t.Helper()
	challenge := any(nil)
	if sealed != "" {
		b, err := json.Marshal(verify.Challenge{Requirement: "email", Step: "email_code", Sealed: []byte(sealed)})
		if err != nil {
			s.t.Fatal(err)
		}
		challenge = b
	}
	now := time.Now().UTC()
	s.exec(`INSERT INTO verifications (store_id, id, group_name, subgroup, offer_id, customer, bound, secret_hash, state, policy_id, policy_version, detail, challenge,
		attestation_id, network, revision, created_at, updated_at, expires_at) VALUES (?, ?, 'student', '', '', 'c-1', ?, ?, 'challenged', 'pol_1', 1, '{}', ?, '', 'net', 1, ?, ?, ?)`,
		s.store, id, true, []byte{1}, challenge, now, now, now)
}

// queueSealed queues a job whose arguments are sealed, and one whose are not.
func queueSealed(t *testing.T, db *database.DB, m *crypt.Master) {
	t.Helper()
	dialect := jobs.SQLite
	if db.Dialect() == database.PostgreSQL {
		dialect = jobs.Postgres
	}
	inserter, err := jobs.NewInserter(dialect)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := m.Seal([]byte("a code"), []byte("code"))
	if err != nil {
		t.Fatal(err)
	}
	err = db.Run(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		for _, args := range []any{map[string]any{"store": "sto_1", "sealed": sealed}, map[string]any{"sealed": 1}, nil} {
			if err := inserter.Insert(ctx, tx.SQLTx(), "test_job", args, jobs.Options{}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// After a rotation everything is sealed anew, in portions, and then opens without the old key: none is forgotten.
func TestEverythingIsSealedAnew(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db *database.DB) {
		file := filepath.Join(t.TempDir(), "master.key")
		master, err := crypt.CreateMaster(file)
		if err != nil {
			t.Fatal(err)
		}
		s := newStage(t, db)
		layOut(t, s, master)
		const more = 450 // Several portions of one column.
		everything := int64(more + len(database.SealedForTest()))
		for i := range more {
			b, err := master.Seal([]byte("many"), verify.CollectedContext("ver_2", verify.Requirement(fmt.Sprint("registry:", i))))
			if err != nil {
				t.Fatal(err)
			}
			s.exec("INSERT INTO collected (store_id, verification_id, requirement, sealed, created_at) VALUES (?, 'ver_2', ?, ?, ?)", s.store, fmt.Sprint("registry:", i), b, time.Now().UTC())
		}
		queueSealed(t, db, master)
		if err := master.Rotate(); err != nil {
			t.Fatal(err)
		}
		counts := func(do func(func(database.Resealed) error) error) (outdated int64, columns []string) {
			t.Helper()
			err := do(func(r database.Resealed) error {
				outdated += r.Outdated
				if r.Outdated > 0 {
					columns = append(columns, r.Table+"."+r.Column)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(columns)
			return outdated, columns
		}
		look := func(report func(database.Resealed) error) error {
			return database.Outdated(t.Context(), db, master, report)
		}
		if n, columns := counts(look); n != everything || !slices.Equal(columns, database.SealedForTest()) {
			t.Fatalf("%d values of an old key, in %v", n, columns)
		}
		if n, _ := counts(func(report func(database.Resealed) error) error {
			return database.Reseal(t.Context(), db, master, report)
		}); n != everything {
			t.Fatalf("%d sealed anew", n)
		}
		if n, columns := counts(look); n != 0 {
			t.Fatalf("%d are left in %v", n, columns)
		}
		if n, err := database.SealedJobs(t.Context(), db, master); err != nil || n != 1 {
			t.Fatalf("%d jobs, %v", n, err)
		}
		if _, err := master.Prune(time.Now()); err == nil {
			t.Error("pruned at once after a rotation")
		}
		if n, err := master.Prune(time.Now().Add(crypt.PruneAfter)); err != nil || n != 1 {
			t.Fatalf("pruned %d, %v", n, err)
		}
		// Another process, with the new key alone: sealing anew opens every value.
		alone, err := crypt.OpenMaster(file)
		if err != nil || alone.Keys() != 1 {
			t.Fatalf("%d keys, %v", alone.Keys(), err)
		}
		if err := alone.Rotate(); err != nil {
			t.Fatal(err)
		}
		if n, _ := counts(func(report func(database.Resealed) error) error {
			return database.Reseal(t.Context(), db, alone, report)
		}); n != everything {
			t.Fatalf("%d open without the old key", n)
		}
	})
}

// The page about privacy describes every table: a new one is to be described before it is used.
func TestThePrivacyPageDescribesEveryTable(t *testing.T) {
	page, err := os.ReadFile("../../docs/privacy.md")
	if err != nil {
		t.Fatal(err)
	}
	var described []string
	_, tables, found := strings.Cut(string(page), "## Table by table\n")
	if !found {
		t.Fatal("the page has no chapter of tables")
	}
	tables, _, _ = strings.Cut(tables, "\n## ")
	for line := range strings.Lines(tables) {
		if name, rest, ok := strings.Cut(strings.TrimPrefix(line, "| `"), "` |"); ok && strings.HasPrefix(line, "| `") {
			if strings.Count(rest, "|") != 5 {
				t.Errorf("%s has not all columns: %s", name, line)
			}
			described = append(described, name)
		}
	}
	slices.Sort(described)
	db := testdb.Open(t, testdb.SQLiteURL(t))
	rows, err := db.SQL().QueryContext(t.Context(), "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'river%' AND name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%' ORDER BY name")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var there []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		there = append(there, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(described, there); d != "" {
		t.Errorf("docs/privacy.md and the schema differ (-described +there):\n%s", d)
	}
}

// Every column in which a customer stands is known to the erasure.
func TestEveryCustomerColumnIsErased(t *testing.T) {
	db := testdb.Open(t, testdb.SQLiteURL(t))
	rows, err := db.SQL().QueryContext(t.Context(), "SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c "+
		"WHERE m.type = 'table' AND (c.name LIKE '%customer%' OR c.name IN ('ordering', 'subject', 'email', 'mailbox')) AND m.name NOT LIKE 'river%' ORDER BY 1")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var there []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		there = append(there, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	known := []string{
		"attestations.customer", "customer_sessions.customer", "marketing_consents.customer", "members.customer", "offer_counters.subject", "offer_holds.subject",
		"offer_token_slots.subject", "offer_tokens.customer", "offer_tokens.subject", "orders.customer", "outbox.ordering",
		"people.email", // The store's own people.
		"privacy_requests.customer", "redemption_uses.customer", "redemptions.customer", "verifications.customer", "webhook_deliveries.ordering",
	}
	if d := cmp.Diff(known, there); d != "" {
		t.Errorf("teach the erasure of the column, then add it here (-known +there):\n%s", d)
	}
}
