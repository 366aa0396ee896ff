package config

import (
	"crypto/x509"
	"encoding/base64"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/laurel-gateway/laurel/internal/blob"
)

// check holds the settings against each other and against what tags cannot say. An invalid value was noted before
// and left empty, which is why empty is no problem where a default exists.
func (c *Config) check() []Problem {
	var problems []Problem
	add := func(key, detail string) {
		if detail != "" {
			problems = append(problems, Problem{Key: key, Detail: detail})
		}
	}
	add("listen", checkAddress(c.Listen))
	add("public_url", checkPublicURL(c.PublicURL))
	if c.DataDir == "" {
		add("data_dir", "must name a directory")
	}
	if c.Database.URL.IsSet() {
		add("database.url", checkServer(c.Database.URL, "postgres://user:password@host/name", "postgres", "postgresql"))
	}
	if c.Redis.URL.IsSet() {
		add("redis.url", checkServer(c.Redis.URL, "redis://host:6379/0", "redis", "rediss"))
	}
	c.SMTP.check(add)
	c.Documents.check(add)
	c.SMTP.Reports.check(add)
	if c.Metrics.Listen != "" {
		add("metrics.listen", checkAddress(c.Metrics.Listen))
		if c.Metrics.Listen == c.Listen {
			add("metrics.listen", "must differ from listen; leave it empty to serve /metrics there")
		}
	}
	if c.HTTP.ReadTimeout < c.HTTP.HeaderTimeout {
		add("http.read_timeout", "must not be shorter than http.header_timeout, which it includes")
	}
	return problems
}

func (s SMTP) check(add func(key, detail string)) {
	if s.Host == "" {
		for key, set := range map[string]bool{"smtp.username": s.Username != "", "smtp.password": s.Password.IsSet(), "smtp.from": s.From != ""} {
			if set {
				add(key, "is set without smtp.host; set the host or remove it")
			}
		}
		return
	}
	if _, err := mail.ParseAddress(s.From); err != nil {
		add("smtp.from", "must be the sender's address, as shop@example.com or \"Shop <shop@example.com>\"")
	}
	if (s.Username != "") != s.Password.IsSet() {
		add("smtp.password", "username and password must be set together")
	}
	if s.TLS == "none" && !isLoopback(s.Host) {
		add("smtp.tls", "none would send codes and the password in the clear; use starttls or implicit")
	}
}

func (r MailReports) check(add func(key, detail string)) {
	if r.Secret.IsSet() {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(r.Secret.Reveal(), "whsec_"))
		if err != nil || len(key) < 24 || len(key) > 64 {
			add("smtp.reports.secret", "must be whsec_ and base64 of 24 to 64 bytes")
		}
	}
	if p := r.PostmarkPassword; p.IsSet() && len(p.Reveal()) < 16 {
		add("smtp.reports.postmark_password", "must have at least 16 characters")
	}
	if r.SendGridKey != "" {
		der, err := base64.StdEncoding.DecodeString(r.SendGridKey)
		if err == nil {
			_, err = x509.ParsePKIXPublicKey(der)
		}
		if err != nil {
			add("smtp.reports.sendgrid_key", "must be the verification key that SendGrid shows")
		}
	}
}

func checkAddress(address string) string {
	_, port, err := net.SplitHostPort(address)
	if number, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || number > 65535 {
		return "must be an address such as 127.0.0.1:8080 or :8080"
	}
	return ""
}

func checkPublicURL(text string) string {
	address, err := url.Parse(text)
	switch {
	case err != nil || address.Host == "" || (address.Scheme != "http" && address.Scheme != "https"):
		return "must be an address such as https://offers.example.com"
	case address.RawQuery != "" || address.Fragment != "" || address.User != nil || strings.HasSuffix(text, "/"):
		return "must not have a trailing slash, a query, a fragment or a user"
	case address.Scheme == "http" && !isLoopback(address.Hostname()):
		return "must begin with https:// unless the host is this machine"
	}
	return ""
}

// checkServer never repeats the address, which holds a password.
func checkServer(address Secret, example string, schemes ...string) string {
	parsed, err := url.Parse(address.Reveal())
	if err == nil && parsed.Host != "" {
		for _, scheme := range schemes {
			if parsed.Scheme == scheme {
				return ""
			}
		}
	}
	return "must be an address such as " + example
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || (err == nil && address.IsLoopback())
}

func (d Documents) check(add func(key, detail string)) {
	if d.URL != "" {
		add("documents.url", blob.Target{URL: d.URL}.Check())
	}
	switch {
	case (d.AccessKey != "") != d.SecretKey.IsSet():
		add("documents.secret_key", "access key and secret key must be set together")
	case d.AccessKey != "" && !strings.HasPrefix(d.URL, "s3:"):
		add("documents.access_key", "is set without a bucket; set documents.url to one or remove it")
	}
}
