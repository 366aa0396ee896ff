package api

import (
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/laurel-gateway/laurel/internal/fault"
)

const (
	// uploadStep is how much of an upload has to arrive in each BodyTimeout, in bytes: who is slower is cut.
	uploadStep = 128 << 10
	// maxUploads is how many uploads are read at once: what they take together is bounded by it.
	maxUploads = 32
	// answerTime is how long the answer to an upload may take, after its last byte.
	answerTime = time.Minute
)

var errUploads = fault.New(fault.Overloaded, "Too many files are being sent at this moment. Send it again.").After(3 * time.Second)

// readUpload reads a body that may take longer than others, as long as it goes on arriving. It takes memory as it comes,
// so that a client that promises much and sends little takes little.
func (a *API) readUpload(op *Operation, c echo.Context) ([]byte, error) {
	select {
	case a.uploads <- struct{}{}:
		defer func() { <-a.uploads }()
	default:
		return nil, errUploads
	}
	deadlines := http.NewResponseController(c.Response())
	body := c.Request().Body
	limited := io.LimitReader(body, op.MaxBody+1)
	var out []byte
	for over := time.Now().Add(op.UploadTime); ; {
		next := time.Now().Add(a.deps.BodyTimeout)
		if next.After(over) {
			next = over
		}
		if err := ignoreUnsupported(deadlines.SetReadDeadline(next)); err != nil {
			return nil, err
		}
		part, err := io.ReadAll(io.LimitReader(limited, uploadStep))
		out = append(out, part...)
		switch {
		case err != nil:
			return nil, bodyFault(err)
		case int64(len(out)) > op.MaxBody:
			drain(c.Response(), body)
			return nil, errTooLarge
		case len(part) < uploadStep:
			return out, ignoreUnsupported(errors.Join(deadlines.SetReadDeadline(time.Time{}), deadlines.SetWriteDeadline(time.Now().Add(answerTime))))
		}
	}
}

// ignoreUnsupported passes over a writer that knows no deadlines (a test's recorder): it reads from memory.
func ignoreUnsupported(err error) error {
	if err == nil || errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return errCut.Wrap(err)
}
