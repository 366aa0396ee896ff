package shopify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/laurel-gateway/laurel/internal/circuit"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/minor"
)

// Endpoint is the address of a shop's Admin GraphQL API.
func Endpoint(shop, version string) string {
	return "https://" + shop + "/admin/api/" + version + "/graphql.json"
}

// The queries. codeDiscountNodeByCode needs the scope read_discounts, the mutations write_discounts.
const (
	queryShop   = `query shop { shop { currencyCode } }`
	queryByCode = `query codeDiscountNodeByCode($code: String!) { codeDiscountNodeByCode(code: $code) { id } }`
	createBasic = `mutation discountCodeBasicCreate($input: DiscountCodeBasicInput!) { created: discountCodeBasicCreate(basicCodeDiscount: $input) ` +
		`{ codeDiscountNode { id } userErrors { field code message } } }`
	createFreeShipping = `mutation discountCodeFreeShippingCreate($input: DiscountCodeFreeShippingInput!) { created: discountCodeFreeShippingCreate(freeShippingCodeDiscount: $input) ` +
		`{ codeDiscountNode { id } userErrors { field code message } } }`
)

// Faults of calls to a shop.
var (
	errAway    = fault.New(fault.Unavailable, "Shopify does not answer right now. Nothing was changed here; send the same request again.").After(2 * time.Second)
	errRefused = fault.New(fault.IntegrationRefused, "Shopify did not take the request. Check the app's access token and its scopes write_discounts, read_discounts and read_orders.")
)

const (
	// tries is how often a throttled call is made, the first included.
	tries = 4
	// firstPause doubles with every try; longestPause bounds what Retry-After may ask for.
	firstPause   = 250 * time.Millisecond
	longestPause = 2 * time.Second
	maxAnswer    = 1 << 20
)

// errThrottled says that the shop asks to be called less often.
var errThrottled = errors.New("throttled")

// userError is one of the errors that a mutation names (DiscountUserError).
type userError struct {
	Field []string `json:"field"`
	Code  string   `json:"code"`
}

// admin calls the Admin API of one shop.
type admin struct {
	service  *Service
	endpoint string
	token    string
	breaker  *circuit.Breaker
}

func (s *Service) admin(c Connection, secrets Secrets) admin {
	return admin{service: s, endpoint: s.Endpoint(c.Shop, c.Version), token: secrets.AccessToken, breaker: s.breaker(c.Shop)}
}

// currency is the shop's own.
func (a admin) currency(ctx context.Context) (string, error) {
	var data struct {
		Shop struct {
			CurrencyCode string `json:"currencyCode"`
		} `json:"shop"`
	}
	if err := a.call(ctx, queryShop, nil, &data); err != nil {
		return "", err
	}
	if _, err := minor.Digits(data.Shop.CurrencyCode); err != nil {
		return "", errRefused.Wrap(err)
	}
	return data.Shop.CurrencyCode, nil
}

// find returns the id of the discount that has a code, or "".
func (a admin) find(ctx context.Context, code string) (string, error) {
	var data struct {
		Node *struct {
			ID string `json:"id"`
		} `json:"codeDiscountNodeByCode"`
	}
	err := a.call(ctx, queryByCode, map[string]any{"code": code}, &data)
	if err != nil || data.Node == nil {
		return "", err
	}
	return data.Node.ID, nil
}

// create makes a discount and returns its id. taken says that the shop has the code already.
func (a admin) create(ctx context.Context, in discountInput) (node string, taken bool, err error) {
	mutation := createBasic
	if in.CustomerGets == nil {
		mutation = createFreeShipping
	}
	var data struct {
		Created struct {
			Node *struct {
				ID string `json:"id"`
			} `json:"codeDiscountNode"`
			UserErrors []userError `json:"userErrors"`
		} `json:"created"`
	}
	if err := a.call(ctx, mutation, map[string]any{"input": in}, &data); err != nil {
		return "", false, err
	}
	if errs := data.Created.UserErrors; len(errs) > 0 {
		e := errs[0]
		if e.Code == "TAKEN" {
			return "", true, nil
		}
		return "", false, errRefused.Wrap(fmt.Errorf("discount of the shop refused: %s at %v", e.Code, e.Field))
	}
	if data.Created.Node == nil {
		return "", false, errRefused.Wrap(errors.New("discount of the shop has no id"))
	}
	return data.Created.Node.ID, false, nil
}

