package e2e

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is the program, running.
type process struct {
	t      testing.TB
	url    string
	cmd    *exec.Cmd
	gone   chan struct{}
	output *output
}

// output gathers what a process writes.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// freeAddress is a loopback address that nobody listens on.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return address
}

// serve starts `laurel serve` at a place and returns when it is ready. It is killed when the test ends.
func serve(t testing.TB, p place) *process {
	t.Helper()
	return serveOn(t, p, freeAddress(t))
}

func serveOn(t testing.TB, p place, address string) *process {
	t.Helper()
	return start(t, p.environ(), address, "serve", "--listen", address)
}

// start runs the program with arguments and waits until it answers at an address.
func start(t testing.TB, environ []string, address string, args ...string) *process {
	t.Helper()
	s := &process{t: t, url: "http://" + address, gone: make(chan struct{}), output: &output{}}
	s.cmd = exec.Command(binary(t), args...)
	s.cmd.Env = append(withoutSettings(os.Environ()), environ...)
	complaints := &output{}
	s.cmd.Stdout, s.cmd.Stderr = s.output, io.MultiWriter(s.output, complaints)
	if err := s.cmd.Start(); err != nil {
		t.Fatalf("start laurel %v: %v", args, err)
	}
	go func() {
		// How it ended is read from its state.
		_ = s.cmd.Wait()
		close(s.gone)
	}()
	t.Cleanup(func() {
		s.kill()
		overhearOutput(args, s.output.String(), complaints.String())
		if t.Failed() {
			t.Logf("laurel %v wrote:\n%s", args, s.output)
		}
	})
	eventually(t, "laurel answers", func() bool {
		select {
		case <-s.gone:
			t.Fatalf("laurel %v ended: %v\n%s", args, s.cmd.ProcessState, s.output)
		default:
		}
		a, err := newCaller(s.url).try(t.Context(), get("/readyz"))
		return err == nil && a.status == http.StatusOK
	})
	return s
}

// kill ends the process with SIGKILL.
func (s *process) kill() {
	s.signal(syscall.SIGKILL)
	s.await()
}

// stop asks the process to end (SIGTERM), waits and returns its exit code.
func (s *process) stop() int {
	s.t.Helper()
	s.signal(syscall.SIGTERM)
	s.await()
	return s.cmd.ProcessState.ExitCode()
}

func (s *process) signal(sig os.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Errorf("send %v: %v", sig, err)
	}
}

func (s *process) await() {
	s.t.Helper()
	select {
	case <-s.gone:
	case <-time.After(patience):
		s.t.Errorf("the process did not end in %v", patience)
	}
}
