// Command run starts one PostgreSQL server, runs a command with LAUREL_TEST_POSTGRES naming it, stops the server
// and exits as the command did:
//
//	go run ./internal/testdb/run go test ./...
//
// When LAUREL_TEST_POSTGRES is set already, the command simply runs.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/laurel-gateway/laurel/internal/testdb/cluster"
)

const serverVariable = "LAUREL_TEST_POSTGRES"

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

func run(command []string) (code int, err error) {
	if len(command) == 0 {
		return 2, errors.New("usage: run COMMAND [ARGUMENT…]")
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	child := exec.Command(command[0], command[1:]...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	if os.Getenv(serverVariable) == "" {
		server, err := cluster.New(context.Background())
		if err != nil {
			return 1, err
		}
		defer func() {
			if closing := server.Close(); closing != nil {
				fmt.Fprintln(os.Stderr, closing)
			}
		}()
		child.Env = append(os.Environ(), serverVariable+"="+server.URL())
	}
	if err := child.Start(); err != nil {
		return 1, fmt.Errorf("start %s: %w", command[0], err)
	}
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	for {
		select {
		case received := <-signals:
			// Ctrl-C reaches the child by itself; a signal sent to us alone does not. A child that is gone already
			// makes this fail, and its end is read below.
			_ = child.Process.Signal(received)
		case err := <-ended:
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				return 1, err
			}
			return max(child.ProcessState.ExitCode(), exitBySignal(child.ProcessState)), nil
		}
	}
}

// exitBySignal is what a shell answers for a process that a signal ended: 128 and the signal's number.
func exitBySignal(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return 0
}
