package bounce

import (
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// postmark reads a bounce or spam complaint webhook of Postmark. It proves itself by basic authentication: any user name,
// and the secret.
func (r Reader) postmark(header http.Header, body []byte) ([]Report, error) {
	_, password, ok := (&http.Request{Header: header}).BasicAuth()
	if !ok || !same(password, r.Secrets.Postmark) {
		return nil, errProof
	}
	var in struct {
		RecordType string `json:"RecordType"`
		Type       string `json:"Type"`
		Email      string `json:"Email"`
	}
	if err := decode(body, &in, false); err != nil {
		return nil, err
	}
	// MessageID is Postmark's own, not that of the mail.
	switch {
	case in.RecordType == "":
		return nil, unreadable(errors.New("no record type"))
	case in.RecordType == "SpamComplaint", in.RecordType == "Bounce" && (in.Type == "SpamComplaint" || in.Type == "SpamNotification"):
		return []Report{{Address: in.Email, Complaint: true}}, nil
	case in.RecordType == "Bounce" && (in.Type == "HardBounce" || in.Type == "BadEmailAddress"):
		return []Report{{Address: in.Email}}, nil
	}
	return nil, nil
}

// mailgun reads an event webhook of Mailgun: HMAC-SHA256 of timestamp and token under the account's key.
func (r Reader) mailgun(body []byte) ([]Report, error) {
	var in struct {
		Signature struct {
			Timestamp string `json:"timestamp"`
			Token     string `json:"token"`
			Signature string `json:"signature"`
		} `json:"signature"`
		Event struct {
			Event     string `json:"event"`
			Severity  string `json:"severity"`
			Reason    string `json:"reason"`
			Recipient string `json:"recipient"`
			Message   struct {
				Headers struct {
					MessageID string `json:"message-id"`
				} `json:"headers"`
			} `json:"message"`
		} `json:"event-data"`
	}
	if err := decode(body, &in, false); err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, []byte(r.Secrets.Mailgun))
	// Writing to a hash never fails (package hash).
	_, _ = mac.Write([]byte(in.Signature.Timestamp + in.Signature.Token))
	given, err := hex.DecodeString(in.Signature.Signature)
	if err != nil || !hmac.Equal(given, mac.Sum(nil)) {
		return nil, errProof
	}
	if err := r.recent(in.Signature.Timestamp); err != nil {
		return nil, err
	}
	e := in.Event
	report := Report{MessageID: e.Message.Headers.MessageID, Address: e.Recipient}
	permanent := e.Event == "failed" && e.Severity == "permanent"
	switch {
	case e.Event == "":
		return nil, unreadable(errors.New("no event"))
	case e.Event == "complained", permanent && e.Reason == "suppress-complaint":
		report.Complaint = true
		return []Report{report}, nil
	case permanent && (e.Reason == "bounce" || e.Reason == "suppress-bounce"):
		return []Report{report}, nil
	}
	return nil, nil
}

// sendgrid reads a signed event webhook of SendGrid: ECDSA over timestamp and body.
func (r Reader) sendgrid(header http.Header, body []byte) ([]Report, error) {
	der, err := base64.StdEncoding.DecodeString(r.Secrets.SendGrid)
	if err != nil {
		return nil, fmt.Errorf("read the key of SendGrid's reports: %w", err)
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, fmt.Errorf("read the key of SendGrid's reports: %w", err)
	}
	key, ok := parsed.(*ecdsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("the key of SendGrid's reports is a %T", parsed)
	}
	at := header.Get("X-Twilio-Email-Event-Webhook-Timestamp")
	signature, err := base64.StdEncoding.DecodeString(header.Get("X-Twilio-Email-Event-Webhook-Signature"))
	sum := sha256.Sum256(append([]byte(at), body...))
	if err != nil || !ecdsa.VerifyASN1(key, sum[:], signature) {
		return nil, errProof
	}
	if err := r.recent(at); err != nil {
		return nil, err
	}
	var events []struct {
		Email  string `json:"email"`
		Event  string `json:"event"`
		Type   string `json:"type"`
		Reason string `json:"reason"`
		SMTPID string `json:"smtp-id"`
	}
	if err := decode(body, &events, false); err != nil {
		return nil, err
	}
	var out []Report
	for _, e := range events {
		switch {
		case e.Event == "":
			return nil, unreadable(errors.New("no event"))
		case e.Event == "spamreport", e.Event == "dropped" && strings.Contains(e.Reason, "Spam Report"):
			out = append(out, Report{MessageID: e.SMTPID, Address: e.Email, Complaint: true})
		// A block is temporary: the server refused the sender, the content or the moment.
		case e.Event == "bounce" && e.Type != "blocked", e.Event == "dropped" && strings.Contains(e.Reason, "Bounced Address"):
			out = append(out, Report{MessageID: e.SMTPID, Address: e.Email})
		}
	}
	return out, nil
}
