package database

import (
	"context"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/console"
	"github.com/laurel-gateway/laurel/internal/fault"
)

var errEmailTaken = fault.New(fault.NameTaken, "Somebody with this mail address has an account already.").At("#/email", "is taken")

type personRow struct {
	ID            string
	Email         string
	Name          string
	PasswordHash  string
	Operator      bool
	Disabled      bool
	Locale        string
	PasswordUntil *time.Time
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

const personColumns = "p.id, p.email, p.name, p.password_hash, p.operator, p.disabled, p.locale, p.password_until, p.created_at, p.updated_at"

func (r personRow) person() console.Person {
	p := console.Person{ID: r.ID, Email: r.Email, Name: r.Name, PasswordHash: r.PasswordHash, Operator: r.Operator,
		Disabled: r.Disabled, Locale: r.Locale, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC()}
	if r.PasswordUntil != nil {
		p.PasswordUntil = r.PasswordUntil.UTC()
	}
	return p
}

// Person implements console.PeopleTx.
func (tx consoleTx) Person(ctx context.Context, id string) (console.Person, bool, error) {
	return tx.person(ctx, "p.id = ?", id)
}

// PersonByEmail implements console.PeopleTx.
func (tx consoleTx) PersonByEmail(ctx context.Context, email string) (console.Person, bool, error) {
	return tx.person(ctx, "p.email = ?", email)
}

func (tx consoleTx) person(ctx context.Context, where, value string) (console.Person, bool, error) {
	var row personRow
	ok, err := tx.one(ctx, &row, "SELECT "+personColumns+" FROM people p WHERE "+where, value)
	if err != nil {
		return console.Person{}, false, fmt.Errorf("read a person: %w", err)
	}
	return row.person(), ok, nil
}

var peopleTable = newTable("people", 1, "id text, email text, name text, password_hash text, operator boolean, disabled boolean, locale text, password_until timestamptz, created_at timestamptz, updated_at timestamptz")

// InsertPerson implements console.PeopleTx.
func (tx consoleTx) InsertPerson(ctx context.Context, p console.Person) error {
	// Asked by a statement that cannot fail: a failed one would end a PostgreSQL transaction before the refusal.
	var ids []struct{ ID string }
	err := tx.query(ctx, &ids, "INSERT INTO people ("+names(peopleTable.cols)+") VALUES "+placeholders(1, len(peopleTable.cols))+
		" ON CONFLICT DO NOTHING RETURNING id", p.ID, p.Email, p.Name, p.PasswordHash, p.Operator, p.Disabled, p.Locale,
		nullTime(p.PasswordUntil), p.CreatedAt, p.UpdatedAt)
	if err != nil {
		return fmt.Errorf("write a person: %w", err)
	}
	if len(ids) == 0 {
		return errEmailTaken
	}
	return nil
}

var personChanges = newTable("people", 1, "id text, name text, password_hash text, operator boolean, disabled boolean, locale text, password_until timestamptz, updated_at timestamptz")

// UpdatePerson implements console.PeopleTx.
func (tx consoleTx) UpdatePerson(ctx context.Context, p console.Person) error {
	return tx.update(ctx, personChanges, [][]any{{p.ID, p.Name, p.PasswordHash, p.Operator, p.Disabled, p.Locale,
		nullTime(p.PasswordUntil), p.UpdatedAt}})
}

// StoresOf implements console.PeopleTx.
func (tx consoleTx) StoresOf(ctx context.Context, p console.Person) ([]console.StoreRole, error) {
	var rows []struct{ ID, Name, Mode, Role string }
	join := "JOIN"
	if p.Operator {
		join = "LEFT JOIN"
	}
	err := tx.query(ctx, &rows, "SELECT s.id, s.name, s.mode, COALESCE(r.role, '') AS role FROM stores s "+join+
		" roles r ON r.store_id = s.id AND r.person_id = ? ORDER BY s.name, s.id", p.ID)
	if err != nil {
		return nil, fmt.Errorf("read a person's stores: %w", err)
	}
	out := make([]console.StoreRole, len(rows))
	for i, r := range rows {
		out[i] = console.StoreRole{Store: r.ID, Name: r.Name, Mode: r.Mode, Role: console.Role(r.Role)}
	}
	return out, nil
}

// RoleIn implements console.PeopleTx.
func (tx consoleTx) RoleIn(ctx context.Context, store, person string) (console.Role, bool, error) {
	var row struct{ Role string }
	ok, err := tx.one(ctx, &row, "SELECT COALESCE(r.role, '') AS role FROM stores s LEFT JOIN roles r ON r.store_id = s.id AND r.person_id = ? WHERE s.id = ?", person, store)
	if err != nil {
		return "", false, fmt.Errorf("read a role: %w", err)
	}
	return console.Role(row.Role), ok, nil
}

type memberPersonRow struct {
	Person personRow `gorm:"embedded"`
	Role   string
	Since  time.Time
}

func (r memberPersonRow) member() console.Member {
	return console.Member{Person: r.Person.person(), Role: console.Role(r.Role), Since: r.Since.UTC()}
}

const membersFrom = "SELECT " + personColumns + ", r.role, r.created_at AS since FROM roles r JOIN people p ON p.id = r.person_id"

// Members implements console.PeopleTx.
func (tx consoleTx) Members(ctx context.Context, store, after string, limit int) ([]console.Member, error) {
	q := newPage(membersFrom, "r.store_id = ?", store)
	q.after("r.person_id", after)
	var rows []memberPersonRow
	if err := q.scan(ctx, tx.Tx, &rows, "r.person_id", limit); err != nil {
		return nil, err
	}
	out := make([]console.Member, len(rows))
	for i, r := range rows {
		out[i] = r.member()
	}
	return out, nil
}

// Member implements console.PeopleTx.
func (tx consoleTx) Member(ctx context.Context, store, person string) (console.Member, bool, error) {
	var row memberPersonRow
	ok, err := tx.one(ctx, &row, membersFrom+" WHERE r.store_id = ? AND r.person_id = ?", store, person)
	if err != nil {
		return console.Member{}, false, fmt.Errorf("read a member of a store: %w", err)
	}
	return row.member(), ok, nil
}

// LockOwners implements console.PeopleTx. The store's row is the lock: it is there even when owners come and go.
func (tx consoleTx) LockOwners(ctx context.Context, store string) ([]string, error) {
	var locked []struct{ ID string }
	if err := tx.query(ctx, &locked, "SELECT id FROM stores WHERE id = ?"+tx.forUpdate(), store); err != nil {
		return nil, fmt.Errorf("lock a store: %w", err)
	}
	var rows []struct{ PersonID string }
	if err := tx.query(ctx, &rows, "SELECT person_id FROM roles WHERE store_id = ? AND role = 'owner' ORDER BY person_id", store); err != nil {
		return nil, fmt.Errorf("read a store's owners: %w", err)
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.PersonID
	}
	return out, nil
}

// InsertRole implements console.PeopleTx.
func (tx consoleTx) InsertRole(ctx context.Context, store, person string, role console.Role) error {
	var written []struct{ PersonID string }
	err := tx.query(ctx, &written, "INSERT INTO roles (store_id, person_id, role, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING person_id",
		store, person, string(role), tx.now)
	if err != nil {
		return fmt.Errorf("write a role: %w", err)
	}
	if len(written) == 0 {
		return console.ErrPersonThere
	}
	return nil
}

var roleChanges = newTable("roles", 2, "store_id text, person_id text, role text")

// UpdateRole implements console.PeopleTx.
func (tx consoleTx) UpdateRole(ctx context.Context, store, person string, role console.Role) error {
	return tx.update(ctx, roleChanges, [][]any{{store, person, string(role)}})
}

// DeleteRole implements console.PeopleTx.
func (tx consoleTx) DeleteRole(ctx context.Context, store, person string) error {
	if _, err := tx.exec(ctx, "DELETE FROM roles WHERE store_id = ? AND person_id = ?", store, person); err != nil {
		return fmt.Errorf("delete a role: %w", err)
	}
	return nil
}
