package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// AdminDocumentFields say what the step with documents asks for.
type AdminDocumentFields struct {
	Ask           []string            `json:"ask" minItems:"1" maxItems:"2" doc:"What is asked beside the name: birth_date, organisation or both." example:"[\"birth_date\",\"organisation\"]"`
	Organisations []string            `json:"organisations,omitempty" maxItems:"2000" doc:"The only institutions that can be named; empty for any." example:"[\"Example University\"]"`
	Accept        []map[string]string `json:"accept,omitempty" maxItems:"20" doc:"Kinds of documents that show the group, as shoppers read them, by language." example:"[{\"en\":\"Student card, valid this term\"}]"`
	Reviewers     int                 `json:"reviewers" minimum:"1" maximum:"2" doc:"How many people have to agree, always." example:"1"`
	KeepDays      int                 `json:"keep_days" minimum:"0" maximum:"90" doc:"How many days documents are kept after the decision." example:"7"`
	LookAlikes    string              `json:"look_alikes" enum:"two_reviewers,signal" doc:"What documents of others that look alike do: ask two people, or only tell the reviewer." example:"two_reviewers"`
}

type adminDocumentSettings struct {
	Version int `json:"version" doc:"Counts the changes: send it with the next one. 0 for the defaults." example:"1"`
	AdminDocumentFields
}

type documentSettingsInput struct {
	StorePath
	Body struct {
		Version int `json:"version" minimum:"0" doc:"The version that the change was made from." example:"0"`
		AdminDocumentFields
	}
}

// documentVerifier is the one verifier of documents that a store has.
const documentVerifier = "document"

func (o *admin) registerDocumentSettings() {
	const path = "/v1/admin/stores/{store_id}/document-settings"
	add(o, api.Operation{
		ID: "admin-get-document-settings", Method: http.MethodGet, Path: path, Summary: "Read what the document step asks for",
		Description: "The settings of the verifier `document`; its defaults when nobody changed them.",
	}, o.getDocumentSettings)
	add(o, api.Operation{
		ID: "admin-update-document-settings", Method: http.MethodPut, Path: path, Mutation: true, Summary: "Change what the document step asks for",
		Description: "Holds for what is handed in from now on.", Refusals: []fault.Code{fault.VersionConflict},
	}, o.updateDocumentSettings)
}

func (o *admin) getDocumentSettings(ctx context.Context, _ *StorePath) (*api.Reply[adminDocumentSettings], error) {
	settings, err := o.Verify.Settings(ctx, ref(ctx))
	if err != nil {
		return nil, err
	}
	found := verify.Setting{Verifier: documentVerifier}
	for _, s := range settings {
		if s.Requirement() == documentVerifier {
			found = s
		}
	}
	shown, err := o.documentSettingsOf(found)
	if err != nil {
		return nil, err
	}
	return api.OK(shown)
}

// documentSettingsOf reads a setting as the verifier does, with its defaults.
func (o *admin) documentSettingsOf(s verify.Setting) (adminDocumentSettings, error) {
	out := adminDocumentSettings{Version: s.Version}
	config, err := o.Verify.Registry.Decode(documentVerifier, "", s.Config)
	if err != nil {
		return out, fmt.Errorf("decode the settings of documents: %w", err)
	}
	raw, err := json.Marshal(config)
	if err != nil {
		return out, fmt.Errorf("encode the settings of documents: %w", err)
	}
	return out, json.Unmarshal(raw, &out.AdminDocumentFields)
}

func (o *admin) updateDocumentSettings(ctx context.Context, in *documentSettingsInput) (*api.Reply[adminDocumentSettings], error) {
	raw, err := json.Marshal(in.Body.AdminDocumentFields)
	if err != nil {
		return nil, fmt.Errorf("encode the settings of documents: %w", err)
	}
	return api.Mutate(ctx, func(ctx context.Context) (verify.Setting, error) {
		return o.Verify.SaveSetting(ctx, ref(ctx), by(ctx), verify.SettingInput{Verifier: documentVerifier, Config: raw, Version: in.Body.Version})
	}, func(s verify.Setting) (int, adminDocumentSettings) {
		return http.StatusOK, adminDocumentSettings{Version: s.Version, AdminDocumentFields: in.Body.AdminDocumentFields}
	})
}
