package webhook_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/laurel-gateway/laurel/internal/egress"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/webhook"
)

func TestCheckNamesEveryWrongPart(t *testing.T) {
	good := webhook.Endpoint{URL: "https://shop.example/hook", State: webhook.Enabled}
	cases := map[string]struct {
		change   func(*webhook.Endpoint)
		code     fault.Code
		pointers []string
	}{
		"all events":     {func(*webhook.Endpoint) {}, "", nil},
		"one event":      {func(e *webhook.Endpoint) { e.Events = []string{"redemption.created"} }, "", nil},
		"private":        {func(e *webhook.Endpoint) { e.URL = "https://10.0.0.1/" }, fault.WebhookTargetRefused, []string{"#/url"}},
		"plain http":     {func(e *webhook.Endpoint) { e.URL = "http://shop.example/" }, fault.WebhookTargetRefused, []string{"#/url"}},
		"long url":       {func(e *webhook.Endpoint) { e.URL += strings.Repeat("x", 2000) }, fault.Invalid, []string{"#/url"}},
		"unknown events": {func(e *webhook.Endpoint) { e.Events = []string{"a", "offer_token.issued", "offer_token.issued"} }, fault.Invalid, []string{"#/events/0", "#/events/2"}},
		"state and text": {func(e *webhook.Endpoint) { e.State, e.Description = "on", strings.Repeat("x", 501) }, fault.Invalid, []string{"#/description", "#/state"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			e := good
			c.change(&e)
			err := e.Check(egress.Options{})
			if c.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			f := fault.From(err)
			if f == nil || f.Code != c.code {
				t.Fatalf("got %v, want %s", err, c.code)
			}
			var got []string
			for _, field := range f.Fields {
				got = append(got, field.Pointer)
			}
			if !slices.Equal(got, c.pointers) {
				t.Errorf("pointers %v, want %v", got, c.pointers)
			}
		})
	}
}

func TestSecretsAreLongAndDiffer(t *testing.T) {
	a, b := webhook.NewSecret(), webhook.NewSecret()
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(a, "whsec_"))
	if err != nil || len(raw) != 32 || a == b || !strings.HasPrefix(a, "whsec_") {
		t.Errorf("%d bytes, %v", len(raw), err)
	}
}

func TestTheCatalogueIsSorted(t *testing.T) {
	if !slices.IsSorted(webhook.Catalogue()) {
		t.Error("not sorted")
	}
}
