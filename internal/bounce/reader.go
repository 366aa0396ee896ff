package bounce

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Source is who reports.
type Source string

// The sources that are understood.
const (
	// Standard is our own form, signed as Standard Webhooks say: for any provider, by a small translation.
	Standard Source = "standard"
	Postmark Source = "postmark"
	Mailgun  Source = "mailgun"
	SendGrid Source = "sendgrid"
)

// Secrets are what the sources prove themselves by. A source without a secret is refused.
type Secrets struct {
	// Standard is a Standard Webhooks secret (whsec_…).
	Standard string
	// Postmark is the password of the webhook's basic authentication.
	Postmark string
	// Mailgun is the account's webhook signing key.
	Mailgun string
	// SendGrid is the verification key of the signed event webhook: a public key, in base64.
	SendGrid string
}

// Report is one mail that did not arrive, or was not welcome.
type Report struct {
	// MessageID is the mail's own, without angle brackets; empty where the source does not know it.
	MessageID string
	// Address is the recipient; empty where the source names the mail alone.
	Address string
	// Complaint says that the recipient does not want it. Otherwise the mailbox takes no mail.
	Complaint bool
}

// The refusals of reports.
var (
	errUnknown = fault.New(fault.NotFound, "The gateway takes no reports of this source. The operator configures its secret.")
	errProof   = fault.New(fault.Unauthenticated, "The report does not prove that it is of its source. Check the secret on both sides.")
)

const (
	// fresh is how old a signed report may be; providers repeat theirs for hours, and sign them once.
	fresh = 24 * time.Hour
	// skew is how far the source's clock may be ahead.
	skew = 5 * time.Minute
	// maxReports bounds one call.
	maxReports = 1000
)

// Reader reads the reports of sources.
type Reader struct {
	Secrets Secrets
	Now     func() time.Time
}

// Read returns what a source reports in a body that came with a header. Faults: not_found for a source that is not
// configured, unauthenticated, invalid.
func (r Reader) Read(source Source, header http.Header, body []byte) ([]Report, error) {
	var reports []Report
	var err error
	switch {
	case source == Standard && r.Secrets.Standard != "":
		reports, err = r.standard(header, body)
	case source == Postmark && r.Secrets.Postmark != "":
		reports, err = r.postmark(header, body)
	case source == Mailgun && r.Secrets.Mailgun != "":
		reports, err = r.mailgun(body)
	case source == SendGrid && r.Secrets.SendGrid != "":
		reports, err = r.sendgrid(header, body)
	default:
		return nil, errUnknown
	}
	if err != nil {
		return nil, err
	}
	if len(reports) > maxReports {
		return nil, unreadable(fmt.Errorf("more than %d reports", maxReports))
	}
	for i := range reports {
		reports[i].MessageID = strings.Trim(strings.TrimSpace(reports[i].MessageID), "<>")
		if reports[i].MessageID == "" && reports[i].Address == "" {
			return nil, unreadable(errors.New("a report names neither mail nor address"))
		}
	}
	return reports, nil
}

// standard reads our own form: {"reports":[{"type":"bounce","permanent":true,"message_id":"…","address":"…"}]}.
func (r Reader) standard(header http.Header, body []byte) ([]Report, error) {
	hook, err := standardwebhooks.NewWebhook(r.Secrets.Standard)
	if err != nil {
		return nil, fmt.Errorf("read the secret of reports about mails: %w", err)
	}
	// The library has a clock of its own: the time is checked by ours.
	if err := hook.VerifyIgnoringTimestamp(body, header); err != nil {
		return nil, errProof.Wrap(err)
	}
	if err := r.recent(header.Get(standardwebhooks.HeaderWebhookTimestamp)); err != nil {
		return nil, err
	}
	var in struct {
		Reports []struct {
			Type      string `json:"type"`
			Permanent bool   `json:"permanent"`
			MessageID string `json:"message_id"`
			Address   string `json:"address"`
		} `json:"reports"`
	}
	if err := decode(body, &in, true); err != nil {
		return nil, err
	}
	var out []Report
	for _, one := range in.Reports {
		switch {
		case one.Type == "complaint":
			out = append(out, Report{one.MessageID, one.Address, true})
		case one.Type == "bounce" && one.Permanent:
			out = append(out, Report{one.MessageID, one.Address, false})
		case one.Type != "bounce":
			return nil, unreadable(errors.New("a report of an unknown type"))
		}
	}
	return out, nil
}

// recent refuses what was signed long ago, or in the future. at is in seconds since 1970.
func (r Reader) recent(at string) error {
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return errProof.Wrap(err)
	}
	if age := r.Now().Sub(time.Unix(seconds, 0)); age > fresh || age < -skew {
		return errProof.Wrap(errors.New("the report was not signed in time"))
	}
	return nil
}

// same compares secrets.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// decode reads one JSON value. Forms of providers grow new members at any time; our own has none but those that are known.
func decode(body []byte, into any, strictly bool) error {
	d := json.NewDecoder(bytes.NewReader(body))
	if strictly {
		d.DisallowUnknownFields()
	}
	if err := d.Decode(into); err != nil {
		return unreadable(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return unreadable(errors.New("something follows the report"))
	}
	return nil
}

// unreadable says nothing of what is in the body.
func unreadable(err error) error {
	return fault.New(fault.Invalid, "The report is not in the form of its source.").At("#/", "not understood").Wrap(err)
}
