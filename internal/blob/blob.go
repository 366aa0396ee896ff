// Package blob keeps files: in a directory, or in a bucket of any service that speaks S3.
//
// What is kept is encrypted by whoever hands it over; this package knows bytes and names.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
)

// ErrNotFound says that there is no object of a name.
var ErrNotFound = errors.New("there is no such object")

// MaxObject bounds an object that is read, in bytes.
const MaxObject = 32 << 20

// Object is one of a list.
type Object struct {
	Key string
	// ModTime is when it was written, by the clock of where it is kept.
	ModTime time.Time
	Size    int64
}

// Bucket keeps objects by name. Safe for concurrent use. Its errors name keys and never addresses or credentials.
type Bucket struct {
	bucket *blob.Bucket
	// Local is true for a directory of this machine, which other replicas do not see.
	Local bool
}

// Close releases what Open acquired.
func (b *Bucket) Close() error { return b.bucket.Close() }

// Put writes an object, whole or not at all. It replaces one of the same name.
func (b *Bucket) Put(ctx context.Context, key string, data []byte) error {
	if err := b.bucket.WriteAll(ctx, key, data, &blob.WriterOptions{ContentType: "application/octet-stream"}); err != nil {
		return fmt.Errorf("writing the object %s: %w", key, err)
	}
	return nil
}

// Get reads an object of at most MaxObject bytes; ErrNotFound when there is none.
func (b *Bucket) Get(ctx context.Context, key string) (data []byte, err error) {
	r, err := b.bucket.NewReader(ctx, key, nil)
	if err != nil {
		return nil, translated("reading", key, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if r.Size() > MaxObject {
		return nil, fmt.Errorf("the object %s has %d bytes, more than are read", key, r.Size())
	}
	data, err = io.ReadAll(io.LimitReader(r, MaxObject))
	if err != nil {
		return nil, translated("reading", key, err)
	}
	return data, nil
}

// Delete removes an object; ErrNotFound when there is none. Services that speak S3 do not always tell.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	if err := b.bucket.Delete(ctx, key); err != nil {
		return translated("deleting", key, err)
	}
	return nil
}

// Exists reports whether there is an object of a name.
func (b *Bucket) Exists(ctx context.Context, key string) (bool, error) {
	ok, err := b.bucket.Exists(ctx, key)
	if err != nil {
		return false, fmt.Errorf("looking for the object %s: %w", key, err)
	}
	return ok, nil
}

// List calls fn for each object whose name begins with prefix, in the order of their names, until it fails.
func (b *Bucket) List(ctx context.Context, prefix string, fn func(Object) error) error {
	objects := b.bucket.List(&blob.ListOptions{Prefix: prefix})
	for {
		o, err := objects.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("listing objects: %w", err)
		}
		if err := fn(Object{Key: o.Key, ModTime: o.ModTime, Size: o.Size}); err != nil {
			return err
		}
	}
}

// Ping reports whether the bucket answers.
func (b *Bucket) Ping(ctx context.Context) error {
	ok, err := b.bucket.IsAccessible(ctx)
	if err == nil && !ok {
		err = errors.New("it is not there, or may not be used")
	}
	if err != nil {
		return fmt.Errorf("asking the bucket: %w", err)
	}
	return nil
}

func translated(doing, key string, err error) error {
	if gcerrors.Code(err) == gcerrors.NotFound {
		return fmt.Errorf("%s %s: %w", doing, key, ErrNotFound)
	}
	return fmt.Errorf("%s the object %s: %w", doing, key, err)
}
