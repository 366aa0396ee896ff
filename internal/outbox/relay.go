package outbox

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"
)

// Storage is where events and deliveries live. Every replica runs a relay; storage sees to it that they do not meet.
type Storage interface {
	// FanOut turns up to limit waiting events into deliveries, one for each enabled endpoint that wants them, in the
	// order in which they became visible, and returns how many events it took. It takes none while another replica
	// fans out.
	FanOut(ctx context.Context, limit int) (int, error)
	// Claim takes due deliveries, as many as w wants, and keeps others from taking them for the length of the lease.
	// It only gives the oldest waiting delivery of an (endpoint, ordering key).
	Claim(ctx context.Context, w Want) ([]Delivery, error)
	// Finish writes how a claimed delivery ended, and makes the next of its (endpoint, ordering key) due when this
	// one is over. It changes nothing when the lease was lost.
	Finish(ctx context.Context, d Delivery, o Outcome) error
}

// Want is what a relay has room for.
type Want struct {
	// Limit is the most deliveries, PerEndpoint the most of one endpoint, those under way included.
	Limit       int
	PerEndpoint int
	// UnderWay counts the tries that this relay is making, by endpoint.
	UnderWay map[string]int
	Lease    time.Duration
}

// Room is how many more deliveries of an endpoint may be claimed.
func (w Want) Room(endpoint string) int { return max(0, w.PerEndpoint-w.UnderWay[endpoint]) }

// Sender makes one try. It never returns an error: what goes wrong is the outcome.
type Sender interface {
	Send(ctx context.Context, d Delivery) Outcome
}

// Config is what a relay is made of.
type Config struct {
	Storage Storage
	Sender  Sender
	Logger  *slog.Logger
	// Random returns a number in [0, 1) to spread retries by.
	Random func() float64
	// Gather is how long the relay waits for company after a nudge. Zero means 25 ms.
	Gather time.Duration
	// Every is how often the relay looks without being nudged. Zero means a second.
	Every time.Duration
	// Lease is how long a claimed delivery belongs to this relay: longer than Sender ever takes. Zero means a minute.
	Lease time.Duration
	// Parallel is how many deliveries are on their way at once. Zero means 64.
	Parallel int
	// PerEndpoint is how many of them may be for one endpoint, so that one that is slow leaves room for the others.
	// Zero means a quarter of Parallel.
	PerEndpoint int
}

// writersAtOnce bounds the transactions that write down outcomes, so that they leave connections to the requests.
const writersAtOnce = 4

// eventsAtOnce bounds one fan-out transaction.
const eventsAtOnce = 1000

// Relay fans out and sends until it is stopped.
type Relay struct {
	Config
	nudge  chan struct{}
	freed  chan struct{}
	cancel context.CancelFunc
	done   chan struct{}
	// slots holds one value for each try under way.
	slots chan struct{}
	// writers holds one value for each outcome that is being written down.
	writers chan struct{}
	tries   sync.WaitGroup

	mu       sync.Mutex
	underWay map[string]int
}

// NewRelay returns a relay that does nothing yet.
func NewRelay(c Config) *Relay {
	if c.Every == 0 {
		c.Every = time.Second
	}
	if c.Gather == 0 {
		c.Gather = 25 * time.Millisecond
	}
	if c.Lease == 0 {
		c.Lease = time.Minute
	}
	if c.Parallel == 0 {
		c.Parallel = 64
	}
	if c.PerEndpoint == 0 {
		c.PerEndpoint = max(1, c.Parallel/4)
	}
	return &Relay{Config: c, nudge: make(chan struct{}, 1), freed: make(chan struct{}, 1), slots: make(chan struct{}, c.Parallel),
		writers: make(chan struct{}, writersAtOnce), underWay: map[string]int{}}
}

// Nudge wakes the relay: a transaction with events has committed. It never blocks.
func (r *Relay) Nudge() { signal(r.nudge) }

func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Start begins to relay in the background. Call it once.
func (r *Relay) Start(ctx context.Context) {
	ctx, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
	r.done = make(chan struct{})
	go r.loop(ctx)
}

// Stop ends the relay: what is being sent is finished and written down, nothing new is begun. When ctx ends first,
// Stop returns its error; a try that the end of the process then cuts off is taken up again after its lease.
func (r *Relay) Stop(ctx context.Context) error {
	if r.cancel == nil {
		return nil
	}
	r.cancel()
	select {
	case <-r.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stop the relay: %w", ctx.Err())
	}
}

func (r *Relay) loop(ctx context.Context) {
	defer close(r.done)
	defer r.tries.Wait()
	ticks := time.NewTicker(r.Every)
	defer ticks.Stop()
	for {
		for ctx.Err() == nil {
			n, err := r.pass(ctx)
			if err != nil && ctx.Err() == nil {
				r.Logger.ErrorContext(ctx, "relay events", "error", err)
			}
			if n == 0 || err != nil {
				break
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		case <-r.nudge:
			// What happens at about the same time goes out together.
			r.gather(ctx)
		case <-r.freed:
		}
	}
}

func (r *Relay) gather(ctx context.Context) {
	pause := time.NewTimer(r.Gather)
	defer pause.Stop()
	select {
	case <-ctx.Done():
	case <-pause.C:
	}
}

// RunOnce fans out what waits, sends what is due once, waits for that, and returns how many events and deliveries it
// handled. Tries that have begun are finished even when ctx ends.
func (r *Relay) RunOnce(ctx context.Context) (int, error) {
	defer r.tries.Wait()
	return r.pass(ctx)
}

// pass fans out what waits and begins to send what is due, as far as there are slots: a slow endpoint holds its own
// slots, not the others.
func (r *Relay) pass(ctx context.Context) (int, error) {
	handled := 0
	for {
		n, err := r.Storage.FanOut(ctx, eventsAtOnce)
		if err != nil {
			return handled, fmt.Errorf("fan out events: %w", err)
		}
		handled += n
		if n < eventsAtOnce {
			break
		}
	}
	free := cap(r.slots) - len(r.slots)
	if free == 0 {
		return handled, nil
	}
	due, err := r.Storage.Claim(ctx, Want{Limit: free, PerEndpoint: r.PerEndpoint, UnderWay: r.countUnderWay(), Lease: r.Lease})
	if err != nil {
		return handled, fmt.Errorf("claim deliveries: %w", err)
	}
	for _, d := range due {
		r.slots <- struct{}{}
		r.began(d.Endpoint, 1)
		r.tries.Go(func() {
			r.try(context.WithoutCancel(ctx), d)
			r.began(d.Endpoint, -1)
			<-r.slots
			// The next of the pair may be due, and a slot is free.
			signal(r.freed)
		})
	}
	return handled + len(due), nil
}

// try sends one delivery and writes down how it ended. When that fails, the lease ends and another try is made.
func (r *Relay) try(ctx context.Context, d Delivery) {
	began := time.Now()
	o := r.Sender.Send(ctx, d)
	o.Took = time.Since(began)
	if !o.Delivered && !o.Gone {
		o.RetryIn = RetryIn(d.Attempts, r.Random())
	}
	r.writers <- struct{}{}
	defer func() { <-r.writers }()
	if err := r.Storage.Finish(ctx, d, o); err != nil {
		r.Logger.ErrorContext(ctx, "write down a delivery", "delivery", d.ID, "error", err)
	}
}

func (r *Relay) began(endpoint string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.underWay[endpoint] += n; r.underWay[endpoint] == 0 {
		delete(r.underWay, endpoint)
	}
}

func (r *Relay) countUnderWay() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.underWay)
}
