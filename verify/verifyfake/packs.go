package verifyfake

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/verify"
)

// packVersions are the versions of a pack, oldest first.
type packVersions []packVersion

type packVersion struct {
	verify.PackVersion
	content []byte
}

// library is the gateway's packs.
type library struct {
	packs    map[string]packVersions
	revision int64
}

func (l library) clone() library { return library{maps.Clone(l.packs), l.revision} }

type notedDomain struct {
	verify.MailDomain
	at time.Time
}

type domainKey struct {
	requirement verify.Requirement
	domain      string
}

func (p packVersions) at(version int) (packVersion, bool) {
	i := slices.IndexFunc(p, func(v packVersion) bool { return v.Version == version })
	if i < 0 {
		return packVersion{}, false
	}
	return p[i], true
}

func (p packVersions) newest() int {
	if len(p) == 0 {
		return 0
	}
	return p[len(p)-1].Version
}

func (p packVersions) with(v verify.PackVersion, content []byte) (packVersions, error) {
	if p.newest() != v.Version-1 {
		return nil, errChanged
	}
	return append(slices.Clip(p), packVersion{v, content}), nil
}

func (p packVersions) page(before, limit int) []verify.PackVersion {
	var out []verify.PackVersion
	for _, v := range slices.Backward(p) {
		if (before == 0 || v.Version < before) && len(out) < limit {
			out = append(out, v.PackVersion)
		}
	}
	return out
}

func packsOf(store string, all map[string]packVersions, pins map[verify.PackRef]int) []verify.Pack {
	var out []verify.Pack
	for _, name := range slices.Sorted(maps.Keys(all)) {
		ref := verify.PackRef{Store: store, Name: name}
		newest, _ := all[name].at(all[name].newest())
		p := verify.Pack{PackRef: ref, Newest: newest.PackVersion, InForce: newest.PackVersion}
		if pinned, ok := all[name].at(pins[ref]); ok {
			p.InForce, p.Pinned = pinned.PackVersion, true
		}
		out = append(out, p)
	}
	return out
}

func (t *tx) Packs(context.Context) ([]verify.Pack, error) {
	return slices.Concat(packsOf(t.store, t.packs, t.pins), packsOf("", t.library.packs, t.pins)), nil
}

func (t *tx) packVersionsOf(ref verify.PackRef) packVersions {
	if ref.Gateway() {
		return t.library.packs[ref.Name]
	}
	return t.packs[ref.Name]
}

func (t *tx) PackVersions(_ context.Context, ref verify.PackRef, before, limit int) ([]verify.PackVersion, error) {
	return t.packVersionsOf(ref).page(before, limit), nil
}

func (t *tx) PackVersion(_ context.Context, ref verify.PackRef, version int) (verify.PackVersion, []byte, error) {
	v, ok := t.packVersionsOf(ref).at(version)
	if !ok {
		return v.PackVersion, nil, missing("version of the data pack")
	}
	return v.PackVersion, v.content, nil
}

func (t *tx) PutPack(_ context.Context, name string, v verify.PackVersion, content []byte) (err error) {
	t.revision++
	t.packs[name], err = t.packs[name].with(v, content)
	return err
}

func (t *tx) DeletePack(_ context.Context, name string) error {
	t.revision++
	delete(t.pins, verify.PackRef{Store: t.store, Name: name})
	return remove(t.packs, name, "data pack")
}

func (t *tx) PinPack(_ context.Context, ref verify.PackRef, version int) error {
	t.revision++
	if version == 0 {
		delete(t.pins, ref)
		return nil
	}
	t.pins[ref] = version
	return nil
}

func (t *tx) PutMailDomains(_ context.Context, attestation string, domains []verify.MailDomain) error {
	noted := make([]notedDomain, len(domains))
	for i, d := range domains {
		noted[i] = notedDomain{d, t.now}
	}
	t.mailDomains[attestation] = noted
	return nil
}

func (t *tx) MoveMailDomains(_ context.Context, from, to string) error {
	t.mailDomains[to] = t.mailDomains[from]
	delete(t.mailDomains, from)
	return nil
}

