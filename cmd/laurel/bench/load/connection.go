package load

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// Request is what a worker sends next. Its slices are the worker's own and are used again for the next request.
type Request struct {
	Method string
	Path   []byte
	// Header are further header lines, each ended by CRLF.
	Header []byte
	// Body is JSON. Without one, the request has no content.
	Body []byte
	// Ref goes to Answered with the answer.
	Ref int64
}

func (r *Request) reset() {
	r.Method, r.Ref = "GET", 0
	r.Path, r.Header, r.Body = r.Path[:0], r.Header[:0], r.Body[:0]
}

// answerTimeout bounds one exchange: whoever takes longer has failed.
const answerTimeout = 30 * time.Second

// errMalformed says that what came back is not HTTP/1.1 as this client reads it.
var errMalformed = errors.New("the answer is not HTTP/1.1")

// connection is one keep-alive connection (RFC 9112). It does what a load generator needs and no more: on a machine that
// it shares with what it measures, each microsecond spent here is missing there.
type connection struct {
	conn   net.Conn
	in     *bufio.Reader
	out    []byte
	answer []byte
	closes bool
}

func dial(ctx context.Context, address string) (*connection, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &connection{conn: conn, in: bufio.NewReaderSize(conn, 8<<10)}, nil
}

// exchange sends a request and reads its answer, whose body is good until the next exchange. After an error, or once
// closes is set, the connection is of no further use.
func (c *connection) exchange(r *Request) (status int, body []byte, err error) {
	c.out = append(c.out[:0], r.Method...)
	c.out = append(c.out, ' ')
	c.out = append(c.out, r.Path...)
	c.out = append(c.out, " HTTP/1.1\r\nHost: localhost\r\n"...)
	c.out = append(c.out, r.Header...)
	if len(r.Body) > 0 {
		c.out = append(c.out, "Content-Type: application/json\r\nContent-Length: "...)
		c.out = strconv.AppendInt(c.out, int64(len(r.Body)), 10)
		c.out = append(c.out, "\r\n"...)
	}
	c.out = append(c.out, "\r\n"...)
	c.out = append(c.out, r.Body...)
	if err := c.conn.SetDeadline(time.Now().Add(answerTimeout)); err != nil {
		return 0, nil, fmt.Errorf("bound the exchange: %w", err)
	}
	if _, err := c.conn.Write(c.out); err != nil {
		return 0, nil, fmt.Errorf("send: %w", err)
	}
	status, body, err = c.read()
	if err != nil {
		return 0, nil, fmt.Errorf("read the answer: %w", err)
	}
	return status, body, nil
}

func (c *connection) read() (status int, body []byte, err error) {
	line, err := c.line()
	if err != nil {
		return 0, nil, err
	}
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.")) {
		return 0, nil, errMalformed
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, nil, errMalformed
	}
	length, chunked, err := c.header()
	if err != nil {
		return 0, nil, err
	}
	switch {
	case status == 204 || status == 304:
		return status, nil, nil
	case chunked:
		body, err = c.chunks()
	case length >= 0:
		body, err = c.take(length)
	default:
		// Its body would last until the connection ends; no server measured here sends one.
		err = errMalformed
	}
	return status, body, err
}

// header reads the header fields. The length is negative when none is given.
func (c *connection) header() (length int, chunked bool, err error) {
	length = -1
	for {
		line, err := c.line()
		if err != nil || len(line) == 0 {
			return length, chunked, err
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimSpace(value)
		switch {
		case bytes.EqualFold(name, []byte("content-length")):
			if length, err = strconv.Atoi(string(value)); err != nil || length < 0 {
				return 0, false, errMalformed
			}
		case bytes.EqualFold(name, []byte("transfer-encoding")):
			chunked = bytes.EqualFold(value, []byte("chunked"))
		case bytes.EqualFold(name, []byte("connection")):
			c.closes = c.closes || bytes.EqualFold(value, []byte("close"))
		}
	}
}

func (c *connection) chunks() ([]byte, error) {
	c.answer = c.answer[:0]
	for {
		line, err := c.line()
		if err != nil {
			return nil, err
		}
		size, _, _ := bytes.Cut(line, []byte(";"))
		n, err := strconv.ParseUint(string(size), 16, 31)
		if err != nil {
			return nil, errMalformed
		}
		if n > 0 {
			if err := c.more(int(n)); err != nil {
				return nil, err
			}
		}
		if line, err = c.line(); err != nil {
			return nil, err
		}
		if len(line) != 0 {
			return nil, errMalformed
		}
		if n == 0 {
			return c.answer, nil
		}
	}
}

func (c *connection) take(n int) ([]byte, error) {
	c.answer = c.answer[:0]
	err := c.more(n)
	return c.answer, err
}

// more reads n further bytes of the body.
func (c *connection) more(n int) error {
	from := len(c.answer)
	if need := from + n; need > cap(c.answer) {
		c.answer = append(make([]byte, 0, 2*need), c.answer...)
	}
	c.answer = c.answer[:from+n]
	_, err := io.ReadFull(c.in, c.answer[from:])
	return err
}

// line reads a line without its end. It is good until the next read.
func (c *connection) line() ([]byte, error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	return bytes.TrimRight(line, "\r\n"), nil
}

func (c *connection) close() error { return c.conn.Close() }
