package testredis

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// Proxy stands between a client and a server and does to the way what networks do. It forwards at first.
type Proxy struct {
	t        testing.TB
	target   string
	listener net.Listener
	running  sync.WaitGroup

	mu     sync.Mutex
	mood   mood
	delay  time.Duration
	open   map[net.Conn]bool
	closed bool
}

type mood int

const (
	forwarding mood = iota
	silent
	refusing
)

// StartProxy starts a proxy before a server. It ends with the test.
func StartProxy(t testing.TB, s *Server) *Proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{t: t, target: s.Addr(), listener: listener, open: map[net.Conn]bool{}}
	p.running.Go(p.accept)
	t.Cleanup(func() {
		p.end()
		p.running.Wait()
	})
	return p
}

// URL is the proxy's redis:// URL.
func (p *Proxy) URL() string { return "redis://" + p.listener.Addr().String() + "/0" }

// Delay makes each answer take so much longer.
func (p *Proxy) Delay(d time.Duration) { p.become(forwarding, d) }

// Silence makes the way half-open: connections are accepted and kept, and nothing is ever answered.
func (p *Proxy) Silence() { p.become(silent, 0) }

// Refuse cuts all connections, and each new one at once.
func (p *Proxy) Refuse() {
	p.become(refusing, 0)
	p.cut()
}

// Heal forwards again. Connections that were silent are cut, as a network that comes back does.
func (p *Proxy) Heal() {
	p.become(forwarding, 0)
	p.cut()
}

func (p *Proxy) become(m mood, delay time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mood, p.delay = m, delay
}

func (p *Proxy) now() (mood, time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mood, p.delay
}

// keep notes a connection, unless the proxy has ended.
func (p *Proxy) keep(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[c] = true
	return !p.closed
}

func (p *Proxy) drop(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, c)
	_ = c.Close()
}

func (p *Proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		_ = c.Close()
	}
}

func (p *Proxy) end() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	if err := p.listener.Close(); err != nil {
		p.t.Errorf("end the proxy: %v", err)
	}
	p.cut()
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			p.t.Errorf("accept: %v", err)
			return
		}
		p.running.Go(func() { p.serve(client) })
	}
}

func (p *Proxy) serve(client net.Conn) {
	defer p.drop(client)
	if m, _ := p.now(); !p.keep(client) || m == refusing {
		return
	}
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return // the server is away: so is the client's connection
	}
	defer p.drop(server)
	if !p.keep(server) {
		return
	}
	p.running.Go(func() {
		p.pass(server, client, false)
		p.drop(server)
	})
	p.pass(client, server, true)
}

// pass forwards until one side ends. Answers may be late, and while the way is silent nothing passes.
func (p *Proxy) pass(to io.Writer, from io.Reader, answers bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		m, delay := p.now()
		if answers && delay > 0 {
			<-time.After(delay)
		}
		if m == forwarding && n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
