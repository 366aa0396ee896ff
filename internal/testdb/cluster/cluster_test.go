package cluster

import (
	"errors"
	"os"
	"testing"
	"time"
)

// An owner that is killed closes its end of the pipe and does nothing else.
func TestTheServerGoesWithItsOwner(t *testing.T) {
	server, err := New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := server.leash.Close(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.supervisor.Wait() }()
	select {
	case <-ended:
	case <-time.After(startTimeout):
		t.Fatal("the server lives on")
	}
	if _, err := os.Stat(server.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its directory is still there: %v", err)
	}
}

func TestStartAndStopMayBeRepeated(t *testing.T) {
	server, err := New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := server.Start(t.Context()); err != nil {
			t.Error(err)
		}
	}
	for range 2 {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	}
	if err := server.Kill(); err != nil {
		t.Errorf("kill a stopped server: %v", err)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
}
