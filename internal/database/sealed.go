package database

import (
	"fmt"

	"github.com/laurel-gateway/laurel/verify"
)

// sealedColumn is a column whose values the master key seals.
type sealedColumn struct {
	table, column string
	// key are the columns of the primary key, in its order; more are read beside them.
	key, more []string
	// context is the associated data of a row's value, from key and more.
	context func(row []string) []byte
	// within, where it is set, opens a value that has the sealed one in it, and puts another in its place.
	within func(value []byte, row []string, seal func(sealed, context []byte) ([]byte, error)) ([]byte, error)
}

// sealedColumns are all of them: everything that has to be sealed anew before an old master key can go. A new one is added
// here, or to plainBytes in the tests when it is something else.
var sealedColumns = []sealedColumn{
	{table: "stores", column: "secret", key: list("id"), context: itself(0)},
	{table: "tag_keys", column: "sealed", key: list("store_id version"),
		context: func(r []string) []byte { return fmt.Appendf(nil, "tag-key|%s|%s", r[0], r[1]) }},
	{table: "signing_keys", column: "private_key", key: list("kid"), context: itself(0)},
	{table: "gateway_secrets", column: "sealed", key: list("name"), context: func([]string) []byte { return []byte("gateway secret") }},
	{table: "verifier_settings", column: "secret", key: list("store_id verifier instance"),
		context: func(r []string) []byte { return verify.SettingContext(r[0], r[1], r[2]) }},
	{table: "webhook_endpoints", column: "secret", key: list("store_id id"), context: itself(1)},
	{table: "webhook_endpoints", column: "old_secret", key: list("store_id id"), context: itself(1)},
	{table: "collected", column: "sealed", key: list("store_id verification_id requirement"),
		context: func(r []string) []byte { return verify.CollectedContext(r[1], verify.Requirement(r[2])) }},
	{table: "sso_states", column: "sealed", key: list("store_id state_hash"), more: list("verification_id requirement"),
		context: func(r []string) []byte {
			return verify.SSOContext(verify.SSO{Store: r[0], StateHash: []byte(r[1]), Verification: r[2], Requirement: verify.Requirement(r[3])})
		}},
	{table: "documents", column: "data_key", key: list("store_id id"),
		context: func(r []string) []byte { return []byte("document|" + r[0] + "|" + r[1]) }},
	{table: "verifications", column: "challenge", key: list("store_id id"), within: sealedChallenge},
}

// itself is the context of a row that is one of its columns.
func itself(i int) func([]string) []byte { return func(row []string) []byte { return []byte(row[i]) } }

// sealedChallenge finds the sealed part of a challenge.
func sealedChallenge(value []byte, row []string, seal func(sealed, context []byte) ([]byte, error)) ([]byte, error) {
	var c verify.Challenge
	if err := fromText(string(value), &c); err != nil {
		return nil, err
	}
	if len(c.Sealed) == 0 {
		return value, nil
	}
	fresh, err := seal(c.Sealed, verify.ChallengeContext(row[1], c.Requirement))
	if err != nil {
		return nil, err
	}
	c.Sealed = fresh
	out, err := text(c)
	return []byte(out), err
}