// active yields the mail domains of active attestations.
func (t *tx) active(yield func(attestation string, d notedDomain) bool) {
	for _, id := range slices.Sorted(maps.Keys(t.mailDomains)) {
		if !t.attestations[id].Active(t.now) {
			continue
		}
		for _, d := range t.mailDomains[id] {
			if !yield(id, d) {
				return
			}
		}
	}
}

func compareDomains(a, b verify.MailDomain) int {
	return cmp.Or(cmp.Compare(a.Requirement, b.Requirement), strings.Compare(a.Domain, b.Domain))
}

func (t *tx) MailDomains(_ context.Context, after verify.MailDomain, limit int) ([]verify.MailDomain, error) {
	counts := map[domainKey]int{}
	for _, d := range t.active {
		if compareDomains(d.MailDomain, after) > 0 {
			counts[domainKey{d.Requirement, d.Domain}]++
		}
	}
	var out []verify.MailDomain
	for k, n := range counts {
		out = append(out, verify.MailDomain{Requirement: k.requirement, Domain: k.domain, Attestations: n})
	}
	slices.SortFunc(out, compareDomains)
	return out[:min(len(out), limit)], nil
}

func (t *tx) ActiveIn(_ context.Context, r verify.Requirement, domain string, before time.Time, limit int) ([]string, error) {
	var out []string
	for id, d := range t.active {
		if d.Requirement == r && d.Domain == domain && !d.at.After(before) && len(out) < limit {
			out = append(out, id)
		}
	}
	return out, nil
}

func (t *tx) PutWithdrawals(_ context.Context, all []verify.Withdrawal) error {
	for _, w := range all {
		key := domainKey{w.Requirement, w.Domain}
		if _, known := t.withdrawals[key]; !known {
			t.withdrawals[key] = w
		}
	}
	return nil
}

func (t *tx) Withdrawals(_ context.Context, limit int) ([]verify.Withdrawal, error) {
	all := sorted(t.withdrawals, func(w verify.Withdrawal) string { return string(w.Requirement) + "\n" + w.Domain })
	return all[:min(len(all), limit)], nil
}

func (t *tx) DeleteWithdrawal(_ context.Context, w verify.Withdrawal) error {
	delete(t.withdrawals, domainKey{w.Requirement, w.Domain})
	return nil
}

// WriteLibrary implements verify.Library.
func (s *Storage) WriteLibrary(ctx context.Context, fn func(context.Context, verify.LibraryTx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &libraryTx{s: s, library: s.library.clone(), stores: map[string]*tx{}}
	if err := fn(ctx, t); err != nil {
		return err
	}
	for store, in := range t.stores {
		s.rows[store] = in.rows
	}
	s.library = t.library
	return nil
}

type libraryTx struct {
	s       *Storage
	library library
	stores  map[string]*tx
}

func (t *libraryTx) Now() time.Time { return t.s.time() }

func (t *libraryTx) Packs(context.Context) ([]verify.Pack, error) {
	return packsOf("", t.library.packs, nil), nil
}

func (t *libraryTx) PackVersions(_ context.Context, name string, before, limit int) ([]verify.PackVersion, error) {
	return t.library.packs[name].page(before, limit), nil
}

func (t *libraryTx) PackVersion(_ context.Context, name string, version int) (verify.PackVersion, []byte, error) {
	v, ok := t.library.packs[name].at(version)
	if !ok {
		return v.PackVersion, nil, missing("version of the data pack")
	}
	return v.PackVersion, v.content, nil
}

func (t *libraryTx) PutPack(_ context.Context, name string, v verify.PackVersion, content []byte) (err error) {
	t.library.revision++
	t.library.packs[name], err = t.library.packs[name].with(v, content)
	return err
}

func (t *libraryTx) DeletePack(_ context.Context, name string) error {
	t.library.revision++
	return remove(t.library.packs, name, "data pack")
}

func (*libraryTx) Audit(context.Context, verify.Change) error { return nil }

func (t *libraryTx) Store(_ context.Context, store string) (verify.Tx, error) {
	if in, ok := t.stores[store]; ok {
		return in, nil
	}
	r, ok := t.s.rows[store]
	if !ok {
		return nil, missing("store")
	}
	t.stores[store] = &tx{rows: r.clone(), store: store, now: t.s.time(), library: t.library}
	return t.stores[store], nil
}