// call asks the shop and decodes the data of its answer. A throttled call is repeated a few times. Faults: unavailable,
// integration_refused.
func (a admin) call(ctx context.Context, query string, variables map[string]any, into any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return fmt.Errorf("encode a question to the shop: %w", err)
	}
	wait := firstPause
	for i := 1; ; i++ {
		asked, err := a.once(ctx, body, into)
		if !errors.Is(err, errThrottled) {
			return err
		}
		if i == tries {
			return errAway.Wrap(err)
		}
		if err := a.service.Pause(ctx, min(max(wait, asked), longestPause)); err != nil {
			return errAway.Wrap(err)
		}
		wait *= 2
	}
}

// once makes one call, if the circuit is closed. A throttled one returns errThrottled and how long the shop asks to wait.
func (a admin) once(ctx context.Context, body []byte, into any) (time.Duration, error) {
	pass, ok := a.breaker.Allow()
	if !ok {
		return 0, errAway.Wrap(circuit.ErrOpen)
	}
	outcome := circuit.Failure
	defer func() { a.breaker.Done(pass, outcome) }()
	status, header, answer, err := a.post(ctx, body)
	switch {
	case err != nil && ctx.Err() != nil:
		outcome = circuit.Unknown
		return 0, errAway.Wrap(err)
	case err != nil:
		return 0, errAway.Wrap(err)
	case status >= http.StatusInternalServerError:
		return 0, errAway.Wrap(fmt.Errorf("the shop answers with status %d", status))
	}
	// Whatever it says: it is there.
	outcome = circuit.Success
	switch {
	case status == http.StatusTooManyRequests:
		seconds, err := strconv.ParseFloat(header.Get("Retry-After"), 64)
		if err != nil || seconds < 0 || seconds > longestPause.Seconds() {
			seconds = longestPause.Seconds()
		}
		return time.Duration(seconds * float64(time.Second)), errThrottled
	case status != http.StatusOK:
		return 0, errRefused.Wrap(fmt.Errorf("the shop answers with status %d", status))
	}
	return 0, decode(answer, into)
}

func decode(answer []byte, into any) error {
	var envelope struct {
		Data   json.RawMessage `json:"data"`
		Errors []struct {
			Extensions struct {
				Code string `json:"code"`
			} `json:"extensions"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(answer, &envelope); err != nil {
		return errAway.Wrap(fmt.Errorf("read the shop's answer: %w", err))
	}
	if len(envelope.Errors) > 0 {
		e := envelope.Errors[0]
		switch e.Extensions.Code {
		case "THROTTLED":
			return errThrottled
		case "INTERNAL_SERVER_ERROR":
			return errAway.Wrap(errors.New("the shop failed"))
		}
		return errRefused.Wrap(fmt.Errorf("the shop refused the question: %q", e.Extensions.Code))
	}
	if err := json.Unmarshal(envelope.Data, into); err != nil {
		return errAway.Wrap(fmt.Errorf("read the shop's answer: %w", err))
	}
	return nil
}

func (a admin) post(ctx context.Context, body []byte) (status int, header http.Header, answer []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.endpoint, bytes.NewReader(body))
	if err != nil {
		return 0, nil, nil, fmt.Errorf("ask the shop: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("X-Shopify-Access-Token", a.token)
	res, err := a.service.Client.Do(req)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("ask the shop: %w", err)
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	answer, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err == nil && len(answer) > maxAnswer {
		err = errors.New("the answer is too large")
	}
	if err != nil {
		return 0, nil, nil, fmt.Errorf("read the shop's answer: %w", err)
	}
	return res.StatusCode, res.Header, answer, nil
}
