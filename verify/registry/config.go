package registry

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// Deps is what the kind is built with.
type Deps struct {
	// Client makes the requests to NPPES. It decides which addresses may be reached.
	Client *http.Client
	// Endpoint is the address of the NPPES API; empty for DefaultEndpoint.
	Endpoint string
	// Imported are the registers that were imported from files, Rosters the lists of stores.
	Imported verify.Registers
	Rosters  verify.Rosters
	// Taggers make the keys of rosters.
	Taggers verify.Taggers
	// Now is the real time, by which the circuit to the API opens and closes.
	Now func() time.Time
}

// Kind opens registry verifiers.
type Kind struct {
	deps Deps
	// api is one for all stores, and so is its circuit.
	api *nppesAPI
}

// New returns the kind.
func New(deps Deps) *Kind {
	if deps.Endpoint == "" {
		deps.Endpoint = DefaultEndpoint
	}
	return &Kind{deps: deps, api: newNPPES(deps.Endpoint, deps.Client, deps.Now)}
}

// Name is "registry".
func (*Kind) Name() string { return "registry" }

// The sources of an instance.
const (
	// SourceAPI asks NPPES over its API, SourceImported reads what was imported of it: nothing leaves the gateway.
	SourceAPI      = "nppes_api"
	SourceImported = "nppes_imported"
	// SourceRoster is a list of the store.
	SourceRoster = "roster"
)

// builtIn are the instances that need no configuration.
var builtIn = map[string]Config{
	NPPES:               {Source: SourceAPI},
	NPPES + "-imported": {Source: SourceImported},
}

// Config says which register an instance asks.
type Config struct {
	Source string `json:"source"`
	// Title is what people call the roster.
	Title string `json:"title,omitempty"`
	// Group and Subgroup are what being on the roster shows. An entry may name a subgroup of its own.
	Group    string `json:"group,omitempty"`
	Subgroup string `json:"subgroup,omitempty"`
	// Confidential says that the roster's numbers are known to nobody but their members. Without it a number and a name
	// are knowledge, and a policy needs a second source.
	Confidential bool `json:"confidential,omitempty"`
	// Digest and Entries are those of the imported list.
	Digest  string `json:"digest,omitempty"`
	Entries int    `json:"entries,omitempty"`

	kind *Kind
}

// Decode reads a configuration; unknown keys are refused. "registry:nppes" and "registry:nppes-imported" need none; any
// other instance is a roster, which is imported with its own.
func (k *Kind) Decode(instance string, raw []byte) (verify.Config, error) {
	if len(raw) == 0 {
		c, ok := builtIn[instance]
		if !ok {
			return nil, fault.Newf(fault.Invalid, "The store has no roster called %q.", instance)
		}
		c.kind = k
		return c, nil
	}
	c := Config{kind: k}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return nil, fault.New(fault.Invalid, "The configuration of the registry verifier is not understood.").At("#/config", "unknown key or wrong type").Wrap(err)
	}
	if decoder.More() {
		return nil, fault.New(fault.Invalid, "The configuration is one JSON object.").At("#/config", "something follows it")
	}
	return c, nil
}

// Validate implements verify.Config.
func (c Config) Validate() error {
	f := fault.New(fault.Invalid, "The configuration of the registry verifier is not valid.")
	switch {
	case !slices.Contains([]string{SourceAPI, SourceImported, SourceRoster}, c.Source):
		f = f.At("#/config/source", "one of nppes_api, nppes_imported, roster")
	case c.Source == SourceRoster && c.Group == "":
		f = f.At("#/config/group", "say which group the members of the roster are")
	case c.Source != SourceRoster && (c.Group != "" || c.Subgroup != ""):
		f = f.At("#/config/group", "NPPES says it by its taxonomies: leave it out")
	case c.Source != SourceRoster && c.Confidential:
		f = f.At("#/config/confidential", "NPI numbers are public")
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// Open implements verify.Config.
func (c Config) Open(o verify.Opening) (verify.Verifier, error) {
	v := &Verifier{config: c}
	switch c.Source {
	case SourceAPI:
		v.lookup = nppesLookup{c.kind.api, "api"}
	case SourceImported:
		v.lookup = nppesLookup{c.kind.deps.Imported, "imported"}
	default:
		if len(o.Instance) == 0 {
			return nil, fault.New(fault.Invalid, "A roster has a name.").At("#/instance", "missing")
		}
		v.lookup = rosterLookup{roster: o.Instance, config: c, rosters: c.kind.deps.Rosters, taggers: c.kind.deps.Taggers}
	}
	return v, nil
}
