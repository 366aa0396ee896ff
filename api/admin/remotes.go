package admin

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// verifierRemote is the kind of verifier whose instances are the store's own verifiers.
const verifierRemote = "remote"

// AdminRemoteField is one thing that the shopper gives.
type AdminRemoteField struct {
	Name      string            `json:"name" maxLength:"40" doc:"Name in the request: lower-case letters, digits and underscores." example:"employee_number"`
	Label     map[string]string `json:"label" doc:"What shoppers read, by language." example:"{\"en\":\"Employee number\"}"`
	Type      string            `json:"type" enum:"text,email,number,date" doc:"What it takes." example:"text"`
	Required  bool              `json:"required,omitempty" doc:"Whether it must be given; at least one must." example:"true"`
	MaxLength int               `json:"max_length,omitempty" minimum:"0" maximum:"1000" doc:"In characters; 200 when left out." example:"40"`
	Limited   bool              `json:"limited,omitempty" doc:"One value is asked about five times an hour and ten times a day, whoever gives it: for what could be guessed." example:"true"`
}

// AdminRemoteFields is what of a remote verifier an admin sets and sees.
type AdminRemoteFields struct {
	Name           string             `json:"name" minLength:"1" maxLength:"200" doc:"What shoppers read." example:"Staff directory"`
	URL            string             `json:"url" minLength:"1" maxLength:"2000" doc:"Where the signed questions go: an https address of a public host." example:"https://hr.shop.example/laurel"`
	Fields         []AdminRemoteField `json:"fields" minItems:"1" maxItems:"20" doc:"What the shopper gives."`
	Classes        []string           `json:"classes,omitempty" maxItems:"5" doc:"Classes of its evidence: possession, assertion, authority, knowledge, self_declared. Assertion when left out." example:"[\"authority\"]"`
	TimeoutSeconds int                `json:"timeout_seconds,omitempty" minimum:"0" maximum:"8" doc:"Bound of one try; 5 when left out." example:"5"`
	Retries        int                `json:"retries,omitempty" minimum:"0" maximum:"3" doc:"Tries after the first, with the same id, when the other side fails for the moment." example:"2"`
	MaxTries       int                `json:"max_tries,omitempty" minimum:"0" maximum:"20" doc:"Wrong answers that a verification may have; 5 when left out." example:"5"`
	Reasons        map[string]string  `json:"reasons,omitempty" doc:"Codes that it may refuse with, and what the shopper reads." example:"{\"left_company\":\"The directory says that you have left.\"}"`
}

type adminRemote struct {
	ID      string `json:"id" doc:"Name in requirements: remote:{id}." example:"staff-directory"`
	Version int    `json:"version" doc:"Counts the changes: send it with the next one." example:"1"`
	AdminRemoteFields
}

type adminCreatedRemote struct {
	Remote adminRemote `json:"remote" doc:"The verifier."`
	Secret string      `json:"secret" doc:"Signs questions and decisions (Standard Webhooks); it is shown this once." example:"whsec_…"`
}

func remoteOf(s verify.Setting) (adminRemote, error) {
	r := adminRemote{ID: s.Instance, Version: s.Version}
	if err := json.Unmarshal(s.Config, &r.AdminRemoteFields); err != nil {
		return r, fmt.Errorf("decode the configuration of remote verifier %s: %w", s.Instance, err)
	}
	r.Fields = some(r.Fields)
	return r, nil
}

type remoteInput struct {
	StorePath
	Body struct {
		ID string `json:"id" pattern:"^[a-z0-9][a-z0-9-]{0,62}$" doc:"Name in requirements." example:"staff-directory"`
		AdminRemoteFields
	}
}

type remoteChange struct {
	ItemPath
	Body struct {
		Version int `json:"version" minimum:"1" doc:"The version that the change was made from." example:"1"`
		AdminRemoteFields
	}
}

type remoteSecretChange struct {
	ItemPath
	Body struct {
		Version int `json:"version" minimum:"1" doc:"The version that the change was made from." example:"1"`
	}
}

