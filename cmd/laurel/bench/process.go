package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	startTimeout = 30 * time.Second
	stopTimeout  = 30 * time.Second
	startTries   = 3
	pollEvery    = 2 * time.Millisecond
)

// process is one that the bench started. It lives on a leash: it ends when its standard input does, so that it goes with
// the bench however that ends.
type process struct {
	address string
	// ready is how long it took from the start until it answered.
	ready time.Duration
	pid   int

	name  string
	log   string
	leash io.WriteCloser
	cmd   *exec.Cmd
	gone  chan struct{}
}

// launch says how to start a process.
type launch struct {
	name string
	// command gives the program and its arguments for an address to listen on.
	command func(address string) []string
	env     []string
	// ready asks the process at the address whether it can work.
	ready func(ctx context.Context, address string) error
}

// start starts a process on a free port and returns once it is ready. Its output goes to a log in dir.
func start(ctx context.Context, dir string, l launch) (*process, error) {
	var failed error
	// Between the choice of a free port and its use another process may take it.
	for range startTries {
		address, err := freeAddress(ctx)
		if err != nil {
			return nil, err
		}
		p, err := l.run(dir, address)
		if err != nil {
			return nil, err
		}
		if err = p.awaitReady(ctx, l.ready); err == nil {
			return p, nil
		}
		failed = errors.Join(fmt.Errorf("start %s: %w; its log ends: %s", l.name, err, p.logTail()), p.stop())
		if ctx.Err() != nil {
			break
		}
	}
	return nil, failed
}

func (l launch) run(dir, address string) (p *process, err error) {
	log, err := os.CreateTemp(dir, l.name+"-*.log")
	if err != nil {
		return nil, fmt.Errorf("open a log: %w", err)
	}
	// The process has its own handle of it.
	defer func() { err = errors.Join(err, log.Close()) }()
	command := l.command(address)
	// Not bound to a context: it ends with its leash, in good order.
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, l.env, log, log
	leash, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", l.name, err)
	}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", l.name, err), leash.Close())
	}
	p = &process{address: address, pid: cmd.Process.Pid, name: l.name, log: log.Name(), leash: leash, cmd: cmd, gone: make(chan struct{})}
	go func() {
		// How it ended is in its log.
		_ = cmd.Wait()
		close(p.gone)
	}()
	return p, nil
}

func (p *process) awaitReady(ctx context.Context, ready func(context.Context, string) error) error {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		err := ready(ctx, p.address)
		if err == nil {
			p.ready = time.Since(began)
			return nil
		}
		select {
		case <-p.gone:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return fmt.Errorf("it is not ready in %s: %w", startTimeout, err)
		case <-tick.C:
		}
	}
}

// stop lets go of the leash and waits for the process to end. Stopping twice is stopping once.
func (p *process) stop() error {
	if err := p.leash.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("stop %s: %w", p.name, err)
	}
	late := time.NewTimer(stopTimeout)
	defer late.Stop()
	select {
	case <-p.gone:
		return nil
	case <-late.C:
	}
	err := p.cmd.Process.Kill()
	<-p.gone
	return errors.Join(fmt.Errorf("%s did not end in %s", p.name, stopTimeout), err)
}

func (p *process) logTail() string {
	b, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(bytes.TrimSpace(b[max(0, len(b)-1000):]))
}

// residentMemory is how much of a process is in memory, in bytes (Linux, /proc/PID/status). Elsewhere it is unknown.
func residentMemory(pid int) (int64, bool) {
	b, err := os.ReadFile(filepath.Join("/proc", fmt.Sprint(pid), "status"))
	if err != nil {
		return 0, false
	}
	return parseResident(string(b))
}

func parseResident(status string) (int64, bool) {
	for line := range strings.Lines(status) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			var kib int64
			if _, err := fmt.Sscanf(rest, "%d kB", &kib); err != nil {
				return 0, false
			}
			return kib << 10, true
		}
	}
	return 0, false
}

func freeAddress(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return address, nil
}

// Leash returns a context that also ends when r does: a child of the bench holds on to its standard input.
func Leash(ctx context.Context, r io.Reader) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		// Any end of it is the end.
		_, _ = io.Copy(io.Discard, r)
	}()
	return ctx, cancel
}
