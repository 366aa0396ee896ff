package outbox

import "time"

// State is where a delivery stands.
type State string

// The states of a delivery.
const (
	Waiting   State = "waiting"
	Delivered State = "delivered"
	Failed    State = "failed"
)

// Delivery is one event on its way to one endpoint.
type Delivery struct {
	Store     string
	ID        string
	Endpoint  string
	EventID   string
	EventType string
	Ordering  string
	Body      []byte
	State     State
	// Attempts counts the tries, the present one included.
	Attempts int
	// LastStatus is the HTTP status of the last answer, 0 when there was none.
	LastStatus int
	// LastError says in a few words why the last try failed.
	LastError string
	NextAt    time.Time
	CreatedAt time.Time
	UpdatedAt time.Time

	// URL and Secret are those of the endpoint when the delivery was claimed; Secret is sealed.
	URL    string
	Secret []byte
	// OldSecret, sealed too, signs beside Secret for a while after a change; nil otherwise.
	OldSecret []byte
}

// Attempt is one try of a delivery that has ended.
type Attempt struct {
	ID string
	// Status is the HTTP status of the answer, 0 when there was none.
	Status int
	// Error says in a few words why the try failed; empty when it did not.
	Error string
	// Took is how long the endpoint took to answer.
	Took time.Duration
	At   time.Time
}

// Outcome is how one try ended.
type Outcome struct {
	Delivered bool
	Status    int
	// Error is empty when delivered. It names no addresses and quotes no bodies.
	Error string
	// Gone says that the endpoint wants no messages any more (HTTP 410): it is to be disabled.
	Gone bool
	// RetryIn is how long to wait for the next try. Zero with Delivered false means that this was the last one.
	RetryIn time.Duration
	// Took is how long the try took.
	Took time.Duration
}

// schedule is the wait after each failed try; together about three days.
var schedule = []time.Duration{
	5 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour,
	4 * time.Hour, 8 * time.Hour, 12 * time.Hour, 14 * time.Hour, 14 * time.Hour, 16 * time.Hour,
}

// MaxAttempts is how often a delivery is tried before it has failed.
var MaxAttempts = len(schedule) + 1

// RetryIn returns how long to wait after the given number of failed tries, spread by a random number in [0, 1) over
// 90 to 110 per cent, so that what failed together does not come back together. Zero means: never again.
func RetryIn(attempts int, random float64) time.Duration {
	if attempts < 1 || attempts > len(schedule) {
		return 0
	}
	d := schedule[attempts-1]
	return d - d/10 + time.Duration(random*float64(d/5))
}
