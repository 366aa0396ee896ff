package verify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/once"
	"github.com/laurel-gateway/laurel/verify/datapack"
)

// ReasonDomainWithdrawn is the reason of an attestation's end when a data pack took its domain away.
const ReasonDomainWithdrawn = "domain_withdrawn"

const (
	// domainsAtOnce is how many domains of attestations are judged at a time.
	domainsAtOnce = 1000
	// endAtOnce is how many attestations a request ends itself. A job ends the rest.
	endAtOnce = 200
)

// packWriter is who changes a pack, and what they chose.
type packWriter struct {
	by       Actor
	affected Affected
	dry      bool
}

// settle writes down the choice for what is affected. Faults: conflict when there is none, and one is needed.
func (w packWriter) settle(e *PackEffect, now time.Time) error {
	e.Version.By, e.Version.CreatedAt, e.Version.Attestations = w.by.Name, now, e.Attestations
	if w.dry || e.Attestations == 0 {
		return nil
	}
	if w.affected != KeepAffected && w.affected != EndAffected {
		return fault.Newf(fault.Conflict, "%d attestations rest on domains that would no longer be eligible. Say whether to keep or to end them.", e.Attestations).
			At("#/affected", "one of keep, end")
	}
	e.Version.Affected = w.affected
	return nil
}

// describe fills in the figures of the version that comes.
func (e *PackEffect) describe(version int, content, before *datapack.Content) {
	e.Change = content.Compare(before, maxListed)
	e.Version.Version, e.Version.Digest = version, content.Digest()
	e.Version.Eligible, e.Version.Abused, e.Version.Stopped = content.Count(Eligible), content.Count(Abused), content.Count(Stopped)
	e.Version.In, e.Version.Out = datapack.Total(e.Change.In), datapack.Total(e.Change.Out)
}

// detail is the effect as the audit trail has it.
func (e PackEffect) detail() map[string]any {
	v := e.Version
	return map[string]any{"version": v.Version, "digest": v.Digest, "format": v.Format, "source": v.Source, "domains": v.Count(), "in": v.In, "out": v.Out,
		"rolled_back_to": v.RolledBackTo, "affected": v.Affected, "attestations": v.Attestations}
}

// preview runs a change that writes nothing.
func (s *Service) preview(ctx context.Context, store StoreRef, change func(context.Context, Tx, packWriter) (PackEffect, error)) (PackEffect, error) {
	var e PackEffect
	err := s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) (err error) {
		e, err = change(ctx, tx, packWriter{dry: true})
		return err
	})
	return e, err
}

// apply runs a change, and ends what it withdrew. What it does not get done a job does.
func (s *Service) apply(ctx context.Context, store StoreRef, change func(context.Context, Tx) (PackEffect, error)) (PackEffect, error) {
	got, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) { return change(ctx, tx) })
	e, done := got.(PackEffect)
	if err != nil || !done {
		return e, err
	}
	// The change stands, and its answer is written under the request's key: what follows has no key, and whatever goes
	// wrong with it the job tries again.
	if _, err := s.SettleWithdrawals(once.With(ctx, nil), store, endAtOnce); err != nil && !errors.Is(err, context.Canceled) {
		return e, fmt.Errorf("the data pack is in force, but not all is ended yet: %w", err)
	}
	return e, nil
}

// movePack finds what it affects in a store when another version of a pack comes into force there; without content the pack
// goes. Unless the writer is dry, what is affected is noted to be ended, if that was chosen. Faults: conflict when a
// verifier that works now would not work any more.
func (s *Service) movePack(ctx context.Context, tx Tx, store StoreRef, to OpenPack, w packWriter, e *PackEffect) error {
	revision, err := tx.SettingsRevision(ctx)
	if err != nil {
		return err
	}
	now, err := s.loadShop(ctx, tx, store, revision)
	if err != nil {
		return err
	}
	before := now.judging(now.packs)
	after := before.with(to)
	policies, err := tx.Policies(ctx)
	if err != nil {
		return err
	}
	if err := after.worksAs(before, policies); err != nil {
		return err
	}
	affected := e.Attestations
	for last := (MailDomain{}); ; {
		page, err := tx.MailDomains(ctx, last, domainsAtOnce)
		if err != nil {
			return err
		}
		var gone []Withdrawal
		for _, d := range page {
			if before.accepts(d) && !after.accepts(d) {
				gone = append(gone, Withdrawal{d.Requirement, d.Domain, tx.Now()})
				e.affects(d)
			}
		}
		if !w.dry && w.affected == EndAffected && len(gone) > 0 {
			if err := tx.PutWithdrawals(ctx, gone); err != nil {
				return err
			}
		}
		if len(page) < domainsAtOnce {
			break
		}
		last = page[len(page)-1]
	}
	if e.Attestations > affected {
		e.Stores++
	}
	e.rank()
	return nil
}

// affects counts a domain, and keeps it if it is among the largest.
func (e *PackEffect) affects(d MailDomain) {
	e.Attestations += d.Attestations
	e.Domains = append(e.Domains, d)
	if len(e.Domains) >= 2*maxListed {
		e.rank()
	}
}

