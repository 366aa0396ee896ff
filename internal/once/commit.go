package once

import "errors"

// Commit marks a refusal whose writes must be kept, such as a wrong code that counts as a try: the transaction
// commits, and the caller gets the refusal.
func Commit(refusal error) error {
	if refusal == nil {
		return nil
	}
	return &committed{refusal}
}

// Commits reports whether err asks for its transaction to be committed.
func Commits(err error) bool {
	var c *committed
	return errors.As(err, &c)
}

type committed struct{ error }

func (c *committed) Unwrap() error { return c.error }

// ErrReplayed is returned by a transaction that found its idempotency key already answered: the work did not run, and
// Request.Answer holds the first answer.
var ErrReplayed = errors.New("idempotency key already answered")
