package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/laurel-gateway/laurel/internal/fault"
)

// SettingInput is the configuration of an instance as an admin sends it.
type SettingInput struct {
	Verifier string
	Instance string
	Config   []byte
	// Secret replaces the stored secret; empty keeps it.
	Secret string
	// Version is the version that the change was made from; zero for a new one.
	Version int
}

// Settings returns the configured instances of verifiers. Their secrets stay encrypted.
func (s *Service) Settings(ctx context.Context, store StoreRef) ([]Setting, error) {
	var found []Setting
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.Settings(ctx)
		return err
	})
	return found, err
}

// SaveSetting validates and writes a configuration. Nothing is fetched: ProbeSetting does that. Faults: invalid,
// test_store_only, version_conflict, policy_unsound when a policy that names the instance would not be sound any more.
func (s *Service) SaveSetting(ctx context.Context, store StoreRef, by Actor, in SettingInput) (Setting, error) {
	set := Setting{Store: store.ID, Verifier: in.Verifier, Instance: in.Instance, Config: bytes.Clone(in.Config), Version: in.Version + 1}
	if in.Instance != "" && !instanceName.MatchString(in.Instance) {
		return set, fault.New(fault.Invalid, "The name is not valid.").At("#/instance", instanceRule)
	}
	shop, err := s.shop(ctx, store)
	if err != nil {
		return set, err
	}
	got, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		set := set
		packs, err := s.openPacks(ctx, tx)
		if err != nil {
			return nil, err
		}
		if set.Secret, err = s.settingSecret(ctx, tx, set, in.Secret); err != nil {
			return nil, err
		}
		secret, err := openSecret(s.Sealer, store.ID, set)
		if err != nil {
			return nil, err
		}
		v, err := s.Registry.open(store, set.Requirement(), set.Config, secret, packs)
		if err != nil {
			return nil, err
		}
		if err := stillSound(ctx, tx, shop, set.Requirement(), v); err != nil {
			return nil, err
		}
		if err := tx.PutSetting(ctx, set); err != nil {
			return nil, err
		}
		detail := map[string]any{"version": set.Version, "config": rawOrNull(set.Config), "secret_changed": in.Secret != ""}
		return set, tx.Audit(ctx, Change{by, "verifier.saved", string(set.Requirement()), detail})
	})
	if saved, ok := got.(Setting); ok {
		set = saved
	}
	return set, err
}

// replaced is the store's verifiers with one of them replaced.
type replaced struct {
	Instances
	requirement Requirement
	verifier    Verifier
}

// Instance implements Instances.
func (i replaced) Instance(r Requirement) (Verifier, error) {
	if r == i.requirement {
		return i.verifier, nil
	}
	return i.Instances.Instance(r)
}

// stillSound refuses a verifier with which a policy that names it would prove less than a policy must: evidence that
// turned into knowledge, for example.
func stillSound(ctx context.Context, tx Tx, shop *shop, r Requirement, v Verifier) error {
	policies, err := tx.Policies(ctx)
	if err != nil {
		return err
	}
	for _, p := range policies {
		for i, path := range p.Paths {
			if !slices.Contains(path, r) {
				continue
			}
			f := p.checkPath(fault.Newf(fault.PolicyUnsound, "The policy for %s names this verifier, and would not be sound any more.", p.Group),
				i, path, replaced{shop, r, v})
			if len(f.Fields) > 0 {
				return fault.New(fault.PolicyUnsound, f.Detail).At("#/config", f.Fields[0].Detail)
			}
		}
	}
	return nil
}

// settingSecret seals a new secret, or keeps the stored one.
func (s *Service) settingSecret(ctx context.Context, tx Tx, set Setting, secret string) ([]byte, error) {
	if secret != "" {
		sealed, err := s.Sealer.Seal([]byte(secret), secretFor(set.Store, set))
		if err != nil {
			return nil, fmt.Errorf("sealing a verifier's secret: %w", err)
		}
		return sealed, nil
	}
	known, err := tx.Settings(ctx)
	if err != nil {
		return nil, err
	}
	for _, k := range known {
		if k.Requirement() == set.Requirement() {
			return k.Secret, nil
		}
	}
	return nil, nil
}

// DeleteSetting removes a configuration. Faults: not_found, conflict while a policy names it.
func (s *Service) DeleteSetting(ctx context.Context, store StoreRef, by Actor, verifier, instance string) error {
	r := Setting{Verifier: verifier, Instance: instance}.Requirement()
	_, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) {
		if err := unused(ctx, tx, func(other Requirement) bool { return other == r }); err != nil {
			return nil, err
		}
		if err := tx.DeleteSetting(ctx, verifier, instance); err != nil {
			return nil, err
		}
		return nil, tx.Audit(ctx, Change{by, "verifier.deleted", string(r), nil})
	})
	return err
}

// ProbeSetting tests a stored configuration against the outside, such as a provider's discovery document.
// Faults: provider_unavailable, invalid, not_found.
func (s *Service) ProbeSetting(ctx context.Context, store StoreRef, r Requirement) error {
	shop, err := s.shop(ctx, store)
	if err != nil {
		return err
	}
	v, err := shop.Instance(r)
	if err != nil {
		return err
	}
	if p, ok := v.(Prober); ok {
		return p.Probe(ctx)
	}
	return nil
}

// rawOrNull is a configuration as it goes into the audit trail; there may be none.
func rawOrNull(config []byte) json.RawMessage {
	if len(config) == 0 {
		return json.RawMessage("null")
	}
	return config
}

// unused refuses while a policy has a requirement that fits.
func unused(ctx context.Context, tx Tx, fits func(Requirement) bool) error {
	policies, err := tx.Policies(ctx)
	if err != nil {
		return err
	}
	for _, p := range policies {
		for _, path := range p.Paths {
			if slices.ContainsFunc(path, fits) {
				return fault.Newf(fault.Conflict, "The policy for %s needs it. Change the policy first.", p.Group)
			}
		}
	}
	return nil
}
