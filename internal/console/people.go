package console

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
)

// OneTimePassword is how long a one-time password can be used.
const OneTimePassword = 7 * 24 * time.Hour

// Faults about people.
var (
	ErrPersonNotFound = fault.New(fault.NotFound, "There is no such person in this store.")
	ErrPersonThere    = fault.New(fault.NameTaken, "This person has a role in the store already. Change the role instead.").At("#/email", "has a role already")
	ErrLastOwner      = fault.New(fault.LastOwner, "This is the store's last owner. Make somebody else an owner first.")
)

// Operator is the origin of what the command line does.
var operatorOrigin = Origin{Actor: "operator"}

// personView is what the audit says of a person in a store.
type personView struct {
	Name string `json:"name"`
	Role Role   `json:"role"`
}

// CreateOperator makes a person who may do everything, with a password that lasts. Faults: invalid, name_taken.
func (s *Service) CreateOperator(ctx context.Context, email, name, password string) (Person, error) {
	email = NormaliseEmail(email)
	f := checkPerson(fault.New(fault.Invalid, "The operator cannot be created. See errors for the parts to change."), email, name)
	f = checkPassword(f, "#/password", password, email)
	if err := orNil(f); err != nil {
		return Person{}, err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return Person{}, err
	}
	p := Person{ID: id.New("per"), Email: email, Name: strings.TrimSpace(name), Operator: true, Locale: "en", PasswordHash: hash}
	created, err := write(ctx, s.storage, func(ctx context.Context, tx Tx) (*Person, error) {
		p := p
		p.CreatedAt, p.UpdatedAt = tx.Now(), tx.Now()
		if err := tx.InsertPerson(ctx, p); err != nil {
			return nil, err
		}
		return &p, audit(ctx, tx, operatorOrigin, "", "person.created", p.ID, nil, map[string]any{"name": p.Name, "operator": true})
	})
	if err != nil {
		return Person{}, err
	}
	return *created, nil
}

// People returns a store's people after a person's id ("" for the first page), by id.
func (s *Service) People(ctx context.Context, store, after string, limit int) ([]Member, error) {
	return read(ctx, s.storage, func(ctx context.Context, tx Tx) ([]Member, error) { return tx.Members(ctx, store, after, limit) })
}

// Invitation asks for a person to get a role in a store.
type Invitation struct {
	Email string
	Name  string
	Role  Role
	// Password may be left out: then a new person gets a one-time password.
	Password string
}

// Invited is a person with the role in a store.
type Invited struct {
	Member
	// OneTimePassword is set for a new person who was given none; it is shown this once.
	OneTimePassword string
}

// Invite gives a person a role in a store. Somebody who is new to the gateway is created; somebody who is not keeps
// name and password. Faults: invalid, name_taken when the person has a role there.
func (s *Service) Invite(ctx context.Context, o Origin, store string, in Invitation) (*Invited, error) {
	email := NormaliseEmail(in.Email)
	f := checkPerson(fault.New(fault.Invalid, "The person cannot be added. See errors for the parts to change."), email, in.Name)
	if !in.Role.Valid() {
		f = f.At("#/role", "must be owner, marketer, reviewer, analyst or support")
	}
	if in.Password != "" {
		f = checkPassword(f, "#/password", in.Password, email)
	}
	if err := orNil(f); err != nil {
		return nil, err
	}
	password, oneTime := in.Password, ""
	if password == "" {
		oneTime = oneTimePassword()
		password = oneTime
	}
	// Hashed before the transaction: it takes long, and one writer must not wait for it.
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return nil, err
	}
	fresh := Person{ID: id.New("per"), Email: email, Name: strings.TrimSpace(in.Name), Locale: "en", PasswordHash: hash}
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*Invited, error) {
		return invite(ctx, tx, o, store, in, fresh, oneTime)
	})
}

func invite(ctx context.Context, tx Tx, o Origin, store string, in Invitation, fresh Person, oneTime string) (*Invited, error) {
	p, known, err := tx.PersonByEmail(ctx, fresh.Email)
	if err != nil {
		return nil, err
	}
	switch {
	case known && in.Password != "":
		return nil, fault.New(fault.Invalid, "This person has an account already and keeps the password of it.").
			At("#/password", "leave it out")
	case known:
		oneTime = ""
		if role, _, err := tx.RoleIn(ctx, store, p.ID); err != nil {
			return nil, err
		} else if role != "" {
			return nil, ErrPersonThere
		}
	default:
		p = fresh
		p.CreatedAt, p.UpdatedAt = tx.Now(), tx.Now()
		if oneTime != "" {
			p.PasswordUntil = tx.Now().Add(OneTimePassword)
		}
		if err := tx.InsertPerson(ctx, p); err != nil {
			return nil, err
		}
	}
	if err := tx.InsertRole(ctx, store, p.ID, in.Role); err != nil {
		return nil, err
	}
	result := &Invited{Member: Member{Person: p, Role: in.Role, Since: tx.Now()}, OneTimePassword: oneTime}
	return result, audit(ctx, tx, o, store, "person.added", p.ID, nil, personView{p.Name, in.Role})
}

// SetRole changes a person's role in a store. Faults: invalid, not_found, last_owner.
func (s *Service) SetRole(ctx context.Context, o Origin, store, person string, role Role) (*Member, error) {
	if !role.Valid() {
		return nil, fault.New(fault.Invalid, "There is no such role.").At("#/role", "must be owner, marketer, reviewer, analyst or support")
	}
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*Member, error) {
		m, err := memberToChange(ctx, tx, store, person, role == Owner)
		if err != nil {
			return nil, err
		}
		before := personView{m.Person.Name, m.Role}
		if err := tx.UpdateRole(ctx, store, person, role); err != nil {
			return nil, err
		}
		m.Role = role
		return &m, audit(ctx, tx, o, store, "person.role_changed", person, before, personView{m.Person.Name, role})
	})
}

// RemovePerson takes a person's role in a store away. Faults: not_found, last_owner.
func (s *Service) RemovePerson(ctx context.Context, o Origin, store, person string) (*Done, error) {
	return write(ctx, s.storage, func(ctx context.Context, tx Tx) (*Done, error) {
		m, err := memberToChange(ctx, tx, store, person, false)
		if err != nil {
			return nil, err
		}
		if err := tx.DeleteRole(ctx, store, person); err != nil {
			return nil, err
		}
		return &Done{}, audit(ctx, tx, o, store, "person.removed", person, personView{m.Person.Name, m.Role}, nil)
	})
}

// memberToChange reads a member under the lock of the store's owners, and refuses to lose the last one.
func memberToChange(ctx context.Context, tx Tx, store, person string, staysOwner bool) (Member, error) {
	owners, err := tx.LockOwners(ctx, store)
	if err != nil {
		return Member{}, err
	}
	m, ok, err := tx.Member(ctx, store, person)
	if err != nil {
		return Member{}, err
	}
	if !ok {
		return Member{}, ErrPersonNotFound
	}
	if !staysOwner && slices.Contains(owners, person) && len(owners) == 1 {
		return Member{}, ErrLastOwner
	}
	return m, nil
}