func (o *admin) registerRemotes() {
	const path = "/v1/admin/stores/{store_id}/remote-verifiers"
	add(o, api.Operation{
		ID: "admin-list-remotes", Method: http.MethodGet, Path: path, Summary: "List remote verifiers", Description: "The store's own verifiers, by id. Secrets are never shown.",
	}, o.listRemotes)
	add(o, api.Operation{
		ID: "admin-create-remote", Method: http.MethodPost, Path: path, Status: http.StatusCreated, Mutation: true, Summary: "Add a remote verifier",
		Description: "Adds a verifier of the store's own, over HTTP; policies name it as remote:{id}. Its secret is shown this once. Nothing is asked.",
		Refusals:    []fault.Code{fault.VersionConflict},
	}, func(ctx context.Context, in *remoteInput) (*api.Reply[adminCreatedRemote], error) {
		return o.saveRemoteWithSecret(ctx, in.Body.ID, in.Body.AdminRemoteFields, 0, http.StatusCreated)
	})
	add(o, api.Operation{
		ID: "admin-get-remote", Method: http.MethodGet, Path: path + "/{id}", Summary: "Read a remote verifier", Description: "Its configuration without the secret.",
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[adminRemote], error) {
		r, err := o.remote(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		return api.OK(r)
	})
	add(o, api.Operation{
		ID: "admin-update-remote", Method: http.MethodPut, Path: path + "/{id}", Mutation: true, Summary: "Change a remote verifier",
		Description: "Replaces the configuration; the secret stays. Classes with which a policy would not be sound any more are refused.",
		Refusals:    []fault.Code{fault.VersionConflict, fault.PolicyUnsound},
	}, o.updateRemote)
	add(o, api.Operation{
		ID: "admin-rotate-remote-secret", Method: http.MethodPost, Path: path + "/{id}/rotate-secret", Mutation: true, Summary: "Change a remote verifier's secret",
		Description: "Gives it another secret, and shows it this once. The old one is worth nothing from then on: decisions that are under way have to be signed anew.",
		Refusals:    []fault.Code{fault.VersionConflict},
	}, func(ctx context.Context, in *remoteSecretChange) (*api.Reply[adminCreatedRemote], error) {
		r, err := o.remote(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		return o.saveRemoteWithSecret(ctx, in.ID, r.AdminRemoteFields, in.Body.Version, http.StatusOK)
	})
	add(o, api.Operation{
		ID: "admin-delete-remote", Method: http.MethodDelete, Path: path + "/{id}", Status: http.StatusNoContent, Mutation: true,
		Summary: "Delete a remote verifier", Description: "Refused while a policy names it.", Refusals: []fault.Code{fault.Conflict},
	}, func(ctx context.Context, in *ItemPath) (*api.Reply[api.Nothing], error) {
		return api.Mutate(ctx, finish(func(ctx context.Context) error {
			return o.Verify.DeleteSetting(ctx, ref(ctx), by(ctx), verifierRemote, in.ID)
		}), done)
	})
}

func (o *admin) remotes(ctx context.Context) ([]verify.Setting, error) {
	all, err := o.Verify.Settings(ctx, ref(ctx))
	return slices.DeleteFunc(all, func(s verify.Setting) bool { return s.Verifier != verifierRemote }), err
}

// remote reads one. Faults: not_found.
func (o *admin) remote(ctx context.Context, id string) (adminRemote, error) {
	settings, err := o.remotes(ctx)
	if err != nil {
		return adminRemote{}, err
	}
	for _, s := range settings {
		if s.Instance == id {
			return remoteOf(s)
		}
	}
	return adminRemote{}, fault.New(fault.NotFound, "There is no such remote verifier in this store.")
}

func (o *admin) listRemotes(ctx context.Context, in *ListPath) (*api.Reply[listed[adminRemote]], error) {
	settings, err := o.remotes(ctx)
	if err != nil {
		return nil, err
	}
	shown := make([]adminRemote, len(settings))
	for i, s := range settings {
		if shown[i], err = remoteOf(s); err != nil {
			return nil, err
		}
	}
	return replied(sliced(in.Paging, shown, func(r adminRemote) adminRemote { return r }, func(r adminRemote) string { return r.ID }))
}

func (o *admin) updateRemote(ctx context.Context, in *remoteChange) (*api.Reply[adminRemote], error) {
	setting, err := remoteSetting(in.ID, in.Body.AdminRemoteFields, in.Body.Version)
	if err != nil {
		return nil, err
	}
	return api.Mutate(ctx, func(ctx context.Context) (verify.Setting, error) {
		return o.Verify.SaveSetting(ctx, ref(ctx), by(ctx), setting)
	}, func(s verify.Setting) (int, adminRemote) {
		return http.StatusOK, adminRemote{ID: s.Instance, Version: s.Version, AdminRemoteFields: in.Body.AdminRemoteFields}
	})
}

func (o *admin) saveRemoteWithSecret(ctx context.Context, id string, f AdminRemoteFields, version, status int) (*api.Reply[adminCreatedRemote], error) {
	setting, err := remoteSetting(id, f, version)
	if err != nil {
		return nil, err
	}
	raw := make([]byte, 32)
	if _, err := io.ReadFull(o.Verify.Random, raw); err != nil {
		return nil, fmt.Errorf("make a secret: %w", err)
	}
	setting.Secret = "whsec_" + base64.StdEncoding.EncodeToString(raw)
	return api.Mutate(ctx, func(ctx context.Context) (verify.Setting, error) {
		return o.Verify.SaveSetting(ctx, ref(ctx), by(ctx), setting)
	}, func(s verify.Setting) (int, adminCreatedRemote) {
		return status, adminCreatedRemote{Remote: adminRemote{ID: s.Instance, Version: s.Version, AdminRemoteFields: f}, Secret: setting.Secret}
	})
}

func remoteSetting(id string, f AdminRemoteFields, version int) (verify.SettingInput, error) {
	config, err := json.Marshal(f)
	if err != nil {
		return verify.SettingInput{}, fmt.Errorf("encode the configuration of a remote verifier: %w", err)
	}
	return verify.SettingInput{Verifier: verifierRemote, Instance: id, Config: config, Version: version}, nil
}
