package api

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/laurel-gateway/laurel/api/strictjson"
	"github.com/laurel-gateway/laurel/internal/fault"
)

var (
	errTooLarge = fault.New(fault.BodyTooLarge, "The body is larger than this operation takes.")
	errMedia    = fault.New(fault.UnsupportedMedia, "Send the body as application/json in UTF-8, not compressed.")
	errSlow     = fault.New(fault.BadRequest, "The body did not arrive in time.")
	errCut      = fault.New(fault.BadRequest, "The body did not arrive whole.")
	errNoBody   = fault.New(fault.BadRequest, "This operation takes no body.")
)

// readBody reads the whole body within its bounds, checks it, and puts it back for whoever decodes it. A body without
// end (chunked) is cut at the bound too.
func (a *API) readBody(op *Operation, c echo.Context) ([]byte, error) {
	r := c.Request()
	if r.Body == nil || r.Body == http.NoBody || readOnly(r.Method) {
		return nil, op.missing(nil)
	}
	if r.ContentLength > op.MaxBody && r.Header.Get("Expect") != "" {
		return nil, errTooLarge // the client asks before it sends
	}
	if op.UploadTime > 0 {
		body, err := a.readUpload(op, c)
		if err != nil {
			return nil, err
		}
		return checkBody(op, r, body)
	}
	deadlines := http.NewResponseController(c.Response())
	// A writer that knows no deadlines (a test's recorder) reads from memory.
	if err := deadlines.SetReadDeadline(time.Now().Add(a.deps.BodyTimeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, errCut.Wrap(err)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, op.MaxBody+1))
	if err != nil {
		return nil, bodyFault(err)
	}
	if int64(len(body)) > op.MaxBody {
		drain(c.Response(), r.Body)
		return nil, errTooLarge
	}
	if err := deadlines.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, errCut.Wrap(err)
	}
	return checkBody(op, r, body)
}

// checkBody holds a body that was read against what the operation takes, and puts it back.
func checkBody(op *Operation, r *http.Request, body []byte) ([]byte, error) {
	if op.Takes != "" && len(body) > 0 {
		if !isMedia(r.Header, op.Takes) {
			return nil, errMedia.Saying("Send the body as " + op.Takes + " in UTF-8, not compressed.")
		}
	} else if len(body) > 0 {
		if !isMedia(r.Header, contentTypeJSON) {
			return nil, errMedia
		}
		if err := strictjson.Check(body); err != nil {
			return nil, err
		}
		if !op.takesBody && string(bytes.TrimSpace(body)) != "{}" {
			return nil, errNoBody
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, op.missing(body)
}

// missing refuses a request without the file that its operation takes.
func (op *Operation) missing(body []byte) error {
	if op.Takes == "" || len(body) > 0 {
		return nil
	}
	return fault.New(fault.Invalid, "The file is missing. Send it as the body, as "+op.Takes+".")
}

// maxDrained bounds what is read of a body that is too large anyway.
const maxDrained = 32 << 20

// drain reads on for a while: most clients look for an answer only when they have sent everything, and would see a
// reset connection instead of the refusal. The read deadline still holds.
func drain(w http.ResponseWriter, body io.Reader) {
	w.Header().Set("Connection", "close")
	// Whether it ends, fails or is cut, the answer is the same.
	_, _ = io.CopyN(io.Discard, body, maxDrained)
}

func bodyFault(err error) error {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return errSlow.Wrap(err)
	}
	return errCut.Wrap(err)
}

func isMedia(h http.Header, want string) bool {
	if h.Get("Content-Encoding") != "" {
		return false
	}
	media, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	charset, given := params["charset"]
	return err == nil && media == want && (!given || strings.EqualFold(charset, "utf-8"))
}
