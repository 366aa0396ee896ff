package datapack

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxStored bounds the text of a stored content, in bytes.
const maxStored = 64 << 20

// gzipMagic begins everything that gzip wrote (RFC 1952, section 2.3.1).
var gzipMagic = []byte{0x1f, 0x8b}

// Encode returns the content as it is stored: a compressed text in which a line "=purpose" begins each part, and a tab
// separates a domain from its organisation's name.
func (c *Content) Encode() ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for _, purpose := range c.Held() {
		if _, err := fmt.Fprintf(z, "=%s\n", purpose); err != nil {
			return nil, fmt.Errorf("encode a data pack: %w", err)
		}
		for domain, name := range c.All(purpose) {
			if name != "" {
				domain += "\t" + name
			}
			if _, err := io.WriteString(z, domain+"\n"); err != nil {
				return nil, fmt.Errorf("encode a data pack: %w", err)
			}
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("encode a data pack: %w", err)
	}
	return b.Bytes(), nil
}

// ErrStored says that a stored content is not what its digest names.
var ErrStored = errors.New("the stored data pack is not what its digest names")

// Decode reads a stored content, compressed or not, and checks it against its digest.
func Decode(stored []byte, digest string) (*Content, error) {
	text := stored
	if bytes.HasPrefix(stored, gzipMagic) {
		var err error
		if text, err = gunzip(stored, maxStored); err != nil {
			return nil, fmt.Errorf("decode a data pack: %w", err)
		}
	}
	var entries []Entry
	purpose := Purpose("")
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if name, begins := strings.CutPrefix(line, "="); begins {
			purpose = Purpose(name)
			continue
		}
		domain, name, _ := strings.Cut(line, "\t")
		entries = append(entries, Entry{purpose, domain, name})
	}
	c := New(entries)
	if c.Digest() != digest {
		return nil, ErrStored
	}
	return c, nil
}

// errTooLarge says that something is larger than it may be, once it is unpacked.
var errTooLarge = errors.New("too large when unpacked")

func gunzip(packed []byte, limit int64) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(z, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(text)) > limit {
		return nil, errTooLarge
	}
	return text, nil
}
