package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaultsAreValid(t *testing.T) {
	config, err := Load(Source{})
	if err != nil {
		t.Fatal(err)
	}
	if config.Listen != "127.0.0.1:8080" || config.HTTP.BodyLimit != 1<<20 || config.Database.LockTimeout != 500*time.Millisecond || !config.Metrics.Enabled {
		t.Errorf("defaults: %s", config)
	}
}

func TestTheEnvironmentWinsOverTheFileAndFlagsOverBoth(t *testing.T) {
	file := write(t, "laurel.yaml", `
listen: ":1000"
data_dir: from-file
database: {url: "postgres://file@db/laurel", max_open: 7}
http:
  trusted_proxies: [10.0.0.0/8, 192.0.2.7]
metrics: {enabled: false}
`)
	config, err := Load(Source{
		Environ: []string{
			"LAUREL_CONFIG=" + file, "LAUREL_DATABASE_URL=postgres://env@db/laurel", "LAUREL_REDIS_URL=redis://cache:6379/0",
			"LAUREL_LISTEN=:2000", "LAUREL_TEST_POSTGRES=ignored", "OTHER=ignored", "LAUREL_COMMIT_MAX_BYTES=2MiB",
		},
		Overrides: map[string]string{"listen": ":3000"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, pair := range map[string][2]any{
		"flag":        {config.Listen, ":3000"},
		"file":        {config.DataDir, "from-file"},
		"file number": {config.Database.MaxOpen, 7},
		"file bool":   {config.Metrics.Enabled, false},
		"environment": {config.Database.URL.Reveal(), "postgres://env@db/laurel"},
		"redis":       {config.Redis.URL.Reveal(), "redis://cache:6379/0"},
		"size":        {config.Commit.MaxBytes, Size(2 << 20)},
		"list":        {fmt.Sprint(config.HTTP.TrustedProxies), fmt.Sprint([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32")})},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %v, want %v", name, pair[0], pair[1])
		}
	}
}

func TestEveryProblemIsListedAtOnce(t *testing.T) {
	file := write(t, "laurel.yaml", `
listenn: ":1000"
public_url: http://shop.example.com
log: {level: loud, tint: red}
http: {body_limit: 1PB, read_timeout: 1s}
database: [1]
`)
	_, err := Load(Source{File: file, Environ: []string{
		"LAUREL_DATABASE_MAXOPEN=3", "LAUREL_COMMIT_MAX_BATCH=0", "LAUREL_SMTP_HOST=mail", "LAUREL_REDIS_URL=http://user:hunter2@x",
		"LAUREL_SMTP_PORT=many", "LAUREL_METRICS_ENABLED=perhaps", "LAUREL_HTTP_TRUSTED_PROXIES=10.0.0.0/8,everyone",
	}})
	var all *Error
	if !errors.As(err, &all) {
		t.Fatalf("error: %v", err)
	}
	want := map[string]string{
		"listenn":                     "did you mean listen?",
		"public_url":                  "https://",
		"log.level":                   "debug, info, warn, error",
		"log.tint":                    "not a setting",
		"http.body_limit":             "1MiB",
		"http.read_timeout":           "header_timeout",
		"database":                    "is a section",
		"LAUREL_DATABASE_MAXOPEN":     "did you mean LAUREL_DATABASE_MAX_OPEN?",
		"LAUREL_COMMIT_MAX_BATCH":     "at least 1",
		"LAUREL_REDIS_URL":            "redis://host",
		"LAUREL_SMTP_PORT":            "whole number",
		"LAUREL_METRICS_ENABLED":      "true or false",
		"LAUREL_HTTP_TRUSTED_PROXIES": `"everyone"`,
		"smtp.from":                   "sender",
	}
	got := map[string]string{}
	for _, problem := range all.Problems {
		got[problem.Key] = problem.Detail
	}
	for key, part := range want {
		if !strings.Contains(got[key], part) {
			t.Errorf("%s: %q, want %q in it", key, got[key], part)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d problems, want %d:\n%v", len(got), len(want), err)
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Error("a password is in the error")
	}
}

func TestCrossChecks(t *testing.T) {
	for name, test := range map[string]struct {
		environ []string
		key     string
	}{
		"address without port":     {[]string{"LAUREL_LISTEN=localhost"}, "LAUREL_LISTEN"},
		"port too large":           {[]string{"LAUREL_LISTEN=:65536"}, "LAUREL_LISTEN"},
		"trailing slash":           {[]string{"LAUREL_PUBLIC_URL=https://a.example/"}, "LAUREL_PUBLIC_URL"},
		"not an address":           {[]string{"LAUREL_PUBLIC_URL=shop"}, "LAUREL_PUBLIC_URL"},
		"no data directory":        {[]string{"LAUREL_DATA_DIR="}, "LAUREL_DATA_DIR"},
		"other database":           {[]string{"LAUREL_DATABASE_URL=mysql://a/b"}, "LAUREL_DATABASE_URL"},
		"password in the clear":    {[]string{"LAUREL_SMTP_HOST=mail.example", "LAUREL_SMTP_FROM=a@b.example", "LAUREL_SMTP_USERNAME=u", "LAUREL_SMTP_PASSWORD=p", "LAUREL_SMTP_TLS=none"}, "LAUREL_SMTP_TLS"},
		"clear text elsewhere":     {[]string{"LAUREL_SMTP_HOST=mail.example", "LAUREL_SMTP_FROM=a@b.example", "LAUREL_SMTP_TLS=none"}, "LAUREL_SMTP_TLS"},
		"short report secret":      {[]string{"LAUREL_SMTP_REPORTS_SECRET=whsec_AAAA"}, "LAUREL_SMTP_REPORTS_SECRET"},
		"short report password":    {[]string{"LAUREL_SMTP_REPORTS_POSTMARK_PASSWORD=short"}, "LAUREL_SMTP_REPORTS_POSTMARK_PASSWORD"},
		"no report key":            {[]string{"LAUREL_SMTP_REPORTS_SENDGRID_KEY=AAAA"}, "LAUREL_SMTP_REPORTS_SENDGRID_KEY"},
		"user without password":    {[]string{"LAUREL_SMTP_HOST=mail.example", "LAUREL_SMTP_FROM=a@b.example", "LAUREL_SMTP_USERNAME=u"}, "smtp.password"},
		"sender without host":      {[]string{"LAUREL_SMTP_FROM=a@b.example"}, "LAUREL_SMTP_FROM"},
		"metrics beside itself":    {[]string{"LAUREL_METRICS_LISTEN=127.0.0.1:8080"}, "LAUREL_METRICS_LISTEN"},
		"no such file":             {[]string{"LAUREL_CONFIG=/nonexistent/laurel.yaml"}, "/nonexistent/laurel.yaml"},
		"no such secret":           {[]string{"LAUREL_DATABASE_URL_FILE=/nonexistent/url"}, "LAUREL_DATABASE_URL_FILE"},
		"secret and its file":      {[]string{"LAUREL_REDIS_URL=redis://a", "LAUREL_REDIS_URL_FILE=/a"}, "LAUREL_REDIS_URL_FILE LAUREL_REDIS_URL"},
		"file of what's no secret": {[]string{"LAUREL_LISTEN_FILE=/a"}, "LAUREL_LISTEN_FILE"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(Source{Environ: test.environ})
			var all *Error
			if !errors.As(err, &all) {
				t.Fatalf("error: %v", err)
			}
			if !strings.Contains(test.key, all.Problems[0].Key) {
				t.Errorf("problems: %v, want %s first", all.Problems, test.key)
			}
		})
	}
}

func TestSecretsComeFromFilesAndAreNeverShown(t *testing.T) {
	const password = "hunter2-and-more"
	url := "postgres://laurel:" + password + "@db/laurel"
	config, err := Load(Source{
		File:    write(t, "laurel.yaml", "database: {url: postgres://file@db/x}\n"),
		Environ: []string{"LAUREL_DATABASE_URL_FILE=" + write(t, "url", url+"\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := config.Database.URL.Reveal(); got != url {
		t.Errorf("the secret is %q", got)
	}
	encoded, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("started", "url", config.Database.URL, "config", config)
	for name, text := range map[string]string{
		"String": config.String(), "%+v": fmt.Sprintf("%+v", config), "%#v": fmt.Sprintf("%#v", config.Database),
		"JSON": string(encoded), "log": log.String(),
	} {
		if strings.Contains(text, password) {
			t.Errorf("%s shows the password: %s", name, text)
		}
	}
	if !strings.Contains(config.String(), "database.url: [redacted]") {
		t.Errorf("String: %s", config)
	}
}

func TestABrokenFileIsNotRepeated(t *testing.T) {
	file := write(t, "laurel.yaml", "database: {url: \"hunter2\nlisten: [")
	_, err := Load(Source{File: file})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error: %v", err)
	}
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]Size{"0": 0, "512": 512, "1KiB": 1024, "1536B": 1536, "2 MiB": 2 << 20, "1GiB": 1 << 30} {
		if got, err := ParseSize(text); err != nil || got != want {
			t.Errorf("%q: %d, %v", text, got, err)
		}
		if again, err := ParseSize(want.String()); err != nil || again != want {
			t.Errorf("%s read back: %d, %v", want, again, err)
		}
	}
	for _, text := range []string{"", "MiB", "-1", "1.5MiB", "1MB", "9223372036854775807GiB"} {
		if got, err := ParseSize(text); err == nil {
			t.Errorf("%q: %d", text, got)
		}
	}
}

// The tags are code that the compiler does not see.
func TestEverySettingIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, setting := range new(Config).settings() {
		if name := variable(setting.key); seen[name] {
			t.Errorf("%s: two settings share %s", setting.key, name)
		} else {
			seen[name] = true
		}
		if setting.tag.Get("doc") == "" || strings.HasSuffix(setting.key, ".") || setting.key == "" {
			t.Errorf("%q: no key or no doc", setting.key)
		}
		if value, ok := setting.tag.Lookup("default"); ok {
			if err := setting.set(value); err != nil {
				t.Errorf("%s: its default %v", setting.key, err)
			}
		}
	}
}

func TestTheReferenceIsCurrent(t *testing.T) {
	page, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != Describe() {
		t.Error("docs/configuration.md is not what internal/config says; run make generate")
	}
}
