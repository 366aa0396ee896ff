package demo

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// State is what the demo has to remember in plain text, because it shows it: it is kept in the data directory, readable
// for its owner only.
type State struct {
	Store            StoreState   `json:"store"`
	OtherStore       StoreState   `json:"other_store"`
	Offers           []OfferState `json:"offers"`
	Admin            AdminState   `json:"admin"`
	UniversitySecret string       `json:"university_secret"`
	DirectorySecret  string       `json:"directory_secret"`
	// Seeded is true once everything is in the database.
	Seeded bool `json:"seeded"`

	path string
}

// StoreState is a store with its keys.
type StoreState struct {
	PublishableKey string `json:"publishable_key"`
	SecretKey      string `json:"secret_key"`
	StoreID        string `json:"store_id"`
}

// OfferState is an offer of the demo's store.
type OfferState struct {
	ID    string `json:"id"`
	Group string `json:"group"`
	Name  string `json:"name"`
}

// AdminState is the sign-in to the console.
type AdminState struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// script is what scripts read of the demo.
func (s State) script() any {
	return struct {
		StoreState
		Offers     []OfferState `json:"offers"`
		Admin      AdminState   `json:"admin"`
		OtherStore StoreState   `json:"other_store"`
	}{s.Store, s.Offers, s.Admin, s.OtherStore}
}

func loadState(dir string) (State, error) {
	s := State{path: filepath.Join(dir, "demo.json")}
	b, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		s.Admin = AdminState{Email: "admin@demo.example", Password: rand.Text()}
		s.UniversitySecret = rand.Text()
		s.DirectorySecret = newSecret()
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("read the demo's state: %w", err)
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return s, fmt.Errorf("read the demo's state in %s: %w", s.path, err)
	}
	if s.DirectorySecret == "" {
		// It was seeded before there was a directory: nobody knows this secret, and nothing asks.
		s.DirectorySecret = newSecret()
	}
	return s, nil
}

// newSecret is one in the form of Standard Webhooks.
func newSecret() string {
	b := make([]byte, 32)
	rand.Read(b)
	return "whsec_" + base64.StdEncoding.EncodeToString(b)
}

func (s State) save() error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("write the demo's state: %w", err)
	}
	next := s.path + ".next"
	if err := os.WriteFile(next, append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("write the demo's state: %w", err)
	}
	if err := os.Rename(next, s.path); err != nil {
		return fmt.Errorf("write the demo's state: %w", err)
	}
	return nil
}