// rank leaves the largest domains.
func (e *PackEffect) rank() {
	slices.SortStableFunc(e.Domains, func(a, b MailDomain) int { return cmp.Compare(b.Attestations, a.Attestations) })
	e.Domains = e.Domains[:min(len(e.Domains), maxListed)]
}

// with returns the settings as they are with another version of a pack.
func (s *shop) with(to OpenPack) *shop {
	packs := slices.DeleteFunc(slices.Clone(s.packs), func(p OpenPack) bool { return p.PackRef == to.PackRef })
	if to.Content != nil {
		packs = append(packs, to)
	}
	// The store's own come first, as storage gives them.
	slices.SortStableFunc(packs, func(a, b OpenPack) int { return cmp.Compare(order(a), order(b)) })
	return s.judging(packs)
}

// judging returns the settings with these packs, for judging domains: whether mail can be sent right now says nothing
// about them.
func (s *shop) judging(packs []OpenPack) *shop {
	return &shop{
		store: s.store, revision: s.revision, catalogue: s.catalogue, settings: s.settings, packs: packs,
		registry: s.registry, sealer: s.sealer, mailReady: true, opened: map[Requirement]opened{},
	}
}

func order(p OpenPack) int {
	if p.Gateway() {
		return 1
	}
	return 0
}

// worksAs refuses when a verifier that a policy or an admin named opened before, and does not now.
func (s *shop) worksAs(before *shop, policies []Policy) error {
	var named []Requirement
	for r := range s.settings {
		named = append(named, r)
	}
	for _, p := range policies {
		named = append(named, slices.Concat(p.Paths...)...)
	}
	for _, r := range named {
		if _, err := before.Instance(r); err != nil {
			continue
		}
		if _, err := s.Instance(r); err != nil {
			return fault.Newf(fault.Conflict, "%s needs this data pack. Change the policies that name it first.", r).Wrap(err)
		}
	}
	return nil
}

// accepts reports whether a mailbox in a domain would prove today.
func (s *shop) accepts(d MailDomain) bool {
	v, err := s.Instance(d.Requirement)
	if err != nil {
		return false
	}
	judge, ok := v.(Rechecker)
	if !ok {
		return false
	}
	holds, _ := judge.Recheck(Evidence{
		Requirement: d.Requirement, Verifier: d.Requirement.Verifier(), Organisation: d.Domain, Facts: map[string]string{FactMailDomain: d.Domain},
	})
	return holds
}

// noteMailDomains keeps on which mailboxes an attestation rests, so that data packs find it again.
func noteMailDomains(ctx context.Context, tx Tx, v Verification, attestation string) error {
	evidence, err := tx.Evidence(ctx, v.ID)
	if err != nil {
		return err
	}
	var domains []MailDomain
	for _, e := range latest(evidence, v.Met) {
		if domain := e.Facts[FactMailDomain]; domain != "" {
			domains = append(domains, MailDomain{Requirement: e.Requirement, Domain: domain})
		}
	}
	return tx.PutMailDomains(ctx, attestation, domains)
}

// SettleWithdrawals ends attestations that data packs took the ground from, at most limit of them, and returns how many it
// ended. A job calls it until it returns less than limit. What became eligible again meanwhile is left alone.
func (s *Service) SettleWithdrawals(ctx context.Context, store StoreRef, limit int) (int, error) {
	ended := 0
	for ended < limit {
		w, ids, err := s.nextWithdrawal(ctx, store, limit-ended)
		if err != nil || w == nil {
			return ended, err
		}
		for _, id := range ids {
			if _, err := s.EndAttestation(ctx, store, Actor{Name: "system"}, id, ReasonDomainWithdrawn); err != nil {
				return ended, fmt.Errorf("ending %s: %w", id, err)
			}
			ended++
		}
		if ended >= limit {
			return ended, nil
		}
		if _, err := s.Storage.Write(ctx, store.ID, func(ctx context.Context, tx Tx) (any, error) { return nil, tx.DeleteWithdrawal(ctx, *w) }); err != nil {
			return ended, fmt.Errorf("closing a withdrawal: %w", err)
		}
	}
	return ended, nil
}

// nextWithdrawal returns what is to be done next, or nil.
func (s *Service) nextWithdrawal(ctx context.Context, store StoreRef, limit int) (w *Withdrawal, ids []string, err error) {
	shop, err := s.shop(ctx, store)
	if err != nil {
		return nil, nil, err
	}
	err = s.Storage.Read(ctx, store.ID, func(ctx context.Context, tx Tx) error {
		waiting, err := tx.Withdrawals(ctx, 1)
		if err != nil || len(waiting) == 0 {
			return err
		}
		w = &waiting[0]
		if shop.judging(shop.packs).accepts(MailDomain{Requirement: w.Requirement, Domain: w.Domain}) {
			return nil
		}
		ids, err = tx.ActiveIn(ctx, w.Requirement, w.Domain, w.At, limit)
		return err
	})
	return w, ids, err
}
