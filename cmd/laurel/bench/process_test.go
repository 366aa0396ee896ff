package bench

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
)

func TestAProcessEndsWithItsLeash(t *testing.T) {
	p, err := start(t.Context(), t.TempDir(), launch{
		name:    "reader",
		command: func(string) []string { return []string{"/bin/sh", "-c", "read -r word; exit 0"} },
		ready:   func(context.Context, string) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := p.stop(); err != nil {
			t.Error(err)
		}
	}
	select {
	case <-p.gone:
	default:
		t.Error("it lives on")
	}
}

func TestAProcessThatEndsAtOnceTellsWhy(t *testing.T) {
	_, err := start(t.Context(), t.TempDir(), launch{
		name:    "broken",
		command: func(string) []string { return []string{"/bin/sh", "-c", "echo out of luck >&2; exit 1"} },
		ready:   func(context.Context, string) error { return errors.New("not yet") },
	})
	if err == nil || !strings.Contains(err.Error(), "out of luck") || !strings.Contains(err.Error(), "start broken") {
		t.Error(err)
	}
}

func TestLeash(t *testing.T) {
	r, w := io.Pipe()
	ctx, cancel := Leash(t.Context(), r)
	defer cancel()
	if ctx.Err() != nil {
		t.Fatal("ended too early")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	<-ctx.Done()
}

func TestFreeAddressIsOnLoopback(t *testing.T) {
	address, err := freeAddress(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil || !net.ParseIP(host).IsLoopback() {
		t.Errorf("%s, %v", address, err)
	}
}
