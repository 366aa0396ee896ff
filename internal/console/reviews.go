package console

import "time"

// ReviewQueue counts what waits for reviewers.
type ReviewQueue struct {
	// Oldest is when the review that waits longest was opened; zero when none waits.
	Oldest time.Time
	Groups []ReviewCount
}

// ReviewCount counts the open reviews of a group.
type ReviewCount struct {
	Group string
	// Waiting are all that are open; Mine those in the hands of who asks, Taken those in the hands of others, Second
	// those that one person approved and that wait for another.
	Waiting, Mine, Taken, Second int
}
