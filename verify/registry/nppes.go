package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/circuit"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/verify"
)

// DefaultEndpoint is the public address of the NPPES API.
const DefaultEndpoint = "https://npiregistry.cms.hhs.gov/api/"

const (
	// patience bounds all requests of one question.
	patience = 8 * time.Second
	// maxAnswer bounds one page of the API, in bytes.
	maxAnswer = 1 << 20
	// pageSize and maxSkip are those of version 2.1 of the API.
	pageSize = 200
	maxSkip  = 1000
)

// errAway is what the shopper reads when the register cannot be asked.
var errAway = fault.New(fault.ProviderUnavailable, "The register does not answer right now. Try again in a moment.").After(5 * time.Second)

// nppesAPI asks the public register over its API, version 2.1. Only the number is sent.
type nppesAPI struct {
	endpoint string
	client   *http.Client
	guard    *circuit.Guard
}

func newNPPES(endpoint string, client *http.Client, now func() time.Time) *nppesAPI {
	return &nppesAPI{endpoint: endpoint, client: client, guard: circuit.NewGuard(now, patience, nil)}
}

// RegisterRecord implements verify.Registers. Faults: provider_unavailable.
func (a *nppesAPI) RegisterRecord(ctx context.Context, _, number string) (r verify.RegisterRecord, found bool, err error) {
	var why error
	ok, err := a.guard.Do(circuit.WithoutAllowance(ctx), "nppes", func(ctx context.Context) error {
		r, found, why = a.find(ctx, number)
		return why
	})
	switch {
	case err != nil:
		return r, false, fmt.Errorf("asking the register: %w", err)
	case !ok && why == nil:
		return r, false, errAway.Wrap(circuit.ErrOpen)
	case !ok:
		return r, false, errAway.Wrap(why)
	}
	return r, found, nil
}

// find reads pages until one has the number.
func (a *nppesAPI) find(ctx context.Context, number string) (verify.RegisterRecord, bool, error) {
	for skip := 0; skip <= maxSkip; skip += pageSize {
		page, err := a.page(ctx, number, skip)
		if err != nil {
			return verify.RegisterRecord{}, false, err
		}
		for _, p := range page {
			if p.number() == number {
				return p.record(number), true, nil
			}
		}
		if len(page) < pageSize {
			return verify.RegisterRecord{}, false, nil
		}
	}
	return verify.RegisterRecord{}, false, nil
}

func (a *nppesAPI) page(ctx context.Context, number string, skip int) (_ []provider, err error) {
	query := url.Values{"version": {"2.1"}, "number": {number}, "limit": {strconv.Itoa(pageSize)}}
	if skip > 0 {
		query.Set("skip", strconv.Itoa(skip))
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.endpoint+"?"+query.Encode(), nil)
	if err != nil {
		return nil, fmt.Errorf("asking the register: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	res, err := a.client.Do(req)
	if err != nil {
		return nil, withoutURL(err)
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the register answers with status %d", res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("reading the register's answer: %w", withoutURL(err))
	}
	if len(body) > maxAnswer {
		return nil, errors.New("the register's answer is too large")
	}
	return readPage(body)
}

// withoutURL drops the address from an error of a request: it holds the number.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return fmt.Errorf("asking the register: %w", u.Err)
	}
	return err
}

// readPage decodes an answer. The API answers a question that it does not understand with status 200 and "Errors".
func readPage(body []byte) ([]provider, error) {
	var answer struct {
		Count   *int       `json:"result_count"`
		Results []provider `json:"results"`
		Errors  []struct {
			Field string `json:"field"`
		} `json:"Errors"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, errors.New("the register's answer is not readable")
	}
	if len(answer.Errors) > 0 {
		return nil, fmt.Errorf("the register refuses the question: field %q", answer.Errors[0].Field)
	}
	if answer.Count == nil {
		return nil, errors.New("the register's answer has no results and no errors")
	}
	return answer.Results, nil
}

// provider is a result of the API, as far as it is looked at.
type provider struct {
	Type string `json:"enumeration_type"`
	// Number is a text in version 2.1, and was a number before.
	Number json.RawMessage `json:"number"`
	Basic  struct {
		First   string `json:"first_name"`
		Middle  string `json:"middle_name"`
		Last    string `json:"last_name"`
		Status  string `json:"status"`
		Updated string `json:"last_updated"`
	} `json:"basic"`
	OtherNames []struct {
		First  string `json:"first_name"`
		Middle string `json:"middle_name"`
		Last   string `json:"last_name"`
	} `json:"other_names"`
	Taxonomies []struct {
		Code    string `json:"code"`
		State   string `json:"state"`
		Primary bool   `json:"primary"`
	} `json:"taxonomies"`
	Addresses         []address `json:"addresses"`
	PracticeLocations []address `json:"practiceLocations"`
}

type address struct {
	State string `json:"state"`
}

func (p provider) number() string { return strings.Trim(string(p.Number), `"`) }

// record keeps what is compared. An organisation (NPI-2) is no person: it is not active.
func (p provider) record(number string) verify.RegisterRecord {
	r := verify.RegisterRecord{
		Number: number, Active: p.Basic.Status == "A" && p.Type == "NPI-1", AsOf: p.Basic.Updated,
		Names: []verify.PersonName{{First: p.Basic.First, Middle: p.Basic.Middle, Last: p.Basic.Last}},
	}
	for _, n := range p.OtherNames {
		r.Names = append(r.Names, OtherName(verify.PersonName{First: n.First, Middle: n.Middle, Last: n.Last}, r.Names[0]))
	}
	for _, t := range p.Taxonomies {
		if t.Primary {
			r.Taxonomies = slices.Insert(r.Taxonomies, 0, t.Code)
		} else {
			r.Taxonomies = append(r.Taxonomies, t.Code)
		}
		r.States = append(r.States, strings.ToUpper(t.State))
	}
	for _, a := range slices.Concat(p.Addresses, p.PracticeLocations) {
		r.States = append(r.States, strings.ToUpper(a.State))
	}
	return r
}

// OtherName fills what a former name does not say: often it is the last name only.
func OtherName(n, present verify.PersonName) verify.PersonName {
	if n.First == "" {
		n.First = present.First
	}
	if n.Last == "" {
		n.Last = present.Last
	}
	return n
}
