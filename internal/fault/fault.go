// Package fault holds the errors that a caller may see: a stable code, a safe sentence, and what caused it.
//
// Everything that is not a Fault is internal: it is logged once, by the API, and shown to nobody.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Fault is an error with a stable code and a sentence that is safe to show. The cause, if any, is for the log only.
type Fault struct {
	Code   Code
	Detail string
	// Fields names the parts of the request that are wrong, by JSON pointer (RFC 6901) in URI fragment form.
	Fields []Field
	// RetryAfter, when positive, is how long a client should wait before it asks again.
	RetryAfter time.Duration
	cause      error
}

// Field is one wrong part of a request.
type Field struct {
	Pointer string `json:"pointer"`
	Detail  string `json:"detail"`
	// Line and Column, counted from 1, are where in a text of several lines, such as a rule. 0 means nowhere.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
}

// New returns a fault with a code and a sentence for the caller.
func New(code Code, detail string) *Fault { return &Fault{Code: code, Detail: detail} }

// Newf is New with a format. The result is shown to callers: no personal data and no secrets in the arguments.
func Newf(code Code, format string, args ...any) *Fault {
	return &Fault{Code: code, Detail: fmt.Sprintf(format, args...)}
}

// Error implements error.
func (f *Fault) Error() string {
	if f.cause != nil {
		return fmt.Sprintf("%s: %s: %v", f.Code, f.Detail, f.cause)
	}
	return fmt.Sprintf("%s: %s", f.Code, f.Detail)
}

// Unwrap gives the cause to errors.Is and errors.As.
func (f *Fault) Unwrap() error { return f.cause }

// Is reports two faults equal when their codes are, so that errors.Is(err, ErrTokenSpent) works on enriched copies.
func (f *Fault) Is(target error) bool {
	var t *Fault
	return errors.As(target, &t) && t.Code == f.Code
}

// At returns a copy that also names a wrong part of the request.
func (f *Fault) At(pointer, detail string) *Fault {
	c := *f
	c.Fields = append(append([]Field(nil), f.Fields...), Field{Pointer: pointer, Detail: detail})
	return &c
}

// Wrap returns a copy with a cause, which is logged and never shown.
func (f *Fault) Wrap(err error) *Fault {
	c := *f
	c.cause = err
	return &c
}

// After returns a copy that tells the caller how long to wait.
func (f *Fault) After(d time.Duration) *Fault {
	c := *f
	c.RetryAfter = d
	return &c
}

// Saying returns a copy with another sentence.
func (f *Fault) Saying(detail string) *Fault {
	c := *f
	c.Detail = detail
	return &c
}

// From finds the fault in err's chain, or nil.
func From(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// CodeOf returns the code of the fault in err's chain, or Internal.
func CodeOf(err error) Code {
	if f := From(err); f != nil {
		return f.Code
	}
	return Internal
}
