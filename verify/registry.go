package verify

import (
	"fmt"
	"maps"
	"slices"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// Kind is a kind of verifier: it reads configurations and, through them, opens instances.
type Kind interface {
	// Name is the part of a requirement before the colon.
	Name() string
	// Decode reads a configuration strictly: unknown keys are refused. Empty input stands for the defaults of an
	// instance without a configuration of its own; the error says so when the kind has none.
	Decode(instance string, raw []byte) (Config, error)
}

// Config is a decoded configuration of one kind.
type Config interface {
	// Validate returns a fault with code invalid that points at every problem. It has no side effects and does no I/O.
	Validate() error
	// Open makes a verifier. It does no I/O: what has to be fetched is fetched when first needed.
	Open(o Opening) (Verifier, error)
}

// Opening is what an instance is opened with, besides what its kind was built with.
type Opening struct {
	Store    StoreRef
	Instance string
	// Secret is the instance's secret, such as an OpenID client secret. Empty when it has none.
	Secret string
	// Packs are the data packs in force in the store, its own first.
	Packs []OpenPack
}

// Setting is the stored configuration of one instance of a verifier in a store.
type Setting struct {
	Store string
	// Verifier and Instance make the requirement "verifier:instance".
	Verifier string
	Instance string
	// Config is JSON, read by the kind.
	Config []byte
	// Secret is encrypted; it is never shown again.
	Secret  []byte
	Version int
}

// Requirement returns the requirement that the setting configures.
func (s Setting) Requirement() Requirement {
	if s.Instance == "" {
		return Requirement(s.Verifier)
	}
	return Requirement(s.Verifier + ":" + s.Instance)
}

// Registry is the explicit list of the kinds of verifiers that this gateway has.
type Registry struct{ kinds map[string]Kind }

// NewRegistry returns a registry of kinds. Two kinds of one name are a mistake of the program.
func NewRegistry(kinds ...Kind) (*Registry, error) {
	r := &Registry{kinds: map[string]Kind{}}
	for _, k := range kinds {
		if _, taken := r.kinds[k.Name()]; taken {
			return nil, fmt.Errorf("two verifiers are called %q", k.Name())
		}
		r.kinds[k.Name()] = k
	}
	return r, nil
}

// Names returns the names of the kinds, sorted.
func (r *Registry) Names() []string { return slices.Sorted(maps.Keys(r.kinds)) }

// Decode reads and validates a configuration. Faults: invalid.
func (r *Registry) Decode(verifier, instance string, raw []byte) (Config, error) {
	kind, ok := r.kinds[verifier]
	if !ok {
		return nil, fault.Newf(fault.Invalid, "There is no verifier %q.", verifier)
	}
	config, err := kind.Decode(instance, raw)
	if err != nil {
		return nil, err
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	return config, nil
}
